"""What a poll of a feed costs: rendering afresh, joining what is kept, and answering 304."""

import datetime as dt
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from scheduling.feeds import blocks, queries, render
from scheduling.feeds.event import Calendar
from tests.cast import Cast
from tests.scheduling.feeds.makers import NOW, make_address, make_shifts

EVENTS = 200
ROUNDS = 30
RESULT = Path(__file__).parents[2] / "build" / "bench" / "feeds.json"
CALENDAR = Calendar(name="Vuorot", language="fi")


def milliseconds(work: Callable[[], object]) -> float:
    """The median of some rounds after one to warm up."""
    work()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


@pytest.mark.bench
@pytest.mark.django_db
def test_feed_of_200_sessions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduling.feeds.answer.POLLS_ALLOWED", 10**6)
    monkeypatch.setattr("coordination.clock.now", lambda: NOW)
    make_shifts(cast.sastamala, cast.aino.expert, EVENTS)
    address = make_address(cast.aino.expert)
    client = Client()
    tag = client.get(address)["ETag"]
    events = queries.expert_events(cast.aino.expert, now=NOW)
    assert len(events) == EVENTS

    def afresh() -> None:
        cache.clear()
        blocks.render_kept(CALENDAR, events)

    rows = {
        "render 200 events with icalendar": milliseconds(lambda: render.render(CALENDAR, events)),
        "render and keep (a cold cache)": milliseconds(afresh),
        "join 200 kept events": milliseconds(lambda: blocks.render_kept(CALENDAR, events)),
        "a whole poll, 200": milliseconds(lambda: client.get(address)),
        "a whole poll, 304": milliseconds(
            lambda: client.get(address, headers={"if-none-match": tag})
        ),
    }
    ratio = rows["render 200 events with icalendar"] / rows["join 200 kept events"]
    table = [f"\nCalendar feed of {EVENTS} sessions, median of {ROUNDS} rounds"]
    table += [f"  {name:36}{value:9.2f} ms" for name, value in rows.items()]
    table.append(f"  {'joining is faster by':36}{ratio:9.1f} times\n")
    sys.stdout.write("\n".join(table))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    RESULT.write_text(json.dumps({"at": at, "milliseconds": rows, "ratio": ratio}, indent=2) + "\n")
    assert ratio > 3
