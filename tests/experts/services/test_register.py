"""The register: what is written, what is taken, which moves of status there are, joining an account."""

import datetime as dt
from decimal import Decimal
from itertools import product
from typing import cast

import pytest

from coordination.errors import Refused
from coordination.models import ActivityKind
from coordination.permissions import Role
from experts.models import Expert, ExpertStatus
from experts.services import diary, register
from experts.services.register import ExpertValues
from tests.experts.makers import NOW, local, make_expert, make_shift, make_unit, make_user

pytestmark = pytest.mark.django_db
S = ExpertStatus


def test_a_person_is_put_on_the_register() -> None:
    unit, kind = make_unit(), ActivityKind.objects.all()[0]
    made = register.create(
        {
            "name": "Aino Testilä",
            "email": " Aino@Example.org ",
            "home_municipality": "tammerfors",
            "languages": ["fi", "fse"],
            "weekly_hours": Decimal("7.5"),
            "kinds": [kind],
            "excluded_units": [unit],
        },
        by=None,
        now=NOW,
    )
    expert = Expert.objects.get()
    assert made == expert
    assert (expert.email, expert.home_municipality) == ("aino@example.org", "Tampere")
    assert (expert.status, expert.languages) == (S.APPLICANT, ["fi", "fse"])
    assert (list(expert.kinds.all()), list(expert.excluded_units.all())) == ([kind], [unit])


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("email", "AINO@example.org", "email_taken"),
        ("payroll_number", "1001", "payroll_number_taken"),
        ("home_municipality", "Tamperre", "municipality_unknown"),
    ],
)
def test_what_is_taken_or_unknown_is_a_sentence(field: str, value: str, code: str) -> None:
    make_expert(email="aino@example.org", payroll_number="1001")
    eero = make_expert("Eero Kokeilu")
    values = cast("ExpertValues", {field: value})
    with pytest.raises(Refused) as refused:
        register.create({"name": "Onni", **values}, by=None, now=NOW)
    assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        register.change(eero, values, by=None, now=NOW)
    assert refused.value.code == code
    assert Expert.objects.count() == 2


def test_empty_keys_are_not_taken() -> None:
    make_expert()
    register.create({"name": "Eero", "email": "", "payroll_number": ""}, by=None, now=NOW)
    assert Expert.objects.count() == 2


def test_a_change_touches_only_what_it_says() -> None:
    expert = make_expert(phone="+358401234567", wishes="mornings")
    Expert.objects.filter(pk=expert.pk).update(phone="+358501111111")  # meanwhile, by another
    register.change(expert, {"wishes": "evenings"}, by=None, now=NOW)
    expert.refresh_from_db()
    assert (expert.phone, expert.wishes) == ("+358501111111", "evenings")


def test_taking_back_the_consent_hides_the_themes_at_once() -> None:
    user = make_user("aino@example.org", Role.EXPERT)
    expert = make_expert(user=user, themes="oma kokemus toipumisesta", themes_shown_to_units=True)
    assert expert.themes_for_units == "oma kokemus toipumisesta"
    register.change_own(expert, {"themes_shown_to_units": False}, by=user, now=NOW)
    assert Expert.objects.get().themes_for_units == ""


def test_people_change_their_own_details_and_no_others() -> None:
    aino, eero = make_user("aino@example.org", Role.EXPERT), make_user("e@example.org", Role.EXPERT)
    expert = make_expert(user=aino)
    register.change_own(expert, {"phone": "+358401234567"}, by=aino, now=NOW)
    for values, by in (({"weekly_hours": Decimal(40)}, aino), ({"phone": "1"}, eero)):
        with pytest.raises(Refused) as refused:
            register.change_own(expert, values, by=by, now=NOW)  # type: ignore[arg-type]  # on purpose
        assert refused.value.code == "not_yours"
    assert Expert.objects.values_list("phone", "weekly_hours").get() == ("+358401234567", None)


ALLOWED = {
    (S.APPLICANT, S.IN_TRAINING),
    (S.APPLICANT, S.ACTIVE),
    (S.APPLICANT, S.ENDED),
    (S.IN_TRAINING, S.ACTIVE),
    (S.IN_TRAINING, S.ON_BREAK),
    (S.IN_TRAINING, S.ENDED),
    (S.ACTIVE, S.ON_BREAK),
    (S.ACTIVE, S.ENDED),
    (S.ON_BREAK, S.IN_TRAINING),
    (S.ON_BREAK, S.ACTIVE),
    (S.ON_BREAK, S.ENDED),
    (S.ENDED, S.APPLICANT),
}


@pytest.mark.parametrize(("start", "to"), list(product(S, S)))
def test_every_move_of_status(start: ExpertStatus, to: ExpertStatus) -> None:
    expert = make_expert(status=start)
    if (start, to) in ALLOWED:
        register.change_status(expert, to=to, by=None, now=NOW)
    else:
        with pytest.raises(Refused) as refused:
            register.change_status(expert, to=to, by=None, now=NOW)
        assert refused.value.code == "wrong_state"
    assert Expert.objects.get().status == (to if (start, to) in ALLOWED else start)


def test_nobody_ends_with_something_ahead_and_a_break_leaves_the_diary() -> None:
    expert = make_expert()
    make_shift(expert, NOW - dt.timedelta(hours=2), 2, source="over")
    make_shift(expert, local(2027, 3, 4, 9), source="ahead")
    with pytest.raises(Refused) as refused:
        register.change_status(expert, to=S.ENDED, by=None, now=NOW)
    assert refused.value.code == "diary_ahead"
    register.change_status(expert, to=S.ON_BREAK, by=None, now=NOW)
    assert expert.diary.filter(occupies=True).count() == 2
    diary.cancel("ahead", now=NOW)
    register.change_status(expert, to=S.ENDED, by=None, now=NOW)


def test_papers_are_days_and_who_saw_them() -> None:
    expert = make_expert()
    day = dt.date(2027, 2, 1)

    def see(**changes: object) -> None:
        values: dict[str, object] = {
            "extract_seen_on": day,
            "extract_seen_by": "Kaisa Koordinaattori",
            "tax_card_seen_on": None,
            "confidentiality_signed_on": day,
        }
        register.see_papers(expert, **(values | changes), by=None, now=NOW)  # type: ignore[arg-type]  # a table

    see()
    expert.refresh_from_db()
    assert (expert.extract_seen_on, expert.extract_seen_by) == (day, "Kaisa Koordinaattori")
    see(extract_seen_on=None)
    expert.refresh_from_db()
    assert (expert.extract_seen_on, expert.extract_seen_by) == (None, "")
    for changes, code in (
        ({"tax_card_seen_on": dt.date(2027, 3, 2)}, "future_day"),
        ({"extract_seen_by": " "}, "extract_seen_by"),
    ):
        with pytest.raises(Refused) as refused:
            see(**changes)
        assert refused.value.code == code


def test_an_account_joins_the_row_with_its_address() -> None:
    aino, eero = make_expert(email="Aino@example.org"), make_expert("Eero", email="e@example.org")
    user = make_user("aino@example.org", Role.EXPERT)
    assert register.link_user(user, now=NOW) == aino
    assert Expert.objects.get(pk=aino.pk).user == user
    assert register.link_user(user, now=NOW) is None  # joined already
    stranger = make_user("stranger@example.org", Role.EXPERT)
    assert register.link_user(stranger, now=NOW) is None
    Expert.objects.filter(pk=eero.pk).update(user=stranger)
    assert register.link_user(make_user("e@example.org", Role.EXPERT), now=NOW) is None
    assert Expert.objects.get(pk=eero.pk).user == stranger
