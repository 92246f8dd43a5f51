"""The facts eligibility stands on, at their edges; as many queries for one person as for many."""

import datetime as dt
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from experts.models import Absence, AvailabilityPattern, Expert, Orientation, SignOff, Training
from experts.queries import readiness
from experts.queries.readiness import Availability, Readiness, TrainingState, days_touched
from experts.services import diary
from tests.experts.makers import HELSINKI, NOW, local, make_expert, make_shift, make_unit

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 3, 4)


def facts(expert: Expert, *days: dt.date) -> Readiness:
    return readiness.load([expert], days=days or [DAY], today=dt.date(2027, 3, 1))[expert.pk]


def trained(expert: Expert, **fields: object) -> None:
    values = {"name": "Koulutus", "completed_on": dt.date(2025, 3, 4), **fields}
    Training.objects.create(expert=expert, **values)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, TrainingState.OK),
        ({"valid_until": DAY}, TrainingState.OK),
        ({"valid_until": DAY - dt.timedelta(days=1)}, TrainingState.EXPIRED),
        ({"completed_on": DAY}, TrainingState.OK),
        ({"completed_on": DAY + dt.timedelta(days=1)}, TrainingState.MISSING),
        ({"completed_on": None}, TrainingState.MISSING),
        ({"level": "further"}, TrainingState.MISSING),
    ],
)
def test_training_on_a_day(fields: dict[str, object], state: TrainingState) -> None:
    expert = make_expert()
    trained(expert, **fields)
    assert facts(expert).training(DAY) is state


def test_one_valid_training_is_enough() -> None:
    expert = make_expert()
    trained(expert, valid_until=dt.date(2026, 1, 1))
    trained(expert, valid_until=dt.date(2027, 12, 31))
    assert facts(expert).training(DAY) is TrainingState.OK
    assert facts(expert).training_ends_on(DAY) == dt.date(2027, 12, 31)
    trained(expert)
    assert facts(expert).training_ends_on(DAY) is None


def test_without_any_training() -> None:
    found = facts(make_expert())
    assert found.training(DAY) is TrainingState.MISSING
    assert found.training_ends_on(DAY) is None


def test_sign_off_in_force() -> None:
    expert = make_expert()
    assert facts(expert).sign_off is None
    points = dict.fromkeys(
        ["own_experience", "enough_training", "works_independently", "looks_after_self"], True
    )
    old = SignOff.objects.create(expert=expert, signed_at=NOW, **points)
    assert facts(expert).sign_off == old
    SignOff.objects.update(withdrawn_at=NOW)
    assert facts(expert).sign_off is None


def test_orientation_counts_from_its_day_and_at_its_unit() -> None:
    expert, here, there = make_expert(), make_unit(), make_unit("Nokia")
    for day in (DAY, DAY + dt.timedelta(days=30)):
        Orientation.objects.create(unit=here, expert=expert, oriented_on=day)
    found = facts(expert)
    assert found.is_oriented(here.pk, on=DAY)
    assert not found.is_oriented(here.pk, on=DAY - dt.timedelta(days=1))
    assert not found.is_oriented(there.pk, on=DAY)


def test_exclusions_and_kinds_are_ids() -> None:
    expert, unit = make_expert(), make_unit()
    expert.excluded_units.add(unit)
    assert sorted(facts(expert).excluded_unit_ids) == [unit.pk]
    assert sorted(facts(expert).kind_ids) == []


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "absent"),
    [
        (local(2027, 3, 4, 9), local(2027, 3, 4, 11), True),
        (local(2027, 3, 3, 22), local(2027, 3, 4, 0), False),
        (local(2027, 3, 3, 22), local(2027, 3, 4, 0, 1), True),
        (local(2027, 3, 5, 23), local(2027, 3, 6, 1), True),
        (local(2027, 3, 6, 0), local(2027, 3, 6, 1), False),
    ],
)
def test_absence_is_whole_days_and_periods_half_open(
    starts_at: dt.datetime, ends_at: dt.datetime, absent: bool
) -> None:
    expert = make_expert()
    Absence.objects.create(expert=expert, starts_on=DAY, ends_on=dt.date(2027, 3, 5))
    found = facts(expert, dt.date(2027, 3, 1), dt.date(2027, 3, 31))
    assert (found.absence_during(starts_at, ends_at) is not None) is absent


def test_availability_inside_outside_and_unknown() -> None:
    expert = make_expert()
    thursday = local(2027, 3, 4, 9), local(2027, 3, 4, 11)
    assert facts(expert).availability(*thursday) is Availability.UNKNOWN
    AvailabilityPattern.objects.create(
        expert=expert,
        weekday=3,
        starts_time=dt.time(9),
        ends_time=dt.time(15),
        starts_on=dt.date(2027, 3, 1),
        ends_on=dt.date(2027, 3, 31),
    )
    assert facts(expert).availability(*thursday) is Availability.INSIDE
    assert (
        facts(expert).availability(local(2027, 3, 5, 9), local(2027, 3, 5, 11))
        is Availability.OUTSIDE
    )
    assert (
        facts(expert).availability(local(2027, 4, 1, 9), local(2027, 4, 1, 11))
        is Availability.UNKNOWN
    )


