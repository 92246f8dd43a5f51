"""Taking a seat in one statement (lessons.md, "Races")."""

import datetime as dt

from django.db import connection

from coordination.models import User
from experts.models import Expert
from scheduling.models import AssignmentState, Session, SessionState
from scheduling.models.assignments import SEATED

_TAKE = """
    INSERT INTO scheduling_assignment
        (session_id, expert_id, seat, state, answer_nonce,
         proposed_at, proposed_by_id, changed_at, changed_by_id)
    SELECT session.id, %(expert)s, free.seat, %(confirmed)s, '',
           %(now)s, %(by)s, %(now)s, %(by)s
      FROM scheduling_session session
     CROSS JOIN LATERAL generate_series(1, session.seats) AS free(seat)
     WHERE session.id = %(session)s
       AND session.state = %(open)s
       AND NOT EXISTS (SELECT 1 FROM scheduling_assignment taken
                        WHERE taken.session_id = session.id
                          AND taken.seat = free.seat
                          AND taken.state = ANY(%(seated)s))
     ORDER BY free.seat
     LIMIT 1
    ON CONFLICT DO NOTHING
    RETURNING id
"""


def take(session: Session, expert: Expert, *, by: User | None, now: dt.datetime) -> int | None:
    """The id of a new confirmed assignment on the first free seat, or None when there is none.

    Two unique constraints (one person a seat, one seat a person) decide; a conflict is a None.
    """
    values = {
        "session": session.pk,
        "expert": expert.pk,
        "by": by.pk if by else None,
        "now": now,
        "confirmed": AssignmentState.CONFIRMED.value,
        "open": SessionState.OPEN.value,
        "seated": [state.value for state in SEATED],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        row = cursor.fetchone()
    return int(row[0]) if row else None
