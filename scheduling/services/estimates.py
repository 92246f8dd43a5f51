"""What a booking would cost, and what the budget has left. Money lives further up: billing registers who can tell."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from coordination.models import ActivityKind, Unit


class Provider(Protocol):
    """Euros for these days together, or None when no rule tells."""

    def __call__(
        self,
        *,
        kind: ActivityKind,
        unit: Unit,
        days: Sequence[dt.date],
        minutes: int,
        seats: int,
    ) -> Decimal | None: ...


@dataclass(frozen=True)
class BudgetLeft:
    """Euros of a year's budget that would be left after a booking too; below zero: it does not suffice."""

    year: int
    left: Decimal

    @property
    def over(self) -> Decimal:
        """By how much the budget is exceeded; zero when it suffices."""
        return max(-self.left, Decimal(0))


class BudgetProvider(Protocol):
    """What would be left, by year; years without an agreed budget are left out."""

    def __call__(
        self,
        *,
        kind: ActivityKind,
        unit: Unit,
        days: Sequence[dt.date],
        minutes: int,
        seats: int,
        now: dt.datetime,
    ) -> list[BudgetLeft]: ...


_providers: list[Provider] = []
_budgets: list[BudgetProvider] = []


def register(provider: Provider) -> None:
    """Called once, when the application starts; a later one takes the place of an earlier one."""
    _providers[:] = [provider]


def estimate(
    *, kind: ActivityKind, unit: Unit, days: Sequence[dt.date], minutes: int, seats: int
) -> Decimal | None:
    """Euros for all the days and seats together; None when nobody can tell."""
    if not _providers or not days:
        return None
    return _providers[0](kind=kind, unit=unit, days=days, minutes=minutes, seats=seats)


def register_budget(provider: BudgetProvider) -> None:
    """Called once, when the application starts; a later one takes the place of an earlier one."""
    _budgets[:] = [provider]


def budget_left(
    *,
    kind: ActivityKind,
    unit: Unit,
    days: Sequence[dt.date],
    minutes: int,
    seats: int,
    now: dt.datetime,
) -> list[BudgetLeft]:
    """What each year's budget would have left after these sessions; empty when nobody can tell."""
    if not _budgets or not days:
        return []
    return _budgets[0](kind=kind, unit=unit, days=days, minutes=minutes, seats=seats, now=now)
