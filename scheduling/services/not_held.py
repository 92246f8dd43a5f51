"""Sessions that are over and to which nobody was coming: they do not stay open for ever (docs/adr/0016)."""

import datetime as dt

from django.db.models import Exists, OuterRef

from coordination.transactions import one_transaction
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from scheduling.services import locks, sessions

AFTER = dt.timedelta(days=7)
"""So long a register import or a coordinator may still put somebody there."""

_CAME = (AssignmentState.CONFIRMED, AssignmentState.HELD, AssignmentState.NO_SHOW)


def end(*, now: dt.datetime) -> int:
    """open → cancelled, by nobody, for sessions that ended over a week ago without anybody; how many.

    Nobody is told: there is nobody to tell, and the unit was there to see it.
    """
    came = Assignment.objects.filter(session=OuterRef("pk"), state__in=_CAME)
    over = Session.objects.filter(~Exists(came), state=SessionState.OPEN, ends_at__lte=now - AFTER)
    return sum(_end(pk, now=now) for pk in over.values_list("pk", flat=True))


@one_transaction
def _end(session_id: int, *, now: dt.datetime) -> bool:
    row = locks.session_and_people(session_id)
    if row.state != SessionState.OPEN or row.assignments.filter(state__in=_CAME).exists():
        return False
    sessions.cancel(row, by=None, now=now)
    return True
