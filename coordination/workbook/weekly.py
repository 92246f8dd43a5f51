"""Weekly availability as people write it: `ma-ke 9-15; pe 12-18`, `arkisin 8-16`, `ti–pe klo
9.00–16.00; la 10-14`.
"""

import datetime as dt
import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from coordination.workbook.clock_times import DASH, RANGE, clock_range
from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread, Severity


class Weeks(enum.StrEnum):
    """Which weeks a pattern means, by ISO week number."""

    ALL = "all"
    EVEN = "even"
    ODD = "odd"


@dataclass(frozen=True, slots=True, order=True)
class WeeklyHours:
    """From–to on one weekday (0 = Monday), wall-clock time; an end of 00:00 is the end of the
    day.
    """

    weekday: int
    start: dt.time
    end: dt.time
    weeks: Weeks = Weeks.ALL


_DAY_NAMES = (
    ("ma", "maanantai", "maanantaisin", "mån", "måndag", "måndagar", "mon", "monday"),
    ("ti", "tiistai", "tiistaisin", "tis", "tisdag", "tisdagar", "tue", "tuesday"),
    ("ke", "keskiviikko", "keskiviikkoisin", "ons", "onsdag", "onsdagar", "wed", "wednesday"),
    ("to", "torstai", "torstaisin", "tor", "tors", "torsdag", "torsdagar", "thu", "thursday"),
    ("pe", "perjantai", "perjantaisin", "fre", "fredag", "fredagar", "fri", "friday"),
    ("la", "lauantai", "lauantaisin", "lör", "lördag", "lördagar", "sat", "saturday"),
    ("su", "sunnuntai", "sunnuntaisin", "sön", "söndag", "söndagar", "sun", "sunday"),
)
_DAYS = {name: number for number, names in enumerate(_DAY_NAMES) for name in names}
_GROUPS = {
    **dict.fromkeys(("arkisin", "arkipäivisin", "arkipäivät", "vardagar", "weekdays"), range(5)),
    **dict.fromkeys(("viikonloppuisin", "viikonloput", "helger", "weekends"), range(5, 7)),
    **dict.fromkeys(("päivittäin", "dagligen", "daily"), range(7)),
}
_PART_OF_DAY = re.compile(
    r"(?:aamu|aamupäiv|iltapäiv|ilta|päivä|yö|förmiddag|eftermiddag|kväll|morgon"
    r"|morning|afternoon|evening)\w*"
)
_HOURS = RANGE.pattern.replace("(?P<start>", "(?P<start_>").replace("(?P<end>", "(?P<end_>")
_TOKENS = re.compile(
    rf"(?P<range>{_HOURS}(?!\d|[.:]\d))"
    rf"|(?P<even>parilli\w+(?:\s+viik\w+)?|jämna\s+veckor|even\s+weeks)"
    rf"|(?P<odd>paritto\w+(?:\s+viik\w+)?|udda\s+veckor|odd\s+weeks)"
    rf"|(?P<other>joka\s+toinen\s+viikko|varannan\s+vecka|every\s+other\s+week)"
    rf"|(?P<every>joka\s+viikko|varje\s+vecka|every\s+week)"
    rf"|(?P<daily>joka\s+päivä|varje\s+dag|every\s+day)"
    rf"|(?P<filler>\b(?:ja|och|and|sekä|samt|klo|kl)\b\.?|[,;:./+&])"
    rf"|(?P<dash>{DASH})"
    rf"|(?P<word>[^\W\d_]+)\.?"
    rf"|(?P<strange>\S)",
    re.IGNORECASE,
)


def parse_weekly(cell: Cell) -> tuple[WeeklyHours, ...]:
    """The weekly hours, sorted, overlapping ones of one day joined.

    Raises `Misread` `ambiguous` (a warning: the cell stays empty, the row does not stay out): a
    part of a day without hours, a day without hours, «joka toinen viikko» without saying which
    weeks, or words that are not understood; `ends_before_start` for hours that run backwards.
    """
    return _joined(_Reader(cell.text).hours())


def _unclear(reason: str, **params: object) -> Misread:
    return Misread("ambiguous", reason=reason, severity=Severity.WARNING, **params)


class _Reader:
    """Goes through the words once: days gather until hours come; new days after hours begin a new
    group.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.days: list[int] = []
        self.found: list[WeeklyHours] = []
        self.weeks = Weeks.ALL
        self.hours_given = False
        self.range_open = False

    def hours(self) -> list[WeeklyHours]:
        for kind, token in _tokens(self.text):
            self.take(kind, token)
        if self.range_open or not self.found or not self.hours_given:
            raise _unclear("no_hours", value=self.text)
        return self.found

    def take(self, kind: str, token: re.Match[str]) -> None:
        if kind == "range":
            self.take_hours(token)
        elif kind == "word":
            self.take_word(token["word"].casefold())
        elif kind == "daily":
            self.take_days(range(7))
        elif kind == "dash" and self.days and not self.hours_given and not self.range_open:
            self.range_open = True
        elif kind in {"even", "odd"}:
            self.weeks = Weeks(kind)
        elif kind == "other":
            raise _unclear("every_other_week", value=self.text)
        elif kind in {"dash", "strange"}:
            raise _unclear("unknown_words", value=self.text, words=token[0])

    def take_word(self, word: str) -> None:
        if word in _DAYS:
            self.take_days([_DAYS[word]])
        elif word in _GROUPS:
            self.take_days(_GROUPS[word])
        elif _PART_OF_DAY.fullmatch(word):
            raise _unclear("part_of_day", value=self.text, words=word)
        else:
            raise _unclear("unknown_words", value=self.text, words=word)

    def take_days(self, days: "range | list[int]") -> None:
        if self.range_open:
            first, last = self.days[-1], days[0]
            # «pe–ma» runs over the week's end
            self.days += [(first + step) % 7 for step in range(1, (last - first) % 7 + 1)]
            self.range_open = False
            return
        if self.hours_given:
            self.days, self.hours_given = [], False
        self.days += days

    def take_hours(self, token: re.Match[str]) -> None:
        if not self.days or self.range_open:
            raise _unclear("no_days", value=self.text)
        hours = clock_range(token["start_"], token["end_"], written=token["range"].strip())
        if hours.next_day and hours.end != dt.time(0):
            raise _unclear("over_midnight", value=self.text, words=token["range"].strip())
        self.found += [WeeklyHours(day, hours.start, hours.end, self.weeks) for day in self.days]
        self.hours_given = True


def _tokens(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    for token in _TOKENS.finditer(text):
        yield next(k for k in _KINDS if token[k] is not None), token


_KINDS = ("range", "even", "odd", "other", "every", "daily", "filler", "dash", "word", "strange")


def _joined(hours: list[WeeklyHours]) -> tuple[WeeklyHours, ...]:
    result: list[WeeklyHours] = []
    for slot in sorted(set(hours), key=lambda h: (h.weeks, h.weekday, h.start)):
        last = result[-1] if result else None
        if (
            last
            and (last.weekday, last.weeks) == (slot.weekday, slot.weeks)
            and slot.start <= _end(last)
        ):
            end = max(last, slot, key=_end).end
            result[-1] = WeeklyHours(slot.weekday, last.start, end, slot.weeks)
        else:
            result.append(slot)
    return tuple(sorted(result))


def _end(hours: WeeklyHours) -> dt.time:
    """The end, with the end of the day after all others."""
    return dt.time.max if hours.end == dt.time(0) else hours.end
