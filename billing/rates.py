"""What an assignment is worth: the dated fee rule, and the one formula for the amount."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from billing.models import FeeBasis, FeeRule
from coordination.models import ActivityKind, Unit
from coordination.models.places import in_force
from coordination.money import round_cents


def rule_for(kind_id: int, *, on: dt.date) -> FeeRule | None:
    """The fee rule of an activity kind on a local calendar day; None when nobody has set one."""
    return FeeRule.objects.filter(in_force(on), kind_id=kind_id).first()


def rules_for(wanted: Iterable[tuple[int, dt.date]]) -> dict[tuple[int, dt.date], FeeRule]:
    """Fee rules of many (kind id, day), in one query; a pair without a rule is left out."""
    pairs = set(wanted)
    rules: dict[int, list[FeeRule]] = {}
    for rule in FeeRule.objects.filter(kind__in={kind for kind, _ in pairs}):
        rules.setdefault(rule.kind_id, []).append(rule)
    return {
        (kind, on): rule
        for kind, on in pairs
        for rule in rules.get(kind, ())
        if rule.starts_on <= on and (rule.ends_on is None or on <= rule.ends_on)
    }


def amount_of(*, basis: str, rate: Decimal, minutes: int) -> Decimal:
    """Euros for `minutes` of work: by the hour to the minute, or the same for any length of session."""
    if basis == FeeBasis.HOUR:
        return round_cents(rate * minutes / 60)
    return round_cents(rate)


def estimate(
    *, kind: ActivityKind, unit: Unit, days: Sequence[dt.date], minutes: int, seats: int
) -> Decimal | None:
    """What sessions of `minutes` on these local days cost together, all seats filled.

    Nothing for unpaid kinds; None when a day has no fee rule. Each session is rounded by itself,
    as its line will be, so the estimate is what the lines add up to.
    """
    if not kind.is_paid:
        return Decimal("0.00")
    rules = rules_for((kind.pk, day) for day in days)
    if any((kind.pk, day) not in rules for day in days):
        return None
    each = (
        amount_of(basis=rules[kind.pk, day].basis, rate=rules[kind.pk, day].amount, minutes=minutes)
        for day in days
    )
    return seats * sum(each, Decimal("0.00"))
