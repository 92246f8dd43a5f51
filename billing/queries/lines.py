"""Fee lines as finance looks at them."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from billing.models import FeeLine, FeeLineState
from billing.services import fee_lines
from coordination.models import User
from scheduling.models import Assignment, Session, SessionState


@dataclass(frozen=True)
class PayerTotal:
    """What one payer owes: euros and number of lines."""

    payer_name: str
    cost_centre: str
    amount: Decimal
    lines: int


def for_list(user: User) -> QuerySet[FeeLine]:
    """Lines with what a list shows of them."""
    return (
        FeeLine.objects.visible_to(user)
        .select_related("expert", "unit", "kind", "batch", "project")
        .order_by("-session_on", "-id")
    )


def totals_by_payer(lines: QuerySet[FeeLine]) -> list[PayerTotal]:
    """Sums by payer and cost centre, the largest first."""
    rows = (
        lines.order_by()
        .values("payer_name", "cost_centre")
        .annotate(total=Sum("amount"), count=Count("pk"))
        .order_by("-total", "payer_name")
    )
    return [
        PayerTotal(row["payer_name"], row["cost_centre"], row["total"], row["count"])
        for row in rows
    ]


def ready_for_batch(*, until: dt.date) -> QuerySet[FeeLine]:
    """Approved lines of sessions before the day `until` that wait for a batch."""
    return FeeLine.objects.filter(
        state=FeeLineState.APPROVED, batch__isnull=True, session_on__lt=until
    )


def open_lines() -> QuerySet[FeeLine]:
    return FeeLine.objects.filter(state=FeeLineState.OPEN)


def without_rule() -> list[Assignment]:
    """Held work that is owed for, but no fee rule covers its day."""
    return list(fee_lines.unpaid_yet()[:200])


def without_agreement() -> QuerySet[FeeLine]:
    """Open lines whose unit had no agreement on the day: somebody must settle who pays."""
    agreed = Q(
        unit__agreements__starts_on__lte=F("session_on"),
    ) & (
        Q(unit__agreements__ends_on__isnull=True)
        | Q(unit__agreements__ends_on__gte=F("session_on"))
    )
    lines = FeeLine.objects.filter(state=FeeLineState.OPEN, reverses__isnull=True)
    return lines.exclude(pk__in=lines.filter(agreed).values("pk"))


def without_payroll_number() -> QuerySet[FeeLine]:
    """Lines not yet exported of people payroll cannot find."""
    return FeeLine.objects.filter(
        state__in=(FeeLineState.OPEN, FeeLineState.APPROVED), expert__payroll_number=""
    )


def not_closed(*, now: dt.datetime) -> QuerySet[Session]:
    """Sessions that are over and not closed out: their fees are not known yet."""
    return Session.objects.filter(
        state__in=(SessionState.OPEN, SessionState.HELD),
        ends_at__lt=now,
        assignments__state__in=("confirmed", "held"),
    ).distinct()
