"""Counts after a session: numbers only, never a name (domain.md 2.4)."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from coordination.errors import Refused
from coordination.models import User
from coordination.models.activity import TallyForm
from coordination.transactions import one_transaction
from scheduling.models import Assignment, AssignmentState, Session, Tally
from scheduling.models.tallies import COUNTS

MOST = 999
OPEN_FOR = dt.timedelta(days=14)
"""So long after a session was closed out its counts can still be mended; then they stand in the figures."""
_CAME = (AssignmentState.CONFIRMED, AssignmentState.HELD)
TOO_LATE = _lazy(
    "The session was recorded more than %(days)s days ago, so its numbers no longer change."
)


def still_open(session: Session, *, now: dt.datetime) -> bool:
    """Whether numbers of a session can still be written down or mended."""
    return session.closed_at is None or now <= session.closed_at + OPEN_FOR


def takes_counts(session: Session, *, now: dt.datetime) -> bool:
    """Whether its form of work is counted at all, and its numbers can be written down or mended now."""
    is_counted = session.kind.tally_form != TallyForm.NONE
    return is_counted and session.starts_at <= now and still_open(session, now=now)


@one_transaction
def save(
    assignment: Assignment, *, counts: Mapping[str, int], by: User | None, now: dt.datetime
) -> Tally:
    """Write down what one person counted; again means instead. Counts left out are zero.

    Raises Refused `wrong_state` for who did not come, `not_yet` before the session begins,
    `too_late` when it was closed out more than `OPEN_FOR` ago, `unknown_count`, `count`.
    """
    row = Assignment.objects.select_for_update(no_key=True, of=("self",)).get(pk=assignment.pk)
    if row.state not in _CAME:
        raise Refused(_("Only who was there can count."), code="wrong_state")
    if row.session.starts_at > now:
        raise Refused(_("The session has not begun yet."), code="not_yet")
    if not still_open(row.session, now=now):
        raise Refused(TOO_LATE % {"days": OPEN_FOR.days}, code="too_late")
    unknown = set(counts) - set(COUNTS)
    if unknown:
        raise Refused(_("There is no such thing to count."), code="unknown_count")
    if any(not 0 <= count <= MOST for count in counts.values()):
        raise Refused(_("A count is a number from 0 to 999."), code="count")
    values = {name: counts.get(name, 0) for name in COUNTS}
    tally, _is_new = Tally.objects.update_or_create(
        assignment=row, defaults={**values, "counted_by": by, "changed_at": now}
    )
    return tally


@one_transaction
def save_all(
    session: Session,
    counts: Mapping[int, Mapping[str, int]],
    *,
    by: User | None,
    now: dt.datetime,
) -> None:
    """What several people of one session counted, by the ids of their assignments.

    Raises Refused as `save` does, and `unknown_assignment` when somebody is of another session.
    """
    named = Assignment.objects.filter(session=session, pk__in=counts).order_by("pk")
    if len(named) != len(counts):
        raise Refused(_("Somebody named was not on this session."), code="unknown_assignment")
    for row in named:
        save(row, counts=counts[row.pk], by=by, now=now)
