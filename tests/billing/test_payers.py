"""Who pays, by the date of the session."""

import datetime as dt

import pytest

from billing import payers
from coordination.models import Agreement, FundingProject, Organisation, Unit


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


def test_many_units_are_resolved_in_one_query(
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
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = payers.resolve_many((unit, on) for unit in units)
    assert [found[unit.pk, on].project for unit in units] == [project] + [None] * 5
