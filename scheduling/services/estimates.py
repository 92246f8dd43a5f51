"""What a booking would cost. Money lives further up, so billing registers here who can tell."""

import datetime as dt
from collections.abc import Sequence
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


_providers: list[Provider] = []


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
