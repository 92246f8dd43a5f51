"""Trainings, the sign-off of four points, orientation: what is recorded and what is refused."""

import datetime as dt

import pytest

from coordination.errors import Refused
from experts.models import Orientation, SignOff, Training
from experts.services import readiness
from experts.services.readiness import FourPoints, TrainingDetails
from tests.experts.makers import NOW, make_expert, make_unit

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 2, 1)
ALL_FOUR = FourPoints(True, True, True, True)


def test_a_training_is_recorded_mended_and_taken_away() -> None:
    expert = make_expert()
    made = readiness.add_training(
        expert, TrainingDetails("Koulutus", completed_on=DAY), by=None, now=NOW
    )
    details = TrainingDetails("Koulutus", "KoKoA", hours=100, starts_on=DAY, completed_on=DAY)
    readiness.change_training(made, details, by=None, now=NOW)
    assert Training.objects.values_list("expert", "provider", "hours", "valid_until").get() == (
        *(expert.pk, "KoKoA", 100, None),
    )
    readiness.remove_training(made, by=None, now=NOW)
    assert not Training.objects.exists()


@pytest.mark.parametrize(
    ("details", "code"),
    [
        (
            TrainingDetails("K", starts_on=DAY, completed_on=dt.date(2027, 1, 31)),
            "training_days",
        ),
        (
            TrainingDetails("K", completed_on=DAY, valid_until=dt.date(2027, 1, 31)),
            "training_days",
        ),
        (TrainingDetails("K", valid_until=DAY), "training_days"),
        (TrainingDetails("K", completed_on=dt.date(2027, 3, 2)), "future_day"),
    ],
)
def test_days_that_cannot_be(details: TrainingDetails, code: str) -> None:
    expert = make_expert()
    with pytest.raises(Refused) as refused:
        readiness.add_training(expert, details, by=None, now=NOW)
    assert refused.value.code == code
    assert not Training.objects.exists()


@pytest.mark.parametrize("missing", range(4))
def test_all_four_points_are_needed(missing: int) -> None:
    points = FourPoints(*(number != missing for number in range(4)))
    with pytest.raises(Refused) as refused:
        readiness.sign_off(make_expert(), points, by=None, now=NOW)
    assert refused.value.code == "points_missing"


def test_a_sign_off_holds_until_it_is_withdrawn() -> None:
    expert = make_expert()
    readiness.sign_off(expert, ALL_FOUR, by=None, now=NOW)
    with pytest.raises(Refused) as refused:
        readiness.sign_off(expert, ALL_FOUR, by=None, now=NOW)
    assert refused.value.code == "signed_already"
    later = NOW + dt.timedelta(days=1)
    readiness.withdraw_sign_off(expert, by=None, now=later)
    assert SignOff.objects.get().withdrawn_at == later
    with pytest.raises(Refused) as refused:
        readiness.withdraw_sign_off(expert, by=None, now=later)
    assert refused.value.code == "not_signed"
    readiness.sign_off(expert, ALL_FOUR, by=None, now=later)
    assert SignOff.objects.filter(withdrawn_at=None).count() == 1


def test_an_orientation_is_recorded_once_a_day() -> None:
    expert, unit = make_expert(), make_unit()
    for _ in range(2):
        readiness.orient(expert, unit=unit, on=DAY, given_by="Sari", by=None, now=NOW)
        readiness.orient_professional(" Sari  Mallinen ", unit=unit, on=DAY, by=None, now=NOW)
    rows = Orientation.objects.order_by("pk").values_list("expert", "professional_name")
    assert list(rows) == [(expert.pk, None), (None, "Sari Mallinen")]


def test_orientations_that_cannot_be() -> None:
    expert, unit, tomorrow = make_expert(), make_unit(), dt.date(2027, 3, 2)
    with pytest.raises(Refused) as refused:
        readiness.orient(expert, unit=unit, on=tomorrow, by=None, now=NOW)
    assert refused.value.code == "future_day"
    with pytest.raises(Refused) as refused:
        readiness.orient_professional(" ", unit=unit, on=DAY, by=None, now=NOW)
    assert refused.value.code == "name_missing"
    assert not Orientation.objects.exists()
