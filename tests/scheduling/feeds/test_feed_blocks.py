"""Kept renderings: the same bytes as rendering afresh, and no event rendered twice."""

import dataclasses
import datetime as dt
from collections.abc import Iterator

import pytest
from django.core.cache import cache

from scheduling.feeds import blocks, render
from scheduling.feeds.event import Calendar, Event, uid

FINNISH = Calendar(name="Vuorot", language="fi")
SWEDISH = Calendar(name="Turer", language="sv")
START = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)


def some_events(count: int) -> list[Event]:
    return [
        Event(
            uid=uid(f"assignment:{number}"),
            sequence=0,
            starts_at=START + dt.timedelta(days=number),
            ends_at=START + dt.timedelta(days=number, hours=4),
            summary=f"Aulavuoro {number}",
            last_modified=START,
        )
        for number in range(count)
    ]


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The UIDs of the events that were really rendered, in order."""
    uids: list[str] = []
    original = render.event_block

    def counting(event: Event) -> bytes:
        uids.append(event.uid)
        return original(event)

    monkeypatch.setattr(render, "event_block", counting)
    return uids


def test_a_second_poll_renders_nothing_and_gives_the_same_bytes(rendered: list[str]) -> None:
    events = some_events(200)
    first = blocks.render_kept(FINNISH, events)
    assert len(rendered) == 200
    rendered.clear()
    assert blocks.render_kept(FINNISH, reversed(events)) == first
    assert rendered == []
    assert first == render.render(FINNISH, events)


def test_only_the_changed_event_is_rendered(rendered: list[str]) -> None:
    events = some_events(5)
    blocks.render_kept(FINNISH, events)
    rendered.clear()
    events[2] = dataclasses.replace(events[2], summary="Yhteistapaaminen")  # no rise of SEQUENCE
    assert b"Yhteistapaaminen" in blocks.render_kept(FINNISH, events)
    assert rendered == [events[2].uid]


def test_languages_are_kept_apart(rendered: list[str]) -> None:
    blocks.render_kept(FINNISH, some_events(1))
    blocks.render_kept(SWEDISH, some_events(1))
    assert rendered == [uid("assignment:0")] * 2


def test_a_new_format_leaves_the_old_renderings_unused(
    rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks.render_kept(FINNISH, some_events(1))
    monkeypatch.setattr(render, "FORMAT", "next")
    blocks.render_kept(FINNISH, some_events(1))
    assert rendered == [uid("assignment:0")] * 2
