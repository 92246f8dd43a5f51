"""Weekly patterns at their edges: minutes, midnights, every other week, both clock changes."""

import datetime as dt

import pytest

from experts.models import AvailabilityPattern
from experts.queries.weekly import covers, holds_on
from tests.experts.makers import local

SATURDAY, SUNDAY, MONDAY, TUESDAY = 5, 6, 0, 1


def pattern(
    weekday: int,
    starts: str,
    ends: str,
    *,
    every: int = 1,
    starts_on: dt.date = dt.date(2027, 1, 1),
    ends_on: dt.date | None = None,
) -> AvailabilityPattern:
    return AvailabilityPattern(
        weekday=weekday,
        starts_time=dt.time.fromisoformat(starts),
        ends_time=dt.time.fromisoformat(ends),
        every_weeks=every,
        starts_on=starts_on,
        ends_on=ends_on,
    )


@pytest.mark.parametrize(
    ("starts", "ends", "inside"),
    [
        ((9, 0), (15, 0), True),
        ((8, 59), (15, 0), False),
        ((9, 0), (15, 1), False),
        ((10, 0), (11, 0), True),
        ((15, 0), (16, 0), False),
    ],
)
def test_the_hours_of_a_monday(
    starts: tuple[int, int], ends: tuple[int, int], inside: bool
) -> None:
    mondays = [pattern(MONDAY, "09:00", "15:00")]
    assert covers(mondays, local(2027, 3, 1, *starts), local(2027, 3, 1, *ends)) is inside


def test_a_gap_between_two_patterns_is_not_covered_and_touching_ones_are() -> None:
    period = local(2027, 3, 1, 10), local(2027, 3, 1, 14)
    assert covers([pattern(MONDAY, "12:00", "16:00"), pattern(MONDAY, "08:00", "12:00")], *period)
    assert not covers(
        [pattern(MONDAY, "12:01", "16:00"), pattern(MONDAY, "08:00", "12:00")], *period
    )
    assert not covers([pattern(TUESDAY, "08:00", "16:00")], *period)
    assert not covers([], *period)


def test_the_end_of_a_day_is_midnight_and_a_night_needs_both_days() -> None:
    late = [pattern(MONDAY, "18:00", "23:59")]
    assert covers(late, local(2027, 3, 1, 20), local(2027, 3, 2, 0))
    night = local(2027, 3, 1, 20), local(2027, 3, 2, 1)
    assert not covers(late, *night)
    assert covers([*late, pattern(TUESDAY, "00:00", "06:00")], *night)


def test_every_other_week_counts_iso_weeks_from_the_first() -> None:
    # begins on a Thursday of week 9; the Monday of week 11 is two weeks after that week's Monday
    alternate = pattern(MONDAY, "09:00", "15:00", every=2, starts_on=dt.date(2027, 3, 4))
    held = [
        day
        for day in (dt.date(2027, 3, 1) + dt.timedelta(days=n) for n in range(42))
        if holds_on(alternate, day)
    ]
    assert held == [dt.date(2027, 3, 15), dt.date(2027, 3, 29)]


def test_every_other_week_over_a_year_with_53_weeks() -> None:
    alternate = pattern(MONDAY, "09:00", "15:00", every=2, starts_on=dt.date(2026, 12, 21))
    assert holds_on(alternate, dt.date(2026, 12, 21))  # week 52
    assert not holds_on(alternate, dt.date(2026, 12, 28))  # week 53
    assert holds_on(alternate, dt.date(2027, 1, 4))  # week 1


def test_both_end_days_belong_to_a_pattern() -> None:
    march = pattern(
        MONDAY, "09:00", "15:00", starts_on=dt.date(2027, 3, 1), ends_on=dt.date(2027, 3, 15)
    )
    mondays = [dt.date(2027, 2, 22) + dt.timedelta(weeks=n) for n in range(5)]
    assert [holds_on(march, day) for day in mondays] == [False, True, True, True, False]


@pytest.mark.parametrize("day", [dt.date(2027, 3, 28), dt.date(2027, 10, 31)], ids=["23 h", "25 h"])
def test_a_day_of_a_clock_change_is_read_in_wall_time(day: dt.date) -> None:
    sundays = [pattern(SUNDAY, "09:00", "15:00")]
    nine, three = local(day.year, day.month, day.day, 9), local(day.year, day.month, day.day, 15)
    assert covers(sundays, nine, three)
    assert not covers(sundays, nine - dt.timedelta(minutes=1), three)
    assert not covers(sundays, nine, three + dt.timedelta(minutes=1))


def test_the_hour_that_comes_twice() -> None:
    first_half_past_three = dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)  # 3.30 summer time
    second_quarter_past_three = dt.datetime(2027, 10, 31, 1, 15, tzinfo=dt.UTC)  # 3.15 winter time
    assert covers(
        [pattern(SUNDAY, "03:00", "04:00")], first_half_past_three, second_quarter_past_three
    )
    assert not covers(
        [pattern(SUNDAY, "03:20", "04:00")], first_half_past_three, second_quarter_past_three
    )


def test_seconds_of_an_end_are_not_lost() -> None:
    mondays = [pattern(MONDAY, "09:00", "15:00")]
    end = local(2027, 3, 1, 15) + dt.timedelta(seconds=1)
    assert not covers(mondays, local(2027, 3, 1, 14), end)
