"""The programs people already have must all read the same from a feed."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from scheduling.feeds.event import Calendar, Event, Status, uid
from scheduling.feeds.render import clean, one_line, render
from tests.contracts.feeds.readers import READERS, Seen

HELSINKI = ZoneInfo("Europe/Helsinki")
CALENDAR = Calendar(name="Vuorot: Åsa, ”kevät”; 2027", language="fi")
CHANGED_AT = dt.datetime(2027, 1, 5, 7, 3, 9, tzinfo=dt.UTC)

TEXTS = (
    "Aulavuoro, Sastamala",
    'Yhteistapaaminen; ryhmä 2: "tiistait"',
    "Möte i aulan på Åbovägen – Ärendet är öppet",
    "Ryhmä 👩‍👩‍👧‍👦 ja kahvit ☕️🫶🏽",
    "Pitkä otsikko, joka ei mahdu yhdelle riville: " + "yö, hääyöaie; äö " * 12,
    "x" * 74 + "ä" * 40,
    "Polku C:\\nimet\\uudet, 50 % \\;",
    "BEGIN:VEVENT",
    " =1+1\t^n %0A &amp; <b> ",
    "\u202bאבג\u202c 漢字 e\u0301",
)
NOTES = (
    "",
    "Ilmoittaudu aulassa.\nOta hissi, kerros 2; huone 214.\n\nTervetuloa",
    "Rivi\r\ntoinen\rkolmas\u2028neljäs\u0085viides\x0ckuudes\x00",
    "ä" * 37 + "\n" + "🙂" * 60,
    "END:VEVENT\nEND:VCALENDAR\nX-EVIL;A=B:c",
)


def session(number: int, starts_at: dt.datetime, hours: float = 4) -> Event:
    return Event(
        uid=uid(f"assignment:{number}"),
        sequence=number % 4,
        starts_at=starts_at,
        ends_at=starts_at.astimezone(dt.UTC) + dt.timedelta(hours=hours),
        summary=f"{number} {TEXTS[number % len(TEXTS)]}",
        location=f"{TEXTS[(number // 3) % len(TEXTS)]}\n33100 Tampere" if number % 7 else "",
        description=NOTES[number % len(NOTES)],
        status=list(Status)[number % len(Status)],
        last_modified=CHANGED_AT + dt.timedelta(minutes=number),
        latitude=61.4978 if number % 2 else None,
        longitude=23.761 if number % 2 else None,
    )


def a_year_of_sessions() -> list[Event]:
    """100 sessions: every third day of 2027 at 9.30, and the hours around both clock changes."""
    weekly = [
        session(n, dt.datetime(2027, 1, 7, 9, 30, tzinfo=HELSINKI) + dt.timedelta(days=3 * n))
        for n in range(90)
    ]
    spring = dt.datetime(
        2027, 3, 28, 0, 0, tzinfo=dt.UTC
    )  # 2.00 in Helsinki; 1.00 UTC is the change
    autumn = dt.datetime(2027, 10, 30, 23, 30, tzinfo=dt.UTC)
    changes = [
        session(90 + n, (spring if n < 5 else autumn) + dt.timedelta(minutes=30 * (n % 5)), 1)
        for n in range(10)
    ]
    return weekly + changes


def as_seen(event: Event) -> Seen:
    return Seen(
        uid=event.uid,
        sequence=event.sequence,
        start=event.starts_at.astimezone(dt.UTC),
        end=event.ends_at.astimezone(dt.UTC),
        summary=one_line(event.summary),
        location=one_line(event.location),
        description=clean(event.description),
        status=event.status.value,
    )


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_sees_the_hundred_sessions_as_they_are(reader: str) -> None:
    events = a_year_of_sessions()
    assert len({event.uid for event in events}) == 100
    assert READERS[reader](render(CALENDAR, events)) == sorted(map(as_seen, events))


@pytest.mark.parametrize("reader", READERS)
def test_the_wall_clock_stays_over_both_clock_changes_of_2027(reader: str) -> None:
    """A series made at 14–18 local time stays 14–18, whatever the reader knows of Helsinki."""
    days = (
        dt.date(2027, 3, 27), dt.date(2027, 3, 28), dt.date(2027, 3, 29), dt.date(2027, 7, 7),
        dt.date(2027, 10, 30), dt.date(2027, 10, 31), dt.date(2027, 11, 1),
    )  # fmt: skip
    events = [
        session(n, dt.datetime.combine(day, dt.time(14), tzinfo=HELSINKI))
        for n, day in enumerate(days)
    ]
    utc_hours = {n: (12 if n in (0, 5, 6) else 11) for n in range(len(days))}
    seen = READERS[reader](render(CALENDAR, events))
    assert [entry.start.hour for entry in seen] == list(utc_hours.values())
    assert [entry.start.astimezone(HELSINKI) for entry in seen] == [
        dt.datetime.combine(day, dt.time(14), tzinfo=HELSINKI) for day in days
    ]
    assert [entry.end.astimezone(HELSINKI).time() for entry in seen] == [dt.time(18)] * len(days)


@pytest.mark.parametrize("reader", READERS)
def test_an_empty_calendar_is_read_as_empty(reader: str) -> None:
    assert READERS[reader](render(CALENDAR, [])) == []
