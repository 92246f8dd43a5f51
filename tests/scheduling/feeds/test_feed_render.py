"""What a feed looks like byte by byte, apart from what readers make of it."""

import dataclasses
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.feeds.event import Calendar, Event, Status, uid
from scheduling.feeds.render import clean, event_block, one_line, render

HELSINKI = ZoneInfo("Europe/Helsinki")
CALENDAR = Calendar(name="Vuorot", language="fi")
EVENT = Event(
    uid=uid("assignment:7"),
    sequence=3,
    starts_at=dt.datetime(2027, 3, 4, 9, 30, tzinfo=HELSINKI),
    ends_at=dt.datetime(2027, 3, 4, 13, 30, tzinfo=HELSINKI),
    summary="Aulavuoro, Sastamala",
    location="Aula; Itsenäisyydentie 2",
    description="Ensimmäinen rivi\nToinen rivi",
    last_modified=dt.datetime(2027, 2, 1, 6, 5, 4, 987654, tzinfo=dt.UTC),
    latitude=61.34,
    longitude=22.9,
)


def with_(**changes: Any) -> Event:
    return dataclasses.replace(EVENT, **changes)


def test_a_whole_feed() -> None:
    assert render(CALENDAR, [EVENT]).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Vuoro//Vuoro feeds//FI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Vuorot",
        "X-WR-CALNAME:Vuorot",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT",
        "SUMMARY:Aulavuoro\\, Sastamala",
        "DTSTART:20270304T073000Z",
        "DTEND:20270304T113000Z",
        "DTSTAMP:20270201T060504Z",
        "UID:assignment-7@uid.vuoro.invalid",
        "SEQUENCE:3",
        "DESCRIPTION:Ensimmäinen rivi\\nToinen rivi",
        "GEO:61.34;22.9",
        "LAST-MODIFIED:20270201T060504Z",
        "LOCATION:Aula\\; Itsenäisyydentie 2",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_cancelled_event_says_so_and_takes_no_time() -> None:
    lines = event_block(with_(status=Status.CANCELLED)).splitlines()
    assert (b"STATUS:CANCELLED" in lines, b"TRANSP:TRANSPARENT" in lines) == (True, True)


def test_order_is_the_feed_s_own() -> None:
    later = with_(uid=uid("assignment:1"), ends_at=EVENT.ends_at + dt.timedelta(hours=1))
    assert render(CALENDAR, [EVENT, later]) == render(CALENDAR, [later, EVENT])


@pytest.mark.parametrize("name", ["starts_at", "ends_at", "last_modified"])
def test_a_moment_without_a_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        with_(**{name: getattr(EVENT, name).replace(tzinfo=None)})


def test_an_event_must_end_after_it_starts() -> None:
    with pytest.raises(ValueError, match="ends before"):
        with_(ends_at=EVENT.starts_at)


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": 4},
        {"starts_at": EVENT.starts_at - dt.timedelta(minutes=1)},
        {"ends_at": EVENT.ends_at + dt.timedelta(minutes=1)},
        {"summary": "Aulavuoro"},
        {"location": ""},
        {"description": "Ensimmäinen rivi"},
        {"status": Status.CANCELLED},
        {"last_modified": EVENT.last_modified + dt.timedelta(seconds=1)},
        {"latitude": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_is_another_version_and_other_bytes(change: dict[str, Any]) -> None:
    changed = with_(**change)
    assert changed.version != EVENT.version
    assert event_block(changed) != event_block(EVENT)


def test_the_same_moment_in_another_zone_is_the_same_event() -> None:
    same = with_(starts_at=EVENT.starts_at.astimezone(dt.UTC))
    assert (same.version, event_block(same)) == (EVENT.version, event_block(EVENT))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Aula", "Aula"),
        ("  Aula \r\n  2. kerros\rovi\x0bB ", "Aula\n2. kerros\novi\nB"),
        ("a\u2028b\u2029c\x85d\x0ce\x1cf", "a\nb\nc\nd\ne\nf"),
        ("\ufeffA\x00u\x07l\x1ba\ud800\uffff\ufdd0", "Aula"),
        ("C:\\nimi", "C:/nimi"),
        ("Hämeenkatu\t5", "Hämeenkatu 5"),
        ("👩‍👩‍👧 ja 🫨", "👩‍👩‍👧 ja 🫨"),
        ("a\u0308", "ä"),
    ],
)
def test_clean_keeps_what_a_person_wrote_and_nothing_that_breaks_a_reader(
    written: str, kept: str
) -> None:
    assert clean(written) == kept


def test_a_title_is_one_line() -> None:
    assert one_line("Aula\n\n Hämeenkatu 5\n") == "Aula, Hämeenkatu 5"


# short texts repeated: hypothesis seldom makes one long enough to be folded
SHORT = st.text(max_size=20) | st.text(alphabet="aä€🙂\u200d ,;\\\n", max_size=20)
TEXTS = st.builds(lambda text, times: text * times, SHORT, st.integers(1, 20))


@given(summary=TEXTS, location=TEXTS, description=TEXTS)
def test_folding_holds_for_any_text(summary: str, location: str, description: str) -> None:
    """At most 75 octets a line, CRLF, whole characters, and unfolding gives the text back."""
    block = event_block(with_(summary=summary, location=location, description=description))
    assert block.endswith(b"\r\n")
    lines = block.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not [line for line in lines if b"\n" in line or b"\r" in line]
    for line in lines:
        line.decode()  # a fold inside a character would not decode
    assert _property(block, "DESCRIPTION") == clean(description)
    assert _property(block, "SUMMARY") == one_line(summary)
    assert _property(block, "LOCATION") == one_line(location)


def _property(block: bytes, name: str) -> str:
    """A property's text by the letter of RFC 5545, 3.1 and 3.3.11, or nothing."""
    unfolded = block.decode().replace("\r\n ", "").split("\r\n")
    values = [line.partition(":")[2] for line in unfolded if line.startswith(f"{name}:")]
    if not values:
        return ""
    (value,) = values
    text, rest = "", value
    while rest:
        if rest[0] == "\\":
            text, rest = text + {"n": "\n", "N": "\n"}.get(rest[1], rest[1]), rest[2:]
        else:
            text, rest = text + rest[0], rest[1:]
    return text
