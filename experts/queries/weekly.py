"""Weekly patterns in Helsinki wall time: do they cover a period? Pure; no database, no clock."""

import datetime as dt
from collections.abc import Iterable, Iterator

from coordination.clock import HOME_ZONE
from experts.models import AvailabilityPattern

DAY_ENDS = dt.time(23, 59)
"""A pattern that ends at 23.59 runs to midnight: it is the latest end there is."""
_DAY = 24 * 60


def holds_on(pattern: AvailabilityPattern, day: dt.date) -> bool:
    """The pattern applies on that day: its weekday, its dates, and its week of every n weeks."""
    if day.weekday() != pattern.weekday or day < pattern.starts_on:
        return False
    if pattern.ends_on is not None and day > pattern.ends_on:
        return False
    weeks = (_monday(day) - _monday(pattern.starts_on)).days // 7
    return weeks % pattern.every_weeks == 0


def covers(
    patterns: Iterable[AvailabilityPattern], starts_at: dt.datetime, ends_at: dt.datetime
) -> bool:
    """Every wall-clock minute of the half-open period lies in some pattern of its day."""
    known = list(patterns)
    return all(
        _fills([p for p in known if holds_on(p, day)], first, last)
        for day, first, last in wall_days(starts_at, ends_at)
    )


def _fills(patterns: list[AvailabilityPattern], first: int, last: int) -> bool:
    """The patterns of one day together reach from minute `first` to minute `last` without a gap."""
    reached = first
    for pattern in sorted(patterns, key=lambda p: p.starts_time):
        if _minute(pattern.starts_time) > reached:
            break
        end = _DAY if pattern.ends_time >= DAY_ENDS else _minute(pattern.ends_time)
        reached = max(reached, end)
    return reached >= last


def wall_days(starts_at: dt.datetime, ends_at: dt.datetime) -> Iterator[tuple[dt.date, int, int]]:
    """The days of a period with the first and last wall-clock minute of each."""
    start, end = starts_at.astimezone(HOME_ZONE), ends_at.astimezone(HOME_ZONE)
    day = start.date()
    while day <= end.date():
        first = _minute(start.time()) if day == start.date() else 0
        last = _minute_up(end.time()) if day == end.date() else _DAY
        if day == start.date() == end.date():
            # in the hour that comes twice the wall clock may show less at the end than at the start
            first, last = min(first, last), max(first, last)
        if last > 0:
            yield day, first, last
        day += dt.timedelta(days=1)


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _minute_up(time: dt.time) -> int:
    return _minute(time) + bool(time.second or time.microsecond)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
