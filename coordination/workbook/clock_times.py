"""Clock ranges: `9-13`, `klo 9.00–13.00`, `930-1200`, and the moments they mean in a zone."""

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread

# hyphen, non-breaking hyphen, figure dash, en dash, em dash, minus sign
DASH = "[-\u2010-\u2015\u2212]"
TIME = r"(?:[01]?\d|2[0-4])(?:[.:]?[0-5]\d)?"
RANGE = re.compile(
    rf"(?:klo|kl|kello|at)?\.?\s*(?P<start>{TIME})\s*{DASH}\s*(?:klo|kl)?\.?\s*(?P<end>{TIME})(?:\s*h\b)?",
    re.IGNORECASE,
)
_LONGEST_NIGHT = dt.timedelta(
    hours=12
)  # a range that would be longer over midnight is a slip, not a night shift


@dataclass(frozen=True, slots=True)
class ClockRange:
    """From a wall-clock time to another; `next_day` when the end is on the day after the start."""

    start: dt.time
    end: dt.time
    next_day: bool = False

    def on(self, day: dt.date, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """The moments this range means when it starts on `day` in `zone`, in UTC.

        Raises `Misread` `nonexistent_time` when a clock change skips its start or end.
        """
        last = day + dt.timedelta(days=1) if self.next_day else day
        return _moment(day, self.start, zone), _moment(last, self.end, zone)

    def hours_on(self, day: dt.date, zone: ZoneInfo) -> float:
        """True length in hours on a day: four hours for 23–4 over the change to summer time."""
        start, end = self.on(day, zone)
        return (end - start).total_seconds() / 3600

    def __str__(self) -> str:
        return f"{_written(self.start)}–{_written(self.end)}"


def _written(time: dt.time) -> str:
    return f"{time.hour}.{time.minute:02}" if time.minute else str(time.hour)


def _moment(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    local = dt.datetime.combine(day, time, tzinfo=zone)
    moment = local.astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Misread("nonexistent_time", value=_written(time), day=day)
    return moment


def parse_time(text: str) -> tuple[dt.time, bool]:
    """A time of day and whether it was written as 24, the end of the day. Raises `Misread`
    `invalid_time`.
    """
    digits = re.sub(r"\D", "", text)
    if re.search(r"[.:]", text):
        hour, minute = (int(part) for part in re.split(r"[.:]", text))
    elif len(digits) > 2:
        hour, minute = int(digits[:-2]), int(digits[-2:])
    else:
        hour, minute = int(digits), 0
    if hour == 24 and minute == 0:
        return dt.time(0), True
    if hour > 23 or minute > 59:
        raise Misread("invalid_time", value=text)
    return dt.time(hour, minute), False


def parse_clock_range(cell: Cell) -> ClockRange:
    """A clock range. A range whose end is before its start is a night of at most twelve hours, or
    else a slip.

    Raises `Misread`: `invalid_time`, `ends_before_start`.
    """
    found = RANGE.fullmatch(cell.text)
    if not found:
        raise Misread("invalid_time", value=cell.text)
    return clock_range(found["start"], found["end"], written=cell.text)


def clock_range(start_text: str, end_text: str, *, written: str) -> ClockRange:
    """A range from the texts of its ends; `written` is what the problem shows. Raises as
    `parse_clock_range`.
    """
    (start, _), (end, end_is_24) = parse_time(start_text), parse_time(end_text)
    if end_is_24 or start < end:
        return ClockRange(start, end, next_day=end_is_24)
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute + 24 * 60
    if start == end or dt.timedelta(minutes=minutes) > _LONGEST_NIGHT:
        raise Misread("ends_before_start", reason="clock", value=written)
    return ClockRange(start, end, next_day=True)
