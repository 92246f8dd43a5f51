"""Links that answer without logging in: signed, single use, and silent about anything else."""

import datetime as dt

import pytest

from coordination.errors import Refused
from scheduling.models import Assignment, Offer, Session
from scheduling.services import answers, assignments, offers, sessions
from tests.cast import Cast
from tests.scheduling.makers import DAY, NOW, make_session


@pytest.fixture
def session(ready: Cast) -> Session:
    return make_session(ready.sastamala)


@pytest.fixture
def asked(ready: Cast, session: Session) -> Assignment:
    return assignments.propose(
        session, expert=ready.aino.expert, overrules={}, by=ready.coordinator, now=NOW
    )


@pytest.fixture
def offer(ready: Cast, session: Session) -> Offer:
    [made] = offers.send(
        session,
        experts=[ready.eero.expert],
        expires_at=NOW + DAY,
        by=ready.coordinator,
        now=NOW,
    )
    return made


def _token(path: str) -> str:
    assert path.startswith("/a/")
    assert path.endswith("/")
    return path[3:-1]


def _code(token: str, now: dt.datetime = NOW) -> str:
    with pytest.raises(Refused) as refused:
        answers.read(token, now=now)
    assert str(refused.value)
    return refused.value.code


def test_a_link_finds_what_it_asks(asked: Assignment) -> None:
    assert answers.read(_token(answers.link_for_assignment(asked)), now=NOW) == asked


def test_an_offers_link_finds_the_offer(offer: Offer) -> None:
    found = answers.read(_token(answers.link_for_offer(offer)), now=NOW)
    assert isinstance(found, Offer)
    assert found == offer


@pytest.mark.parametrize("move", [assignments.confirm, assignments.decline, assignments.cancel])
def test_a_link_works_once(ready: Cast, asked: Assignment, move: object) -> None:
    token = _token(answers.link_for_assignment(asked))
    move(asked, by=ready.aino.user, now=NOW)  # type: ignore[operator]
    assert _code(token) == "link_used"


def test_a_link_dies_with_the_session(ready: Cast, session: Session, asked: Assignment) -> None:
    token = _token(answers.link_for_assignment(asked))
    sessions.cancel(session, by=ready.coordinator, now=NOW)
    assert _code(token) == "link_used"


def test_a_link_ends_with_its_time(session: Session, asked: Assignment) -> None:
    token = _token(answers.link_for_assignment(asked))
    assert _code(token, session.ends_at) == "link_expired"


def test_an_offers_link_ends_with_the_offer(offer: Offer) -> None:
    token = _token(answers.link_for_offer(offer))
    assert _code(token, NOW + DAY) == "link_expired"
    offers.expire_due(now=NOW + DAY)
    assert _code(token, NOW + DAY) == "link_expired"


def test_nobody_can_make_one_up(asked: Assignment) -> None:
    token = _token(answers.link_for_assignment(asked))
    body, signature = token.rsplit(".", 1)
    for forged in ("", "x", ".", body, f"{body}.{signature[::-1]}", f"{body[::-1]}.{signature}"):
        assert _code(forged) == "link_unknown"
    # signed by us, but of an older question
    asked.answer_nonce = "A" * 22
    assert _code(_token(answers.link_for_assignment(asked))) == "link_used"


def test_an_empty_nonce_opens_nothing(ready: Cast, asked: Assignment) -> None:
    """An answered row has none: a link made of it must not be good again."""
    done = assignments.confirm(asked, by=ready.aino.user, now=NOW)
    assert done.answer_nonce == ""
    assert _code(_token(answers.link_for_assignment(done))) == "link_used"


def test_each_question_has_a_link_of_its_own(ready: Cast, asked: Assignment) -> None:
    other = assignments.propose(
        make_session(ready.nokia, "2027-03-05 09:30"),
        expert=ready.aino.expert,
        overrules={},
        by=ready.coordinator,
        now=NOW,
    )
    assert answers.link_for_assignment(asked) != answers.link_for_assignment(other)
    assert asked.answer_nonce != other.answer_nonce
