"""Closing out: what was held becomes what is owed, in one transaction."""

import datetime as dt
from collections.abc import Set as AbstractSet

from billing.models import FeeLine
from billing.services import fee_lines
from coordination.models import User
from coordination.transactions import one_transaction
from scheduling.models import Session
from scheduling.services import sessions


@one_transaction
def close_out(
    session: Session,
    *,
    actual_starts_at: dt.datetime,
    actual_ends_at: dt.datetime,
    not_present: AbstractSet[int],
    by: User,
    now: dt.datetime,
) -> list[FeeLine]:
    """Record the actual times (UTC) and who was not there (assignment ids), and make the fee lines.

    Raises Refused when the session is not held yet, is closed already, or the times make no sense.
    Returns the lines made; none for volunteers, unpaid kinds, or where a fee rule is missing
    (finance sees those and makes them once the rule is there).
    """
    sessions.close(
        session,
        actual_starts_at=actual_starts_at,
        actual_ends_at=actual_ends_at,
        not_present=not_present,
        by=by,
        now=now,
    )
    return fee_lines.make_missing(fee_lines.unpaid_yet().filter(session_id=session.pk), now=now)
