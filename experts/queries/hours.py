"""A person's weekly hours as people read and edit them."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise

from coordination import formats
from coordination.workbook.weekly import WeeklyHours, Weeks
from experts.models import AvailabilityPattern, Expert
from experts.models.availability import Weekday
from experts.queries.weekly import DAY_ENDS

_FAR = dt.timedelta(days=366)


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

    Even and odd weeks are kept as several periods around years of 53 weeks (`expert_rows`): only the
    last of them is shown.
    """
    rows = [p for p in expert.patterns.all() if p.ends_on is None or p.ends_on >= today]
    open_ended = {_hours(p) for p in rows if p.ends_on is None}
    found = [
        Shown(_hours(p), p.starts_on if p.starts_on > today else None, p.ends_on)
        for p in rows
        if p.ends_on is None or not (_hours(p) in open_ended and p.ends_on - today > _FAR)
    ]
    return sorted(found, key=lambda row: (row.hours, row.until or dt.date.max))


def _hours(pattern: AvailabilityPattern) -> WeeklyHours:
    end = dt.time(0) if pattern.ends_time >= DAY_ENDS else pattern.ends_time
    return WeeklyHours(pattern.weekday, pattern.starts_time, end, weeks_of(pattern))


def weeks_of(pattern: AvailabilityPattern) -> Weeks:
    """Which ISO weeks a pattern means, by their number."""
    if pattern.every_weeks == 1:
        return Weeks.ALL
    return Weeks.EVEN if pattern.starts_on.isocalendar().week % 2 == 0 else Weeks.ODD
