"""Series for their list and their page."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Min, Q, QuerySet

from coordination import formats
from coordination.models import User
from scheduling import occurrences, recurrence
from scheduling.models import PreferredPerson, Series, Session, SessionState, SkippedOccurrence
from scheduling.queries.seats import with_seats
from scheduling.services import monthly, series

GOING, ENDED = "going", "ended"
_ALIVE = (SessionState.DRAFT, SessionState.OPEN)


def listed(user: User, *, unit_id: int | None, state: str, now: dt.datetime) -> QuerySet[Series]:
    """Series with their next session, drafts and days left out; those that begin last come last."""
    today = now.date()
    over = Q(ended_at__isnull=False, ends_on__lt=today) | Q(ends_on__lt=today)
    rows = Series.objects.visible_to(user).select_related("kind", "unit", "site")
    if unit_id:
        rows = rows.filter(unit_id=unit_id)
    if state:
        rows = rows.filter(over) if state == ENDED else rows.exclude(over)
    to_come = Q(sessions__starts_at__gt=now, sessions__state__in=_ALIVE)
    return rows.annotate(
        next_at=Min("sessions__starts_at", filter=to_come),
        drafts=Count("sessions", filter=to_come & Q(sessions__state=SessionState.DRAFT)),
    ).order_by("next_at", "-starts_on", "pk")


def rule_of(row: Series) -> str:
    """ "Joka toinen viikko: torstai, klo 10.00–12.00, 4.3.2027–27.5.2027"."""
    rhythm = recurrence.in_words(row.recurrence, starts_on=row.starts_on)
    first = occurrences.at(series.pattern_of(row), row.starts_on)
    ends = first.ends_at.astimezone(row.unit.zone).time()
    until = formats.date_in_text(row.ends_on) if row.ends_on else ""
    hours = formats.clock_range(row.starts_time, ends)
    return f"{rhythm}, {hours}, {formats.date_in_text(row.starts_on)}–{until}"


@dataclass(frozen=True)
class Page:
    """What the page of one series shows."""

    rule: str
    coming: list[Session]
    past: list[Session]
    skipped: list[SkippedOccurrence]
    preferred: list[PreferredPerson]
    drafts: int
    months: list[str]
    """Months with more or fewer sessions than is usual."""
    is_over: bool
    before: Series | None
    after: list[Series]


def page_of(row: Series, *, now: dt.datetime) -> Page:
    """Everything about a series, in a handful of queries."""
    sessions = list(with_seats(row.sessions.all()).order_by("starts_at"))
    coming = [s for s in sessions if s.ends_at > now]
    today = now.astimezone(row.unit.zone).date()
    days = [s.starts_at.astimezone(s.zone).date() for s in sessions if s.state != "cancelled"]
    return Page(
        rule=rule_of(row),
        coming=coming,
        past=[s for s in sessions if s.ends_at <= now][::-1],
        skipped=list(row.skipped.order_by("occurrence_on")),
        preferred=list(row.preferred.select_related("expert")),
        drafts=sum(s.state == SessionState.DRAFT and s.starts_at > now for s in coming),
        months=monthly.unusual(row.kind, days),
        is_over=row.ended_at is not None or (row.ends_on is not None and row.ends_on < today),
        before=row.continues,
        after=list(row.continued_by.all()),
    )


def cost_words(before: Decimal | None, after: Decimal | None) -> str:
    """ "780,00 € → 820,00 €", or nothing when nobody can tell."""
    if before is None and after is None:
        return ""
    zero = Decimal(0)
    return f"{formats.money(before or zero)} → {formats.money(after or zero)}"
