"""A clinic's own sessions."""

import datetime as dt

from django.db.models import QuerySet

from coordination.models import User
from scheduling.models import Booking, BookingState, Session, SessionState
from scheduling.queries.seats import with_seats


def _own(user: User) -> QuerySet[Session]:
    return Session.objects.visible_to(user).exclude(state=SessionState.DRAFT)


def coming(user: User, *, now: dt.datetime, until: dt.datetime | None = None) -> QuerySet[Session]:
    """Sessions that have not ended, the next one first; cancelled ones stay, struck through."""
    rows = _own(user).filter(ends_at__gt=now)
    if until is not None:
        rows = rows.filter(starts_at__lt=until)
    return with_seats(rows).order_by("starts_at", "pk")


def to_close(user: User, *, now: dt.datetime) -> QuerySet[Session]:
    """Sessions that are over and not closed out, the oldest first."""
    rows = _own(user).filter(ends_at__lte=now, state__in=(SessionState.OPEN, SessionState.HELD))
    return with_seats(rows).order_by("starts_at", "pk")


def waiting_bookings(user: User) -> QuerySet[Booking]:
    """Bookings nobody has decided about yet."""
    rows = Booking.objects.visible_to(user).filter(state=BookingState.REQUESTED)
    return rows.select_related("kind", "unit", "site").order_by("requested_at")
