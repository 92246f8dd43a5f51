"""Bookings for lists and pages."""

import datetime as dt

from django.db.models import Case, IntegerField, QuerySet, Value, When

from coordination import formats
from coordination.models import User
from scheduling.models import (
    Booking,
    BookingState,
    Session,
    SessionState,
    SkippedOccurrence,
)
from scheduling.queries.seats import with_seats


def listed(user: User, *, state: str = "") -> QuerySet[Booking]:
    """Those that wait for a decision first, then the newest."""
    rows = Booking.objects.visible_to(user).select_related("kind", "unit", "site")
    if state:
        rows = rows.filter(state=state)
    waits = Case(
        When(state=BookingState.REQUESTED, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return rows.annotate(waits=waits).order_by("waits", "-requested_at", "-pk")


def title_of(booking: Booking) -> str:
    """ "Ryhmä, to 4.3.2027"."""
    kind = booking.kind.name
    return f"{kind[:1].upper()}{kind[1:]}, {formats.day(booking.starts_on)}"


def sessions_of(booking: Booking) -> QuerySet[Session]:
    """The sessions the booking became, in order."""
    return with_seats(Session.objects.filter(booking=booking)).order_by("starts_at")


def drafts_of(booking: Booking, *, now: dt.datetime) -> int:
    """How many sessions to come are drafts still."""
    return booking.sessions.filter(state=SessionState.DRAFT, starts_at__gt=now).count()


def skipped_of(booking: Booking) -> QuerySet[SkippedOccurrence]:
    """The days that could not be made, with their reasons."""
    rows = SkippedOccurrence.objects.filter(series__booking=booking)
    return rows.select_related("series").order_by("occurrence_on")
