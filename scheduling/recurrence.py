"""The rhythms a series can have, between RFC 5545 rules and words.

Every n weeks on one or more weekdays, or every n months on the first … fourth or last of a weekday.
A rule carries neither start nor end; without weekdays it is that of its first day.
"""

import datetime as dt
import re
from dataclasses import dataclass

from babel.dates import get_day_names
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from coordination import formats
from coordination.errors import Refused

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
NTH = (1, 2, 3, 4, LAST)
MOST_WEEKS = 8
MOST_MONTHS = 12

_DAY = re.compile(r"(?P<nth>-?\d+)?(?P<day>MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True)
class Rhythm:
    """`weekdays` count from Monday, 0; `nth` is 0 for a weekly rhythm, else which one of the month."""

    every: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int = 0

    @property
    def rule(self) -> str:
        """The RFC 5545 rule; the simplest one that says it."""
        parts = ["FREQ=MONTHLY" if self.nth else "FREQ=WEEKLY"]
        if self.every > 1:
            parts.append(f"INTERVAL={self.every}")
        if self.weekdays:
            which = str(self.nth) if self.nth else ""
            parts.append("BYDAY=" + ",".join(which + CODES[day] for day in self.weekdays))
        return ";".join(parts)


def read(rule: str) -> Rhythm:
    """What a rule says. Raises Refused `recurrence` for one that is none of those above."""
    try:
        parts = dict(part.split("=", 1) for part in rule.strip().upper().split(";"))
        every = int(parts.pop("INTERVAL", "1"))
        freq, days = parts.pop("FREQ"), parts.pop("BYDAY", "")
        parts.pop("WKST", "")
        found = [_DAY.fullmatch(day) for day in days.split(",")] if days else []
        read_days = [(int(day["nth"] or 0), CODES.index(day["day"])) for day in found if day]
        if parts or len(read_days) != len(found):
            raise ValueError
    except (KeyError, ValueError) as error:
        raise _unknown() from error
    weekdays = tuple(sorted({day for _nth, day in read_days}))
    nths = {nth for nth, _day in read_days}
    weekly = freq == "WEEKLY" and nths <= {0} and 1 <= every <= MOST_WEEKS
    monthly = (
        freq == "MONTHLY" and len(read_days) == 1 and nths <= set(NTH) and 1 <= every <= MOST_MONTHS
    )
    if not (weekly or monthly):
        raise _unknown()
    return Rhythm(every=every, weekdays=weekdays, nth=nths.pop() if monthly else 0)


def _unknown() -> Refused:
    return Refused(
        _("A series repeats by weeks, or on a weekday such as the first Tuesday of the month."),
        code="recurrence",
    )


def in_words(rule: str, *, starts_on: dt.date) -> str:
    """ "Every other week on Tuesday and Thursday", in the language of the moment."""
    rhythm = read(rule)
    days = rhythm.weekdays or (starts_on.weekday(),)
    names = [day_name(day) for day in days]
    listed = names[0]
    if len(names) > 1:
        listed = _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}
    if not rhythm.nth:
        return f"{_weeks(rhythm.every)}: {listed}"
    return f"{_months(rhythm.every)}: {nth_name(rhythm.nth)} {listed}"


def _weeks(every: int) -> str:
    if every == 1:
        return _("Every week")
    if every == 2:
        return _("Every other week")
    return _("Every %(number)s weeks") % {"number": every}


def _months(every: int) -> str:
    text = ngettext("Every month", "Every %(number)s months", every)
    return text % {"number": every} if every > 1 else text


def day_name(weekday: int) -> str:
    """ "Tuesday" in the language of the moment; 0 is Monday."""
    names = get_day_names("wide", context="stand-alone", locale=formats.language_or_active(None))
    return str(names[weekday])


def nth_name(nth: int) -> str:
    """ "the first" of a month's same weekdays."""
    return {
        1: pgettext("weekday of the month", "the first"),
        2: pgettext("weekday of the month", "the second"),
        3: pgettext("weekday of the month", "the third"),
        4: pgettext("weekday of the month", "the fourth"),
        LAST: pgettext("weekday of the month", "the last"),
    }[nth]
