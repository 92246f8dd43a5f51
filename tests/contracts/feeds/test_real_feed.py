"""The whole way once: 100 shifts in the diary, fetched at their address, read by every program."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from experts.models import DiaryEntry
from experts.services import diary
from tests.cast import Cast
from tests.contracts.feeds.readers import READERS
from tests.scheduling.feeds.makers import NOW, make_address, make_assignment, make_session

HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.django_db
def test_a_hundred_shifts_reach_every_reader_as_they_stand_in_the_diary(
    cast: Cast, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    first = dt.datetime(2027, 3, 25, 14, tzinfo=HELSINKI)  # three days before summer time
    for number in range(100):  # every 2.25 days, past the end of summer time on 31 October
        starts_at = (first + dt.timedelta(days=number * 9 // 4)).astimezone(dt.UTC)
        session = make_session(
            cast.sastamala, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=4)
        )
        made = make_assignment(session, cast.aino.expert)
        if number % 10 == 0:
            diary.cancel(f"assignment:{made.pk}", now=NOW)
    feed = Client().get(make_address(cast.aino.expert)).content
    expected = sorted(
        (
            f"{entry.source.replace(':', '-')}@uid.vuoro.invalid",
            entry.starts_at,
            entry.ends_at,
            "CANCELLED" if entry.cancelled_at else "CONFIRMED",
        )
        for entry in DiaryEntry.objects.filter(expert=cast.aino.expert)
    )
    assert len(expected) == 100
    seen = {name: read(feed) for name, read in READERS.items()}
    for name, entries in seen.items():
        assert [(e.uid, e.start, e.end, e.status) for e in entries] == expected, name
        assert {e.start.astimezone(HELSINKI).time() for e in entries} == {dt.time(14)}, name
    assert all(entries == seen["icalendar"] for entries in seen.values())
