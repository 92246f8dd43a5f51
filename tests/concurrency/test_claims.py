"""1,000 claims on 50 seats from 32 threads: 50 winners, 950 clean refusals, nothing else.

The control takes the lock and the constraint away and must oversell: else this test proves nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.db import connection

from experts.models import DiaryEntry, Expert
from scheduling.models import Assignment, AssignmentState, Session
from scheduling.services import assignments, locks
from tests.cast import Cast
from tests.scheduling.makers import NOW, make_experts, make_session

Together = Callable[..., Counter[str]]

pytestmark = pytest.mark.django_db(transaction=True)

SEATS, CLAIMS, THREADS = 50, 1000, 32


def _claims(session: Session, experts: list[Expert]) -> list[Callable[[], object]]:
    claim = assignments.claim_seat
    return [partial(claim, session, expert=e, by=None, now=NOW) for e in experts]


def _ready(cast: Cast, count: int, *, seats: int) -> tuple[Session, list[Expert]]:
    session = make_session(cast.sastamala, seats=seats)
    people = make_experts(count, units=[cast.sastamala.unit], kinds=[session.kind])
    return session, people


def test_fifty_seats_have_fifty_winners(
    transactional_db: None, cast: Cast, run_together: Together
) -> None:
    session, people = _ready(cast, CLAIMS, seats=SEATS)
    outcomes = run_together(_claims(session, people), threads=THREADS)
    assert outcomes == {"done": SEATS, "full": CLAIMS - SEATS}
    taken = Assignment.objects.filter(session=session)
    assert sorted(taken.values_list("seat", flat=True)) == list(range(1, SEATS + 1))
    assert set(taken.values_list("state", flat=True)) == {AssignmentState.CONFIRMED}
    in_diary = set(DiaryEntry.objects.filter(occupies=True).values_list("source", flat=True))
    assert in_diary == {f"assignment:{pk}" for pk in taken.values_list("pk", flat=True)}


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session's row is read, not locked."""
    related = ("kind", "unit", "site")
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
    session, people = _ready(cast, 200, seats=5)
    outcomes = run_together(_claims(session, people), threads=THREADS)
    assert set(outcomes) <= {"done", "full"}
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
