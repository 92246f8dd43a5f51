"""An expert's own shifts."""

import datetime as dt

from django.db.models import Q, QuerySet

from coordination.models import UnitContact, User
from coordination.models.places import ContactKind, in_force
from scheduling.models import Assignment, AssignmentState, Offer, OfferState, Session, SessionState

_WITH = ("expert", "session__kind", "session__unit", "session__site")
DONE = (AssignmentState.HELD, AssignmentState.NO_SHOW)


def _own(user: User) -> QuerySet[Assignment]:
    return Assignment.objects.filter(expert__user=user).select_related(*_WITH)


def coming(user: User, *, now: dt.datetime) -> QuerySet[Assignment]:
    """Confirmed shifts that have not ended, the next one first."""
    rows = _own(user).filter(state=AssignmentState.CONFIRMED, session__ends_at__gt=now)
    return rows.order_by("session__starts_at")


def proposed(user: User, *, now: dt.datetime) -> QuerySet[Assignment]:
    """Shifts that wait for the person's answer."""
    rows = _own(user).filter(state=AssignmentState.PROPOSED, session__ends_at__gt=now)
    return rows.order_by("session__starts_at")


def past(user: User, *, now: dt.datetime) -> QuerySet[Assignment]:
    """Shifts that are over, the latest first; their counts come along."""
    over = Q(state__in=DONE) | Q(state=AssignmentState.CONFIRMED, session__ends_at__lte=now)
    return _own(user).filter(over).select_related("tally").order_by("-session__starts_at")


def to_count(user: User, *, now: dt.datetime, since: dt.timedelta) -> QuerySet[Assignment]:
    """Shifts that are over (or going on) and not counted yet, within `since`."""
    rows = _own(user).filter(
        state__in=(AssignmentState.CONFIRMED, AssignmentState.HELD),
        session__starts_at__lte=now,
        session__ends_at__gt=now - since,
        tally__isnull=True,
    )
    return rows.exclude(session__kind__tally_form="none").order_by("session__starts_at")


def offered(user: User, *, now: dt.datetime) -> QuerySet[Offer]:
    """Offers that may still be answered, the most urgent first."""
    rows = Offer.objects.filter(
        expert__user=user,
        state=OfferState.SENT,
        expires_at__gt=now,
        session__state=SessionState.OPEN,
    )
    return rows.select_related(*_WITH).order_by("expires_at")


def meets(session: Session) -> list[UnitContact]:
    """Who of the unit meets the expert: support people first, then the contact person. One query."""
    on = session.starts_at.astimezone(session.zone).date()
    rows = UnitContact.objects.filter(
        in_force(on),
        unit=session.unit_id,
        kind__in=(ContactKind.SUPPORT, ContactKind.CONTACT),
    )
    return sorted(rows, key=lambda contact: (contact.kind != ContactKind.SUPPORT, contact.name))
