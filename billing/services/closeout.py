"""Closing out: what was held becomes what is owed, in one transaction."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from billing.models import FeeLine
from billing.services import fee_lines
from coordination.models import User
from coordination.transactions import one_transaction
from scheduling.models import Assignment, Session
from scheduling.services import presence, sessions, tallies


@one_transaction
def close_out(
    session: Session,
    *,
    actual_starts_at: dt.datetime,
    actual_ends_at: dt.datetime,
    not_present: AbstractSet[int],
    came_after_all: AbstractSet[int] = frozenset(),
    counts: Mapping[int, Mapping[str, int]] | None = None,
    by: User,
    now: dt.datetime,
) -> list[FeeLine]:
    """Record the actual times (UTC) and who was there, and make the fee lines.

    `not_present` and `came_after_all` are ids of assignments, `counts` what was counted by such id.
    Raises Refused when the session is not held yet, is closed already, or the times make no sense,
    `unknown_assignment` when `counts` names somebody of another session.
    Returns the lines made; none for volunteers, unpaid kinds, or where a fee rule is missing
    (finance sees those and makes them once the rule is there).
    """
    sessions.close(
        session,
        actual_starts_at=actual_starts_at,
        actual_ends_at=actual_ends_at,
        not_present=not_present,
        came_after_all=came_after_all,
        by=by,
        now=now,
    )
    counted = {pk: values for pk, values in (counts or {}).items() if pk not in not_present}
    tallies.save_all(session, counted, by=by, now=now)
    return fee_lines.make_missing(fee_lines.unpaid_yet().filter(session_id=session.pk), now=now)


@one_transaction
def amend_presence(
    assignment: Assignment, *, was_there: bool, by: User, now: dt.datetime
) -> list[FeeLine]:
    """What was recorded about one person was a mistake: no-show ↔ held, with the fee; the lines made.

    Who was there gets the fee line that was not made or was taken back; who was not gets it taken
    back, by a negative line when it has been exported. Raises Refused as `presence.amend` does, and
    `in_batch` while the line waits in a locked batch.
    """
    row = presence.amend(assignment, was_there=was_there, by=by, now=now)
    if was_there:
        owed = fee_lines.unpaid_yet(taken_back=True).filter(pk=row.pk)
        return fee_lines.make_missing(owed, now=now)
    paid = FeeLine.objects.filter(assignment=row, reverses=None, reversed_by=None)
    return [fee_lines.reverse(line, by=by, now=now) for line in paid.order_by("id")]
