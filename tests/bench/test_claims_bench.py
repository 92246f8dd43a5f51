"""What taking a seat costs, and what it costs to know who can."""

import datetime as dt
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from scheduling import eligibility
from scheduling.models import Session
from scheduling.services import offers, seats
from tests.cast import Cast
from tests.concurrency.conftest import together
from tests.scheduling.makers import DAY, NOW, make_experts, make_session

RESULT = Path(__file__).parents[2] / "build" / "bench" / "claims.json"

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _queries(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as caught:
        work()
    return len(caught)


def test_claims_and_candidates(cast: Cast) -> None:
    unit, kind = cast.sastamala.unit, cast.kinds["lobby_shift"]
    people = make_experts(1000, units=[unit], kinds=[kind])
    contested = make_session(cast.sastamala, seats=50)
    calm = make_session(cast.sastamala, "2027-03-11 09:30", seats=50)
    raw = make_session(cast.sastamala, "2027-03-18 09:30", seats=50)
    accept = partial(offers.accept, by=None, now=NOW)
    send = partial(offers.send, expires_at=NOW + DAY, by=cast.coordinator, now=NOW)

    sent = send(contested, experts=people)
    race = [partial(accept, offer) for offer in sent]
    race_seconds = _seconds(lambda: together(race, threads=32))
    gone = [partial(accept, offer) for offer in sent[:300]]
    refused_seconds = _seconds(lambda: together(gone, threads=1))
    waiting = send(calm, experts=people[:50])
    one_after_another = _seconds(lambda: [accept(offer) for offer in waiting])
    (single,) = send(calm_other(cast), experts=people[60:61])

    def statements() -> None:
        for expert in people[:50]:
            with transaction.atomic():
                seats.take(raw, expert, by=None, now=NOW)

    raw_seconds = _seconds(statements)
    empty = make_session(cast.sastamala, "2027-03-25 09:30")
    session = Session.objects.select_related("kind", "unit", "site").get(pk=empty.pk)
    rows = {
        "1,000 answers to offers of 50 seats, 32 threads, s": race_seconds,
        "one acceptance with all its checks and its mails, ms": 1000 * one_after_another / 50,
        "queries of one acceptance": _queries(lambda: accept(single)),
        "a refusal because the seats are gone, ms": 1000 * refused_seconds / 300,
        "the one statement that takes a seat, ms": 1000 * raw_seconds / 50,
        "1,000 candidates ranked with all reasons, s": _seconds(
            lambda: eligibility.candidates(session, now=NOW)
        ),
        "queries of it": _queries(lambda: eligibility.candidates(session, now=NOW)),
        "how many of 1,000 fit each of 8 sessions, s": _seconds(
            lambda: eligibility.how_many_fit([session] * 8, now=NOW)
        ),
    }
    sys.stdout.write("\nClaims and candidates\n")
    sys.stdout.write("".join(f"  {name:54}{value:10.2f}\n" for name, value in rows.items()))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    RESULT.write_text(json.dumps({"at": at, "values": rows}, indent=2) + "\n")
    assert contested.assignments.count() == 50


def calm_other(cast: Cast) -> Session:
    return make_session(cast.sastamala, "2027-04-01 09:30", seats=2)
