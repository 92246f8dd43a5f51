"""What is left of a unit's yearly budget (S4 l.159 "Toiminnalle varataan budjetti").

A budget is an agreement's, for a calendar year or the part of it the agreement covers. Spent is what fee lines
say; promised is what sessions not yet closed out would cost.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, Q, Sum

from billing import rates
from billing.models import FeeLine
from coordination.models import ActivityKind, Agreement, Unit
from scheduling.models import AssignmentState, Session, SessionState
from scheduling.services.estimates import BudgetLeft

_NOT_CLOSED = (SessionState.DRAFT, SessionState.OPEN, SessionState.HELD)
_CAME = (AssignmentState.CONFIRMED, AssignmentState.HELD)
_A_DAY = dt.timedelta(days=1)

Span = tuple[dt.date, dt.date]
"""First and last day; both belong to it."""


def left(
    *,
    kind: ActivityKind,
    unit: Unit,
    days: Sequence[dt.date],
    minutes: int,
    seats: int,
    now: dt.datetime,
) -> list[BudgetLeft]:
    """By year, what would be left after these sessions too; below zero when it does not suffice.

    Euros. A year is left out when no budget was agreed for it, or when some fee rule is missing, so that nobody
    can tell.
    """
    found = []
    for (agreement, year), its_days in _by_budget(unit, days).items():
        cost = rates.estimate(kind=kind, unit=unit, days=its_days, minutes=minutes, seats=seats)
        span = _span(agreement, year)
        promised = _promised(unit, span, now=now)
        if cost is not None and promised is not None:
            budget = agreement.yearly_budget or Decimal(0)
            found.append(BudgetLeft(year, budget - _spent(unit, span) - promised - cost))
    return found


def _by_budget(unit: Unit, days: Sequence[dt.date]) -> dict[tuple[Agreement, int], list[dt.date]]:
    agreements = list(Agreement.objects.filter(unit=unit, yearly_budget__isnull=False))
    found: dict[tuple[Agreement, int], list[dt.date]] = {}
    for day in sorted(days):
        for agreement in agreements:
            first, last = _span(agreement, day.year)
            if first <= day <= last:
                found.setdefault((agreement, day.year), []).append(day)
    return found


def _span(agreement: Agreement, year: int) -> Span:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return max(first, agreement.starts_on), min(last, agreement.ends_on or last)


def _spent(unit: Unit, span: Span) -> Decimal:
    """Lines taken back and what takes them back cancel each other out."""
    lines = FeeLine.objects.filter(unit=unit, session_on__range=span)
    return lines.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _promised(unit: Unit, span: Span, *, now: dt.datetime) -> Decimal | None:
    """All seats of what is ahead; of what is over, those somebody sat on. None: a rule is missing."""
    first, last = (dt.datetime.combine(day, dt.time(), tzinfo=unit.zone) for day in span)
    came = Count("assignments", filter=Q(assignments__state__in=_CAME))
    sessions = (
        Session.objects.filter(
            unit=unit, state__in=_NOT_CLOSED, starts_at__gte=first, starts_at__lt=last + _A_DAY
        )
        .filter(kind__is_paid=True)
        .annotate(came=came)
    )
    rows = [
        (row.kind_id, row.starts_at.astimezone(row.zone).date(), _minutes(row), _seats(row, now))
        for row in sessions
    ]
    rows = [row for row in rows if row[3]]
    rules = rates.rules_for((kind_id, on) for kind_id, on, _minutes, _seats in rows)
    if any((kind_id, on) not in rules for kind_id, on, _minutes, _seats in rows):
        return None
    each = (
        seats * rates.amount_of(basis=rule.basis, rate=rule.amount, minutes=minutes)
        for rule, minutes, seats in (
            (rules[kind_id, on], minutes, seats) for kind_id, on, minutes, seats in rows
        )
    )
    return sum(each, Decimal(0))


def _minutes(session: Session) -> int:
    return round((session.ends_at - session.starts_at).total_seconds() / 60)


def _seats(session: Session, now: dt.datetime) -> int:
    came: int = session.came  # type: ignore[attr-defined]  # annotated in _promised
    return session.seats if session.starts_at > now else came
