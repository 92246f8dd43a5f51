"""The coordinator's day: each panel, and how many queries the page takes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from experts.models import Expert
from scheduling.models import Offer, SessionState
from scheduling.queries import today
from scheduling.services import assignments, offers
from tests.cast import Cast
from tests.scheduling.makers import DAY, HOUR, NOW, claim_seat, make_session
from tests.scheduling.pages.world import make_world

pytestmark = pytest.mark.django_db


def test_open_seats_count_who_fits(ready: Cast) -> None:
    session = make_session(ready.sastamala, seats=2)
    make_session(ready.sastamala, "2027-05-04 09:30")
    assignments.propose(session, expert=ready.aino.expert, overrules={}, by=None, now=NOW)

    found = today.with_fitting(today.open_seats(now=NOW), now=NOW)

    line = found.lines[0]
    assert line.fitting
    assert (len(found.lines), line.session, line.open, line.fitting.count) == (1, session, 1, 2)


def test_who_gave_up_stays_until_the_seat_is_taken(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    row = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    assert today.given_up(now=NOW) == []

    assignments.release(row, by=None, now=NOW)
    assert [line.assignment for line in today.given_up(now=NOW)] == [row]

    claim_seat(session, expert=ready.eero.expert, by=None, now=NOW)
    assert today.given_up(now=NOW) == []


def test_who_was_asked_since_somebody_gave_up(ready: Cast) -> None:
    """Offers sent before the seat was given up are of another round and do not count."""
    session = make_session(ready.sastamala, "2027-03-10 09:30")
    eero, onni = ready.eero.expert, ready.onni.expert
    until = NOW + 2 * DAY

    def ask(expert: Expert, hours: int) -> Offer:
        moment = NOW + hours * HOUR
        return offers.send(session, experts=[expert], expires_at=until, by=None, now=moment)[0]

    early = ask(eero, 0)
    offers.decline(early, by=None, now=NOW)
    row = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW + HOUR)
    assignments.release(row, by=None, now=NOW + 2 * HOUR)
    [line] = today.given_up(now=NOW + 2 * HOUR)
    assert (line.asked, line.waiting, line.until) == (0, 0, None)

    offers.decline(ask(eero, 3), by=None, now=NOW + 4 * HOUR)
    ask(onni, 3)
    [line] = today.given_up(now=NOW + 4 * HOUR)
    assert (line.asked, line.waiting, line.until) == (2, 1, until)


def test_a_proposal_is_unanswered_after_two_days(ready: Cast) -> None:
    session = make_session(ready.sastamala, "2027-03-09 09:30")
    row = assignments.propose(session, expert=ready.aino.expert, overrules={}, by=None, now=NOW)

    assert list(today.unanswered(now=NOW + 2 * DAY)) == []
    assert list(today.unanswered(now=NOW + 2.01 * DAY)) == [row]


def test_fill_rate_counts_seats_by_week(ready: Cast) -> None:
    make_session(ready.sastamala, "2027-02-22 09:30", seats=3, state=SessionState.HELD)
    session = make_session(ready.sastamala, "2027-03-02 09:30")
    claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    make_session(ready.sastamala, "2027-03-03 09:30", state=SessionState.CANCELLED)

    fill = today.fill_rate(now=NOW)

    assert [(week.filled, week.seats) for week in fill.weeks] == [(0, 0)] * 6 + [(0, 3), (1, 1)]
    assert fill.percent == 25


def test_the_page_takes_few_queries_however_much_there_is(
    ready: Cast, sign_in: Callable[[Any], Client]
) -> None:
    kaisa = sign_in(ready.coordinator)
    world = make_world(ready)

    def queries(address: str = "/today/") -> int:
        with CaptureQueriesContext(connection) as found:
            assert kaisa.get(address).status_code == 200
        return len([q for q in found if "scheduling_" in q["sql"]])

    queries()
    few, few_fitting = queries(), queries("/today/open-seats/")
    for number, expert in enumerate(world.others * 2):
        session = make_session(
            ready.nokia, f"2027-03-{number % 12 + 8:02} {number // 12 * 5 + 8:02}:00", hours=2
        )
        row = claim_seat(
            session, expert=expert, by=None, now=NOW, overrules={"not_oriented": "Tulossa"}
        )
        if number % 2:
            assignments.release(row, by=None, now=NOW)

    assert (queries(), queries("/today/open-seats/")) == (few, few_fitting)
    assert few < 10
