"""1,000 people accept an offer of one of 50 seats, from 32 threads: 50 winners, 950 clean refusals.

They go the way the product goes, `offers.accept`: most by the service, as the link in the mail and the
page call it, and some by the API over HTTP. The control takes the lock and the constraint away and must
oversell: else this test proves nothing.
"""

import json
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection

from api.services import tokens
from coordination.errors import Refused
from coordination.models import OutboxMessage
from experts.models import DiaryEntry
from scheduling.models import Assignment, AssignmentState, Offer, OfferState, Session
from scheduling.services import locks, offers, outcomes
from tests.cast import Cast
from tests.scheduling.makers import DAY, NOW, make_experts, make_session

Together = Callable[..., Counter[str]]

pytestmark = pytest.mark.django_db(transaction=True)

SEATS, CLAIMS, THREADS = 50, 1000, 32
EVERY = 10
"""Each tenth answer comes over HTTP."""

GONE = "wrong_state"
"""The code of "the shift was filled already": the last winner ends all offers that still wait."""


def _offered(cast: Cast, count: int, *, seats: int) -> tuple[Session, list[Offer]]:
    session = make_session(cast.sastamala, seats=seats)
    people = make_experts(count, units=[cast.sastamala.unit], kinds=[session.kind])
    sent = offers.send(session, experts=people, expires_at=NOW + DAY, by=cast.coordinator, now=NOW)
    assert len(sent) == count
    return session, sent


def _accepting(sent: list[Offer]) -> list[Callable[[], object]]:
    return [partial(offers.accept, offer, by=None, now=NOW) for offer in sent]


def _over_http(address: str, token: str, offer: Offer) -> None:
    """The same through the API; its problem details are read back into a refusal."""
    request = urllib.request.Request(  # noqa: S310 — an address of ours
        f"{address}/api/v1/offers/{offer.pk}/accept/",
        data=b"{}",
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"offer-{offer.pk}",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60):  # noqa: S310 — as above
            return
    except urllib.error.HTTPError as error:
        with error:
            problem = json.load(error)
    assert problem["status"] == 409, problem
    raise Refused(problem["detail"], code=problem["code"])


def test_fifty_seats_have_fifty_winners(
    transactional_db: None,
    cast: Cast,
    run_together: Together,
    live_server: Any,
    time_machine: Any,
) -> None:
    time_machine.move_to(NOW)
    session, sent = _offered(cast, CLAIMS, seats=SEATS)
    _, token = tokens.make(cast.coordinator, name="puhelin", now=NOW)  # answers on behalf of people
    calls = _accepting(sent)
    for number in range(0, CLAIMS, EVERY):
        calls[number] = partial(_over_http, live_server.url, token, sent[number])

    assert run_together(calls, threads=THREADS) == {"done": SEATS, GONE: CLAIMS - SEATS}

    taken = Assignment.objects.filter(session=session)
    assert sorted(taken.values_list("seat", flat=True)) == list(range(1, SEATS + 1))
    assert set(taken.values_list("state", flat=True)) == {AssignmentState.CONFIRMED}
    in_diary = set(DiaryEntry.objects.filter(occupies=True).values_list("source", flat=True))
    assert in_diary == {f"assignment:{pk}" for pk in taken.values_list("pk", flat=True)}
    states = Counter(Offer.objects.values_list("state", flat=True))
    assert states == {OfferState.ACCEPTED: SEATS, OfferState.SUPERSEDED: CLAIMS - SEATS}
    winners = Offer.objects.filter(state=OfferState.ACCEPTED).values_list("expert_id", flat=True)
    assert set(winners) == set(taken.values_list("expert_id", flat=True))
    assert OutboxMessage.objects.filter(kind="offer_filled").count() == CLAIMS - SEATS


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session's row is read, not locked; and the last winner does not lock all waiting offers instead."""
    related = ("kind", "unit", "site")
    monkeypatch.setattr(outcomes, "supersede_offers_if_full", lambda *_, **__: None)
    monkeypatch.setattr(
        locks, "session", lambda pk: Session.objects.select_related(*related).get(pk=pk)
    )


@pytest.fixture
def without_constraint(transactional_db: None) -> Iterator[None]:
    """In this test's own throw-away database."""
    name = "assignment_one_person_a_seat"
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        made_by = cursor.fetchone()[0]
        cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM scheduling_assignment")
        cursor.execute(made_by)


def _oversold(cast: Cast, run_together: Together) -> int:
    """How many people sit on a seat that somebody else has too."""
    session, sent = _offered(cast, 200, seats=5)
    outcomes = run_together(_accepting(sent), threads=THREADS)
    assert set(outcomes) <= {"done", "full", GONE}
    seated = Assignment.objects.filter(session=session, state=AssignmentState.CONFIRMED)
    assert seated.count() == outcomes["done"]
    return outcomes["done"] - seated.values("seat").distinct().count()


def test_control_without_lock_and_constraint_it_oversells(
    without_constraint: None, without_lock: None, cast: Cast, run_together: Together
) -> None:
    assert _oversold(cast, run_together) > 0


def test_the_constraint_alone_is_enough(
    transactional_db: None, without_lock: None, cast: Cast, run_together: Together
) -> None:
    assert _oversold(cast, run_together) == 0


def test_the_lock_alone_is_enough(
    without_constraint: None, cast: Cast, run_together: Together
) -> None:
    assert _oversold(cast, run_together) == 0
