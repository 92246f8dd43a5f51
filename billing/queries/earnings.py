"""What one expert earned and was paid, by month (domain.md 3.4: why a monthly view matters)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from billing.models import FeeLine, FeeLineState
from coordination import clock
from experts.models import Expert

ZERO = Decimal("0.00")


@dataclass
class Month:
    """Euros of a calendar month: earned by the day of the session, sent to payroll by the day of export."""

    first_on: dt.date
    earned: Decimal = ZERO
    exported: Decimal = ZERO


def by_month(expert: Expert) -> list[Month]:
    """Months in which something was earned or sent to payroll, the newest first."""
    months: dict[dt.date, Month] = {}

    def month(day: dt.date) -> Month:
        first = day.replace(day=1)
        return months.setdefault(first, Month(first))

    for line in lines_of(expert):
        month(line.session_on).earned += line.amount
        if line.state == FeeLineState.EXPORTED and line.batch and line.batch.exported_at:
            month(clock.today(line.batch.exported_at)).exported += line.amount
    return sorted(months.values(), key=lambda one: one.first_on, reverse=True)


def lines_of(expert: Expert) -> list[FeeLine]:
    """The person's lines that count: reversed pairs that were never paid are left out."""
    return list(
        FeeLine.objects.filter(expert=expert)
        .exclude(state=FeeLineState.REVERSED)
        .select_related("unit", "kind", "batch")
        .order_by("-session_on", "-id")
    )
