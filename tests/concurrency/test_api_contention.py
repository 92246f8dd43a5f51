"""Two requests get in each other's way: the API tries again as a whole, and says so when that did not help."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from api.services import tokens
from coordination.models import User
from coordination.transactions import ATTEMPTS, Contention
from scheduling.models import Session, SessionState
from scheduling.services import assignments, locks, offers
from tests.cast import Cast
from tests.scheduling.makers import DAY, NOW, make_experts, make_session

Together = Callable[..., Counter[str]]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db: None, ready: Cast, time_machine: Any) -> Cast:
    time_machine.move_to(NOW)
    return ready


def _caller(user: User) -> APIClient:
    _, token = tokens.make(user, name="test", now=NOW)
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def _cancel(user: User, session: Session, **headers: str) -> Callable[[], None]:
    caller = _caller(user)

    def call() -> None:
        answer = caller.post(f"/api/v1/sessions/{session.pk}/cancel/", headers=headers)
        assert answer.status_code == 200, answer.status_code

    return call


@pytest.mark.parametrize("number", range(3))
def test_cancelling_while_people_sit_down(place: Cast, run_together: Together, number: int) -> None:
    """Whoever sits down between the look and the lock makes the request start over, not fail."""
    session = make_session(place.sastamala, f"2027-03-{number + 10} 09:30", seats=30)
    people = make_experts(30, units=[place.sastamala.unit], kinds=[session.kind])
    asked = offers.send(
        session, experts=people, expires_at=NOW + DAY, by=place.coordinator, now=NOW
    )
    claims: list[Callable[[], object]] = [
        partial(offers.accept, one, by=None, now=NOW) for one in asked
    ]
    claims.insert(4, _cancel(place.coordinator, session))
    outcomes = run_together(claims, threads=6)
    assert outcomes["done"] >= 1
    assert set(outcomes) <= {"done", "wrong_state"}
    session.refresh_from_db()
    assert session.state == SessionState.CANCELLED
    assert not session.assignments.seated().exists()


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": "once"}])
def test_a_request_that_meets_somebody_starts_over(
    place: Cast, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    session = make_session(place.sastamala)
    tries: list[int] = []
    real = locks.session_and_people

    def quicker_once(session_id: int) -> Session:
        tries.append(session_id)
        if len(tries) == 1:
            raise Contention
        return real(session_id)

    monkeypatch.setattr(locks, "session_and_people", quicker_once)
    _cancel(place.coordinator, session, **headers)()
    assert len(tries) == 2


@pytest.fixture
def never_free(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Somebody is always quicker; the list counts the tries."""
    tries: list[int] = []

    def busy(session_id: int) -> Session:
        tries.append(session_id)
        raise Contention

    monkeypatch.setattr(locks, "session_and_people", busy)
    return tries


def test_the_api_says_that_it_did_not_get_through(place: Cast, never_free: list[int]) -> None:
    session = make_session(place.sastamala)
    answer = _caller(place.coordinator).post(f"/api/v1/sessions/{session.pk}/cancel/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "busy"
    assert len(never_free) == ATTEMPTS


def test_the_closeout_page_says_that_it_did_not_get_through(
    place: Cast, never_free: list[int], time_machine: Any
) -> None:
    session = make_session(place.sastamala)
    asked = assignments.propose(
        session, expert=place.aino.expert, overrules={}, by=place.coordinator, now=NOW
    )
    assignments.confirm(asked, by=place.aino.user, now=NOW)
    time_machine.move_to(session.ends_at + DAY)
    client = Client(raise_request_exception=False)
    client.force_login(place.sari)
    seat = session.assignments.get()
    filled = {"starts_time": "9.30", "ends_time": "13.30", "present": [seat.pk]}
    answer = client.post(f"/closeout/{session.pk}/", filled)
    assert answer.status_code == 503
    assert "Joku muu muuttaa samaa asiaa juuri nyt" in answer.content.decode()
    assert len(never_free) == ATTEMPTS
