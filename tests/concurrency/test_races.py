"""Two people act at the same moment: one is served, the other hears a sentence; nothing is half done.

Each race is run several times, since one run may happen to be orderly.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from coordination.models import OutboxMessage
from experts.models import DiaryEntry
from scheduling.models import Assignment, AssignmentState, Offer, OfferState, Session, SessionState
from scheduling.services import answers, assignments, bookings, offers, sessions
from scheduling.services.changes import Changes
from tests.cast import Cast
from tests.scheduling.makers import DAY, HOUR, NOW, claim_seat, make_experts, make_session
from tests.scheduling.services.details import details

Together = Callable[..., Counter[str]]

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(4)


@pytest.fixture
def place(transactional_db: None, ready: Cast) -> Cast:
    return ready


def _day(number: int) -> str:
    return f"2027-03-{number + 10} 09:30"


def _consistent(session: Session) -> None:
    """Who is confirmed, and nobody else, has the shift in the diary; a cancelled session has nobody."""
    session.refresh_from_db()
    confirmed = session.assignments.filter(
        state__in=[AssignmentState.CONFIRMED, AssignmentState.HELD]
    )
    wanted = {f"assignment:{pk}" for pk in confirmed.values_list("pk", flat=True)}
    sources = [f"assignment:{a.pk}" for a in session.assignments.all()]
    occupied = DiaryEntry.objects.filter(source__in=sources, occupies=True)
    assert set(occupied.values_list("source", flat=True)) == wanted
    if session.state == SessionState.CANCELLED:
        assert not wanted


@pytest.mark.parametrize("number", ROUNDS)
def test_two_coordinators_choose_the_same_seat(
    place: Cast, run_together: Together, number: int
) -> None:
    session = make_session(place.sastamala, _day(number))
    propose = partial(assignments.propose, session, overrules={}, by=place.coordinator, now=NOW)
    outcomes = run_together(
        [
            partial(propose, expert=place.aino.expert, seat=1),
            partial(propose, expert=place.eero.expert, seat=1),
        ]
    )
    # the second looks after the first has finished: the only seat of the session is taken
    assert outcomes == {"done": 1, "full": 1}


@pytest.mark.parametrize("number", ROUNDS)
def test_two_coordinators_choose_the_same_person_for_overlapping_sessions(
    place: Cast, run_together: Together, number: int
) -> None:
    here, there = (
        make_session(place.sastamala, _day(number)),
        make_session(place.nokia, _day(number)),
    )
    expert = place.aino.expert
    outcomes = run_together(
        [
            partial(claim_seat, session, expert=expert, by=place.coordinator, now=NOW)
            for session in (here, there)
        ]
    )
    assert outcomes == {"done": 1, "diary_overlap": 1}
    _consistent(here)
    _consistent(there)


@pytest.mark.parametrize("number", ROUNDS)
def test_confirming_while_the_session_is_cancelled(
    place: Cast, run_together: Together, number: int
) -> None:
    session = make_session(place.sastamala, _day(number))
    asked = assignments.propose(
        session, expert=place.aino.expert, overrules={}, by=place.coordinator, now=NOW
    )
    outcomes = run_together(
        [
            partial(assignments.confirm, asked, by=place.aino.user, now=NOW),
            partial(sessions.cancel, session, by=place.coordinator, now=NOW),
        ]
    )
    assert outcomes["done"] == 2 or outcomes == {"done": 1, "wrong_state": 1}
    _consistent(session)
    assert session.state == SessionState.CANCELLED
    told = OutboxMessage.objects.filter(kind="session_cancelled", to_email=place.aino.user.email)
    assert told.count() == 1


@pytest.mark.parametrize("number", ROUNDS)
def test_pressing_the_link_twice(place: Cast, run_together: Together, number: int) -> None:
    session = make_session(place.sastamala, _day(number))
    asked = assignments.propose(
        session, expert=place.aino.expert, overrules={}, by=place.coordinator, now=NOW
    )
    token = answers.link_for_assignment(asked).removeprefix("/a/").removesuffix("/")

    def press() -> None:
        found = answers.read(token, now=NOW)
        assert isinstance(found, Assignment)
        assignments.confirm(found, by=found.expert.user, now=NOW)

    outcomes = run_together([press] * 4)
    assert outcomes["done"] == 1
    assert set(outcomes) <= {"done", "wrong_state", "link_used"}
    _consistent(session)
    assert OutboxMessage.objects.filter(kind="assignment_confirmed_staff").count() == 1


@pytest.mark.parametrize("number", ROUNDS)
def test_releasing_while_the_clinic_closes(
    place: Cast, run_together: Together, number: int
) -> None:
    session = make_session(place.sastamala, _day(number), seats=2)
    mine = claim_seat(session, expert=place.aino.expert, by=None, now=NOW)
    claim_seat(session, expert=place.eero.expert, by=None, now=NOW)
    session.refresh_from_db()
    late = session.starts_at + HOUR
    outcomes = run_together(
        [
            partial(assignments.release, mine, by=place.aino.user, now=late),
            partial(
                sessions.close,
                session,
                actual_starts_at=session.starts_at,
                actual_ends_at=late,
                by=place.sari,
                now=late,
            ),
        ]
    )
    assert outcomes["done"] >= 1
    assert set(outcomes) <= {"done", "wrong_state"}
    mine.refresh_from_db()
    _consistent(session)
    assert session.state == SessionState.CLOSED
    assert mine.state == (AssignmentState.RELEASED if outcomes["done"] == 2 else "held")


@pytest.mark.parametrize("number", ROUNDS)
def test_everybody_accepts_the_same_offer(place: Cast, run_together: Together, number: int) -> None:
    session = make_session(place.sastamala, _day(number))
    people = make_experts(8, units=[place.sastamala.unit], kinds=[session.kind])
    sent = offers.send(session, experts=people, expires_at=NOW + DAY, by=place.coordinator, now=NOW)
    calls = [partial(offers.accept, offer, by=None, now=NOW) for offer in sent]
    outcomes = run_together(calls)
    assert outcomes == {"done": 1, "wrong_state": 7}
    states = Counter(Offer.objects.values_list("state", flat=True))
    assert states == {OfferState.ACCEPTED: 1, OfferState.SUPERSEDED: 7}
    assert OutboxMessage.objects.filter(kind="offer_filled").count() == 7
    _consistent(session)


@pytest.mark.parametrize("number", ROUNDS)
def test_moving_a_session_while_somebody_claims_it(
    place: Cast, run_together: Together, number: int
) -> None:
    session = make_session(place.sastamala, _day(number), seats=2)
    claim_seat(session, expert=place.eero.expert, by=None, now=NOW)
    later: Changes = {"starts_at": session.starts_at + HOUR, "ends_at": session.ends_at + HOUR}
    outcomes = run_together(
        [
            partial(claim_seat, session, expert=place.aino.expert, by=None, now=NOW),
            partial(sessions.change, session, **later, by=place.coordinator, now=NOW),
        ]
    )
    assert outcomes == {"done": 2}
    _consistent(session)
    times = DiaryEntry.objects.filter(occupies=True).values_list("starts_at", flat=True)
    assert set(times) == {later["starts_at"]}


@pytest.mark.parametrize("number", ROUNDS)
def test_a_double_click_books_once(place: Cast, run_together: Together, number: int) -> None:
    from uuid import uuid4

    key = uuid4()
    asked = details(place, starts_on=dt.date(2027, 4, 1))
    book = partial(bookings.request, asked, key=key, by=place.sari, now=NOW)
    assert run_together([book] * 4) == {"done": 4}
    from scheduling.models import Booking

    booking = Booking.objects.get()
    accept = partial(bookings.accept, booking, by=place.coordinator, now=NOW)
    assert run_together([accept] * 3) == {"done": 1, "wrong_state": 2}
    assert Session.objects.count() == 1


@pytest.mark.parametrize("number", ROUNDS)
def test_two_workers_extend_a_series(place: Cast, run_together: Together, number: int) -> None:
    from uuid import uuid4

    from scheduling.models import Booking, Series
    from scheduling.services import series

    asked = details(place, starts_on=dt.date(2027, 4, 1), ends_on=dt.date(2027, 12, 30))
    booking = bookings.request(asked, key=uuid4(), by=place.sari, now=NOW)
    bookings.accept(Booking.objects.get(pk=booking.pk), by=place.coordinator, now=NOW)
    row = Series.objects.get()
    before = row.sessions.count()
    later = NOW + dt.timedelta(weeks=8)
    extend = partial(series.extend, row, now=later)
    assert run_together([extend] * 3) == {"done": 3}
    days = list(row.sessions.values_list("occurrence_on", flat=True))
    assert len(days) == len(set(days)) > before
