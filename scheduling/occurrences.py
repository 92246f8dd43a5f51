"""When a series meets: pure functions of days and wall time, without the database and without a clock.

An occurrence is known by its day, never by its moment: an edited one is still that day's
(lessons.md, "key an occurrence by (series, date)").
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr
from django.conf import settings

from scheduling import holidays

HOLIDAY = "holiday"
"""The code of a day on which clinics are closed; its name follows from the day."""

MOST_IN_A_SERIES = 520
"""Ten years of weeks; more is a mistake in typing."""


def horizon() -> dt.timedelta:
    """How far ahead the sessions of a series are made, from today on; a setting, never less than a week."""
    return dt.timedelta(weeks=max(1, settings.SERIES_HORIZON_WEEKS))


@dataclass(frozen=True)
class Occurrence:
    """One time of a series: its local day, and the half-open moments in UTC."""

    on: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone_name: str


@dataclass(frozen=True)
class Skipped:
    """A day the series could not have; `code` is a SkipCode."""

    on: dt.date
    code: str

    @property
    def detail(self) -> str:
        """What a holiday is called in the language of the moment, else ""."""
        return holidays.called(self.on) if self.code == HOLIDAY else ""


@dataclass(frozen=True)
class Pattern:
    """A repeating time in a unit's wall time. `ends_on` empty: no end; both days belong to it."""

    starts_on: dt.date
    starts_time: dt.time
    minutes: int
    zone_name: str
    recurrence: str = "FREQ=WEEKLY"
    ends_on: dt.date | None = None
    skips_holidays: bool = True


def weekly(every_weeks: int) -> str:
    """The RFC 5545 rule for every week, every other week and so on."""
    return "FREQ=WEEKLY" if every_weeks == 1 else f"FREQ=WEEKLY;INTERVAL={every_weeks}"


def days(pattern: Pattern, *, until: dt.date, after: dt.date | None = None) -> list[dt.date]:
    """The days of the pattern up to `until` (inclusive), those after `after` only; holidays are among them."""
    last = min(until, pattern.ends_on) if pattern.ends_on else until
    found = (on for on in _rule_days(pattern, last) if after is None or on > after)
    return list(islice(found, MOST_IN_A_SERIES))


def first_day(pattern: Pattern) -> dt.date | None:
    """The first day of the rhythm on or after `starts_on`, a holiday too; None when it ends before."""
    year_after = pattern.starts_on + dt.timedelta(days=366)
    return next(iter(days(pattern, until=year_after)), None)


def last_day(pattern: Pattern, *, count: int) -> dt.date:
    """The day on which the series has been held so many times; what is skipped is not counted."""
    far = pattern.starts_on + dt.timedelta(days=366 * 10)
    made = (
        on for on in _rule_days(pattern, far) if not (pattern.skips_holidays and holidays.name(on))
    )
    return list(islice(made, count))[-1]


def _rule_days(pattern: Pattern, last: dt.date) -> Iterator[dt.date]:
    # Days are counted without zone or hour, so a clock change can neither lose nor double one.
    first = dt.datetime.combine(pattern.starts_on, dt.time())
    rule = rrulestr(pattern.recurrence, dtstart=first)
    end = dt.datetime.combine(last, dt.time())
    assert isinstance(rule, rrule)
    for moment in rule:
        if moment > end:
            return
        yield moment.date()


def at(pattern: Pattern, on: dt.date) -> Occurrence:
    """The pattern's occurrence on a day: the same wall time in summer and winter.

    A time that the clocks skip in spring (3.30 on 28.3.2027) happens an hour later by the wall, as
    PEP 495 has it; one that comes twice in autumn is the first of the two. The length is real time.
    """
    starts_at = moment(on, pattern.starts_time, pattern.zone_name)
    ends_at = starts_at + dt.timedelta(minutes=pattern.minutes)
    return Occurrence(on=on, starts_at=starts_at, ends_at=ends_at, zone_name=pattern.zone_name)


def moment(on: dt.date, time: dt.time, zone_name: str) -> dt.datetime:
    """A wall time on a day as a moment in UTC; see `at` for the hours of a clock change."""
    return dt.datetime.combine(on, time, tzinfo=ZoneInfo(zone_name)).astimezone(dt.UTC)


def minutes_between(
    starts: dt.time, ends: dt.time, *, on: dt.date | None = None, zone_name: str = ""
) -> int:
    """The length from one wall time to the next time the wall shows the other: 22 to 2 is four hours.

    With a day it is real time, so that `at` ends when the wall shows `ends` on a night of a clock
    change too; without one it is what the length is on any other day. The same twice is a whole day.
    """
    over_midnight = ends <= starts
    if on is None:
        minutes = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
        return minutes + 24 * 60 if over_midnight else minutes
    last = on + dt.timedelta(days=1) if over_midnight else on
    length = moment(last, ends, zone_name) - moment(on, starts, zone_name)
    return round(length.total_seconds() / 60)


def plan(
    pattern: Pattern,
    *,
    until: dt.date,
    after: dt.date | None = None,
) -> tuple[list[Occurrence], list[Skipped]]:
    """What can be made up to `until`, and what is skipped because clinics are closed."""
    made: list[Occurrence] = []
    skipped: list[Skipped] = []
    for on in days(pattern, until=until, after=after):
        if pattern.skips_holidays and holidays.name(on):
            skipped.append(Skipped(on=on, code=HOLIDAY))
        else:
            made.append(at(pattern, on))
    return made, skipped
