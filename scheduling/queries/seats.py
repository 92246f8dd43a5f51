"""The seats of a session as people see them: who sits where, what is open."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from scheduling.models import Assignment, AssignmentState, Session, SessionState
from scheduling.models.assignments import SEATED

OPEN = "open"
_GONE = (SessionState.CANCELLED,)


@dataclass(frozen=True)
class Seat:
    """One numbered seat: `state` is an assignment's, or "open"."""

    number: int
    state: str
    assignment: Assignment | None = None

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


def with_seats(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Sessions with what a line about them needs; two queries in all."""
    taken = Assignment.objects.filter(state__in=(*SEATED, AssignmentState.CANCELLED))
    return sessions.select_related("kind", "unit", "site").prefetch_related(
        Prefetch(
            "assignments",
            queryset=taken.select_related("expert", "tally").order_by("seat", "id"),
            to_attr="on_seats",
        )
    )


def seats_of(session: Session) -> list[Seat]:
    """Seats 1 … n in order; of a cancelled session those who sat there, struck."""
    rows: Iterable[Assignment] = session.on_seats  # type: ignore[attr-defined]  # put there by with_seats
    if session.state in _GONE:
        gone = {row.seat: row for row in rows}
        return [
            Seat(number, AssignmentState.CANCELLED, gone.get(number))
            for number in range(1, session.seats + 1)
        ]
    taken = {row.seat: row for row in rows if row.state in SEATED}
    numbers = sorted({*range(1, session.seats + 1), *taken})
    return [
        Seat(number, taken[number].state, taken[number]) if number in taken else Seat(number, OPEN)
        for number in numbers
    ]


def open_seats(session: Session) -> int:
    """How many seats nobody has or is asked for."""
    return sum(seat.is_open for seat in seats_of(session))
