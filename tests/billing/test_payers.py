"""Who pays, by the date of the session."""

import datetime as dt

import pytest

from billing import payers
from billing.models import FeeLine, FeeRule
from billing.services import fee_lines
from coordination.errors import Refused
from coordination.models import Agreement, FundingProject, Organisation, Unit, User
from coordination.services import places
from tests.billing.conftest import NOW, MakeHeld
from tests.cast import make_user


@pytest.mark.parametrize(
    ("day", "name", "cost_centre", "agreed"),
    [
        ("2024-12-31", "Pirkanmaan hyvinvointialue", "4100", False),
        ("2025-01-01", "Kehittämishanke", "S21275", True),
        ("2027-03-31", "Kehittämishanke", "S21275", True),
        ("2027-04-01", "Pirkanmaan hyvinvointialue", "4100", True),
    ],
)
def test_the_project_pays_while_it_runs_then_the_unit(
    agreement: Agreement, sastamala: Unit, day: str, name: str, cost_centre: str, agreed: bool
) -> None:
    on = dt.date.fromisoformat(day)
    one = payers.resolve(sastamala, on=on)
    assert (one.name, one.cost_centre, one.agreed) == (name, cost_centre, agreed)
    assert payers.resolve_many([(sastamala, on)]) == {(sastamala.pk, on): one}


def test_many_units_are_resolved_in_three_queries(
    agreement: Agreement,
    sastamala: Unit,
    county: Organisation,
    project: FundingProject,
    django_assert_num_queries: object,
) -> None:
    units = [sastamala] + [
        Unit.objects.create(
            organisation=county, name=f"Yksikkö {n}", slug=f"u{n}", municipality="Nokia"
        )
        for n in range(5)
    ]
    on = dt.date(2027, 3, 1)
    with django_assert_num_queries(3):  # type: ignore[operator]
        found = payers.resolve_many((unit, on) for unit in units)
    assert [found[unit.pk, on].project for unit in units] == [project] + [None] * 5


@pytest.fixture
def clerk(db: None) -> User:
    return make_user()


@pytest.fixture
def history(county: Organisation, sastamala: Unit, clerk: User) -> Unit:
    """A hospital district, renamed once, became a county, which was renamed too; then a second county."""
    old = Organisation.objects.create(name="Tampereen sairaanhoitopiiri", kind="municipality")
    last = Organisation.objects.create(name="Sisä-Suomen hyvinvointialue", kind="wellbeing_county")
    Unit.objects.filter(pk=sastamala.pk).update(organisation=old, cost_centre="77")
    steps = (
        lambda: places.rename(
            old, name="Pirkanmaan sairaanhoitopiiri", name_sv="", on=dt.date(2020, 1, 1), by=clerk
        ),
        lambda: places.succeed(old, successor=county, on=dt.date(2023, 1, 1), by=clerk),
        lambda: Unit.objects.filter(pk=sastamala.pk).update(cost_centre="4100"),
        lambda: places.rename(county, name="Pirha", name_sv="", on=dt.date(2025, 6, 1), by=clerk),
        lambda: places.succeed(county, successor=last, on=dt.date(2028, 1, 1), by=clerk),
        lambda: Unit.objects.filter(pk=sastamala.pk).update(cost_centre="1"),
    )
    for step in steps:
        step()
    return Unit.objects.select_related("organisation").get(pk=sastamala.pk)


OWNERS = (
    ("2000-01-01", "Tampereen sairaanhoitopiiri", "77"),
    ("2020-01-01", "Pirkanmaan sairaanhoitopiiri", "77"),
    ("2023-01-01", "Pirkanmaan hyvinvointialue", "4100"),
    ("2025-06-01", "Pirha", "4100"),
    ("2028-01-01", "Sisä-Suomen hyvinvointialue", "1"),
    ("2100-01-01", "", ""),
)
"""From which day on who pays, and from which cost centre."""


@pytest.mark.parametrize("number", range(len(OWNERS) - 1))
def test_the_organisation_of_the_day_of_the_session_pays(history: Unit, number: int) -> None:
    starts_on, name, cost_centre = OWNERS[number]
    first = dt.date.fromisoformat(starts_on)
    last = dt.date.fromisoformat(OWNERS[number + 1][0]) - dt.timedelta(days=1)
    days = {first, last, first + (last - first) / 2}
    found = payers.resolve_many((history, day) for day in days)
    assert {(one.name, one.cost_centre) for one in found.values()} == {(name, cost_centre)}


def test_a_line_of_a_day_before_the_succession_stays_with_the_old_one(
    make_held: MakeHeld, hourly: FeeRule, county: Organisation, sastamala: Unit, clerk: User
) -> None:
    make_held("2027-03-04 09:30", "2027-03-04 13:30")
    make_held("2027-03-05 09:30", "2027-03-05 13:30")
    fee_lines.make_missing(fee_lines.unpaid_yet(), now=NOW)
    new = Organisation.objects.create(name="Sisä-Suomen hyvinvointialue", kind="wellbeing_county")
    places.succeed(county, successor=new, on=dt.date(2027, 3, 5), by=clerk)
    assert fee_lines.resolve_payers_again(FeeLine.objects.all()) == 1
    paid_by = FeeLine.objects.order_by("session_on").values_list("payer_name", flat=True)
    assert list(paid_by) == ["Pirkanmaan hyvinvointialue", "Sisä-Suomen hyvinvointialue"]


def test_units_cannot_go_on_before_they_came(
    history: Unit, county: Organisation, clerk: User
) -> None:
    newest = Organisation.objects.create(name="Uusin", kind="wellbeing_county")
    with pytest.raises(Refused) as refused:
        places.succeed(history.organisation, successor=newest, on=dt.date(2028, 1, 1), by=clerk)
    assert refused.value.code == "former_organisation_days"