def test_week_hours_cut_at_monday_midnight_in_helsinki() -> None:
    expert = make_expert()
    make_shift(expert, local(2027, 2, 28, 22), 4)  # Sunday 22 – Monday 2
    make_shift(expert, local(2027, 3, 4, 9), 2.5, source="mine")
    make_shift(expert, local(2027, 3, 7, 23), 2)  # Sunday 23 – Monday 1
    make_shift(expert, local(2027, 3, 8, 1), 5)
    found = facts(expert)
    assert found.week_hours(DAY) == Decimal("5.5")
    assert found.week_hours(DAY, except_source="mine") == 3


def test_only_shifts_are_load_and_cancelled_ones_are_not() -> None:
    expert = make_expert()
    make_shift(expert, local(2027, 3, 2, 9), 2, source="assignment:1")
    make_shift(expert, local(2027, 3, 3, 9), 2, source="assignment:2")
    diary.cancel("assignment:2", now=NOW)
    diary.occupy(
        expert,
        source="supervision:1",
        kind="supervision",  # type: ignore[arg-type]  # as the column gives it back
        starts_at=local(2027, 3, 4, 9),
        ends_at=local(2027, 3, 4, 11),
        zone_name="Europe/Helsinki",
        now=NOW,
    )
    assert (facts(expert).week_hours(DAY), facts(expert).month_sessions(DAY)) == (Decimal(2), 1)


@pytest.mark.parametrize(
    ("starts_at", "hours"),
    [(local(2027, 3, 28, 2), 1), (local(2027, 10, 31, 2), 3)],
    ids=["2.00–4.00 in spring", "2.00–4.00 in autumn"],
)
def test_hours_are_those_that_really_pass(starts_at: dt.datetime, hours: int) -> None:
    """From 2 to 4 by the wall clock is one hour in March and three in October."""
    expert = make_expert()
    make_shift(expert, starts_at, hours)
    day = starts_at.astimezone(HELSINKI).date()
    assert facts(expert, day).week_hours(day) == hours
    assert days_touched(starts_at, starts_at + dt.timedelta(hours=hours)) == (day, day)


@pytest.mark.parametrize(
    ("year_month", "hours"), [((2027, 3), 743), ((2027, 10), 745), ((2028, 2), 696)]
)
def test_months_are_as_long_as_their_clocks_say(year_month: tuple[int, int], hours: int) -> None:
    starts_at, ends_at = readiness.month_of(dt.date(*year_month, 17))
    assert ends_at - starts_at == dt.timedelta(hours=hours)


def test_a_shift_belongs_to_the_month_it_begins_in() -> None:
    expert = make_expert()
    make_shift(expert, local(2027, 2, 28, 23), 2)
    make_shift(expert, local(2027, 3, 1, 1), 2)
    make_shift(expert, local(2027, 3, 31, 23), 2, source="last")
    make_shift(expert, local(2027, 4, 1, 9), 2)
    found = facts(expert, dt.date(2027, 2, 28), dt.date(2027, 4, 1))
    months = [dt.date(2027, 2, 1), DAY, dt.date(2027, 4, 30)]
    assert [found.month_sessions(day) for day in months] == [1, 2, 1]
    assert found.month_sessions(DAY, except_source="last") == 1


def test_what_stands_at_a_time_but_for_the_entry_itself() -> None:
    expert = make_expert()
    make_shift(expert, local(2027, 3, 4, 9), 2, source="mine")
    make_shift(expert, local(2027, 3, 4, 11), 2, source="after")
    found = facts(expert)
    nine, eleven = local(2027, 3, 4, 9), local(2027, 3, 4, 11)
    assert [e.source for e in found.overlapping(nine, eleven)] == ["mine"]
    assert found.overlapping(nine, eleven, except_source="mine") == ()


def test_as_many_queries_for_one_as_for_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    unit = make_unit()
    people = [make_expert(f"Onni Näyte {number}") for number in range(8)]
    for expert in people:
        trained(expert)
        make_shift(expert, local(2027, 3, 4, 9), unit=unit)
        Orientation.objects.create(unit=unit, expert=expert, oriented_on=DAY)
    with django_assert_num_queries(11):
        readiness.load(people[:1], days=[DAY], today=DAY)
    with django_assert_num_queries(11):
        found = readiness.load(people, days=[DAY, dt.date(2027, 5, 5)], today=DAY)
        assert {entry.unit for fact in found.values() for entry in fact.diary} == {unit}
