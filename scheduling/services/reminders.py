"""What time itself brings: reminders, closeout prompts, the horizon of series. Each is safe to run again."""

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q

from coordination.clock import HOME_ZONE
from coordination.transactions import one_transaction
from scheduling.models import Assignment, AssignmentState, Series, Session, SessionState
from scheduling.occurrences import horizon
from scheduling.services import mails, promises, series, sessions

PROMPTED_FOR = dt.timedelta(days=14)
"""A session that ended longer ago is only listed on Today; nobody is mailed about it."""


def remind(*, now: dt.datetime) -> int:
    """Mail everybody who has a shift on the next calendar day in Helsinki; how many were looked at."""
    tomorrow = now.astimezone(HOME_ZONE).date() + dt.timedelta(days=1)
    midnight = dt.datetime.combine(tomorrow, dt.time(), tzinfo=HOME_ZONE)
    after = dt.datetime.combine(tomorrow + dt.timedelta(days=1), dt.time(), tzinfo=HOME_ZONE)
    coming = Assignment.objects.filter(
        state=AssignmentState.CONFIRMED,
        session__state=SessionState.OPEN,
        session__starts_at__gte=midnight,
        session__starts_at__lt=after,
    )
    ids = list(coming.values_list("pk", flat=True))
    for pk in ids:
        _remind(pk, now=now)
    return len(ids)


@one_transaction
def _remind(assignment_id: int, *, now: dt.datetime) -> None:
    row = (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("expert__user", "session__kind", "session__unit", "session__site")
        .get(pk=assignment_id)
    )
    if row.state == AssignmentState.CONFIRMED:
        mails.reminder(row, now=now)


def prompt_closeouts(*, now: dt.datetime) -> int:
    """Ask the unit and the coordinators what was held of each session that ended; how many.

    Nobody is asked about a session to which nobody had said yes: it is listed on Today.
    """
    came = Assignment.objects.filter(
        session=OuterRef("pk"), state__in=[AssignmentState.CONFIRMED, AssignmentState.HELD]
    )
    over = Session.objects.filter(
        Exists(came),
        state__in=[SessionState.OPEN, SessionState.HELD],
        ends_at__lte=now,
        ends_at__gt=now - PROMPTED_FOR,
    ).select_related("kind", "unit", "site")
    for session in over:
        mails.closeout_prompt(session, now=now)
    return len(over)


def extend_series(*, now: dt.datetime) -> int:
    """Make what the horizon has reached, for every series that goes on; how many sessions."""
    reached = now.astimezone(HOME_ZONE).date() + horizon()
    goes_on = Q(ends_on__isnull=True) | Q(made_until__isnull=True) | Q(made_until__lt=F("ends_on"))
    wants = goes_on & (Q(made_until__isnull=True) | Q(made_until__lt=reached))
    waits = Q(skipped__code__in=series.COMES_BACK)
    going = Series.objects.filter(wants | waits, ended_at__isnull=True).distinct()
    return sum(promises.extend(row, now=now) for row in going)


def open_drafts(*, now: dt.datetime) -> int:
    """Open the sessions of bookings and series that were made as drafts and lack nothing any more.

    A draft that a coordinator made by itself stays one: somebody meant it so.
    """
    asked_for = Session.objects.filter(Q(series__isnull=False) | Q(booking__isnull=False))
    return sessions.publish_ready(asked_for, now=now)
