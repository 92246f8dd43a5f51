"""A person's weekly hours as people read and edit them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

from coordination import formats
from coordination.workbook.weekly import WeeklyHours, Weeks
from experts.models import AvailabilityPattern, Expert
from experts.models.availability import Weekday
from experts.queries.weekly import DAY_ENDS


@dataclass(frozen=True)
class Shown:
    """One row; `from_day` when it begins later than today, `until` when it will end."""

    hours: WeeklyHours
    from_day: dt.date | None
    until: dt.date | None

    @property
    def weekday(self) -> "str | Promise":
        return Weekday(self.hours.weekday).label

    @property
    def clock(self) -> str:
        return formats.clock_range(self.hours.start, self.hours.end)

    @property
    def is_even(self) -> bool:
        return self.hours.weeks is Weeks.EVEN

    @property
    def is_odd(self) -> bool:
        return self.hours.weeks is Weeks.ODD


def latest(expert: Expert) -> list[WeeklyHours]:
    """The set that holds for the time being: the rows without an end (a new set closes the old)."""
    return sorted({_hours(p) for p in expert.patterns.all() if p.ends_on is None})


def shown(expert: Expert, *, today: dt.date) -> list[Shown]:
    """The rows that hold now or later, in the order of the week.

    Periods of the same hours that follow each other are one row: even and odd weeks are kept as
    several periods around years of 53 weeks (`expert_rows`), and a new set may repeat an old row.
    """
    periods: dict[WeeklyHours, list[AvailabilityPattern]] = {}
    for pattern in expert.patterns.all():
        if pattern.ends_on is None or pattern.ends_on >= today:
            periods.setdefault(_hours(pattern), []).append(pattern)
    rows = [row for hours, patterns in periods.items() for row in _rows(hours, patterns, today)]
    return sorted(rows, key=lambda row: (row.hours, row.until or dt.date.max))


def _rows(
    hours: WeeklyHours, patterns: list[AvailabilityPattern], today: dt.date
) -> Iterator[Shown]:
    pause = dt.timedelta(days=1 if hours.weeks is Weeks.ALL else 14)
    first, *rest = sorted(patterns, key=lambda pattern: pattern.starts_on)
    begins, ends = first.starts_on, first.ends_on
    for pattern in rest:
        if ends is not None and pattern.starts_on - ends > pause:
            yield _shown(hours, begins, ends, today)
            begins, ends = pattern.starts_on, pattern.ends_on
        else:
            ends = None if ends is None or pattern.ends_on is None else max(ends, pattern.ends_on)
    yield _shown(hours, begins, ends, today)


def _shown(hours: WeeklyHours, begins: dt.date, ends: dt.date | None, today: dt.date) -> Shown:
    """Every other week begins within a fortnight: that is no later start worth telling."""
    near = today if hours.weeks is Weeks.ALL else today + dt.timedelta(days=13)
    return Shown(hours, begins if begins > near else None, ends)


def _hours(pattern: AvailabilityPattern) -> WeeklyHours:
    end = dt.time(0) if pattern.ends_time >= DAY_ENDS else pattern.ends_time
    return WeeklyHours(pattern.weekday, pattern.starts_time, end, weeks_of(pattern))


def weeks_of(pattern: AvailabilityPattern) -> Weeks:
    """Which ISO weeks a pattern means, by their number."""
    if pattern.every_weeks == 1:
        return Weeks.ALL
    return Weeks.EVEN if pattern.starts_on.isocalendar().week % 2 == 0 else Weeks.ODD
