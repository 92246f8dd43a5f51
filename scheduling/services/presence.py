"""Who was there after all: mended when a session is closed out, and afterwards."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.models import User
from coordination.transactions import one_transaction
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from scheduling.models.assignments import SEATED
from scheduling.services import locks, outcomes


def unanswered(session: Session) -> QuerySet[Assignment]:
    """People who were asked and never answered: still asked, or no longer asked since the session began.

    They may have come all the same.
    """
    asked = Q(state=AssignmentState.PROPOSED)
    asked |= Q(state=AssignmentState.CANCELLED, changed_at__gte=session.starts_at)
    counted = session.assignments.filter(state__in=SEATED).exclude(state=AssignmentState.PROPOSED)
    others = Assignment.objects.filter(asked, session=session)
    return (
        others.exclude(expert__in=counted.values("expert"))
        .select_related("expert")
        .order_by("seat", "id")
    )


def came(
    assignment: Assignment, *, session: Session, by: User | None, now: dt.datetime
) -> Assignment:
    """A person on a locked session was there: asked, no longer asked, or taken for a no-show → held.

    Raises Refused `wrong_state`, `diary_overlap`, `full` when somebody else has the seat and none is free.
    """
    assignment.session = session
    if assignment.state not in SEATED:
        assignment.seat = _seat_for(assignment)
    outcomes.settle(assignment, AssignmentState.HELD, by=by, now=now)
    return assignment


def _seat_for(assignment: Assignment) -> int:
    """Its own seat, or the first free one."""
    session = assignment.session
    taken = set(session.assignments.filter(state__in=SEATED).values_list("seat", flat=True))
    if assignment.seat not in taken:
        return assignment.seat
    free = sorted(set(range(1, session.seats + 1)) - taken)
    if not free:
        raise Refused(_("All seats are taken."), code="full")
    return free[0]


@one_transaction
def amend(
    assignment: Assignment, *, was_there: bool, by: User | None, now: dt.datetime
) -> Assignment:
    """held ↔ no-show after the session was closed out: what was recorded was a mistake.

    Who was asked and never answered can be marked as there too. The fee is billing's: see
    billing/services/closeout.py. Raises Refused `not_closed`, `wrong_state`, `diary_overlap`, `full`.
    """
    row = locks.assignment(assignment.pk)
    if row.session.state != SessionState.CLOSED:
        raise Refused(
            _("The session has not been recorded yet. Record it first."), code="not_closed"
        )
    if not was_there:
        outcomes.settle(row, AssignmentState.NO_SHOW, by=by, now=now)
        return row
    mistaken = row.state in (AssignmentState.HELD, AssignmentState.NO_SHOW)
    if not mistaken and not unanswered(row.session).filter(pk=row.pk).exists():
        raise Refused(_("This person was not coming to the session."), code="wrong_state")
    return came(row, session=row.session, by=by, now=now)
