"""Events into iCalendar bytes (RFC 5545, 7986). Pure: no database, no clock, no cache.

Times are UTC, so no reader has to understand a time zone definition: icalendar's own starts summer
time in Helsinki an hour late, and readers that believe it are an hour off (docs/adr/0009).
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

import icalendar
from icalendar.prop import vDuration

from scheduling.feeds.event import Calendar, Event, Status

FORMAT = "1"
"""Raise it when the same event becomes other bytes: old kept renderings are then left unused."""

REFRESH_EVERY = dt.timedelta(hours=1)
"""How often we ask to be read again. Google decides for itself (4 to 24 hours)."""

_END = b"END:VCALENDAR\r\n"
_LINE_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_BYTE_ORDER_MARK = 0xFEFF


def clean(text: str) -> str:
    """Text every reader takes: one kind of line break, no control characters, no half characters.

    Some readers split lines where Python does (form feed, U+2028 and others); one such character
    in a note would cut the feed in two. Some take an escaped backslash before an n for a line
    break, and no place or activity needs a backslash, so it becomes a slash.
    """
    plain = text.replace("\t", " ").replace("\\", "/")
    lines = _LINE_BREAKS.split(unicodedata.normalize("NFC", plain))
    return "\n".join("".join(filter(_is_wanted, line)).strip() for line in lines).strip()


def one_line(text: str) -> str:
    """Like `clean`, for a title or a place: line breaks become commas."""
    return ", ".join(line for line in clean(text).split("\n") if line)


def _is_wanted(character: str) -> bool:
    point = ord(character)
    if point == _BYTE_ORDER_MARK:  # readers drop it
        return False
    never_a_character = point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    return not never_a_character and unicodedata.category(character) not in {"Cc", "Cs"}


def event_block(event: Event) -> bytes:
    """One event, BEGIN to END, folded and escaped; equal events give equal bytes."""
    block = icalendar.Event()
    block.add("uid", event.uid)
    block.add("sequence", event.sequence)
    block.add("dtstamp", event.last_modified.astimezone(dt.UTC))
    block.add("last-modified", event.last_modified.astimezone(dt.UTC))
    block.add("dtstart", event.starts_at.astimezone(dt.UTC))
    block.add("dtend", event.ends_at.astimezone(dt.UTC))
    block.add("summary", one_line(event.summary))
    if location := one_line(event.location):
        block.add("location", location)
    if description := clean(event.description):
        block.add("description", description)
    if event.latitude is not None and event.longitude is not None:
        block.add("geo", (event.latitude, event.longitude))
    block.add("status", event.status.value)
    block.add("transp", "TRANSPARENT" if event.status is Status.CANCELLED else "OPAQUE")
    return bytes(block.to_ical())


def calendar_head(calendar: Calendar) -> bytes:
    """All that stands before the first event."""
    head = icalendar.Calendar()
    head.add("version", "2.0")
    head.add("prodid", f"-//Vuoro//Vuoro feeds//{calendar.language.upper()}")
    head.add("calscale", "GREGORIAN")
    head.add("method", "PUBLISH")
    head.add("name", one_line(calendar.name))
    head.add("x-wr-calname", one_line(calendar.name))
    head.add("refresh-interval", vDuration(REFRESH_EVERY), {"VALUE": "DURATION"})
    head.add("x-published-ttl", vDuration(REFRESH_EVERY))
    return bytes(head.to_ical()).removesuffix(_END)


def in_order(events: Iterable[Event]) -> list[Event]:
    """By start, then by name, so that equal data is equal bytes whatever order it came in."""
    return sorted(events, key=lambda event: (event.starts_at, event.uid))


def join(calendar: Calendar, blocks: Iterable[bytes]) -> bytes:
    """A whole feed from its rendered events, in the order given."""
    return b"".join((calendar_head(calendar), *blocks, _END))


def render(calendar: Calendar, events: Iterable[Event]) -> bytes:
    """A whole feed, every event rendered afresh."""
    return join(calendar, map(event_block, in_order(events)))
