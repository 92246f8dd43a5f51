"""What an assignment is worth: the dated fee rule, and the one formula for the amount."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from billing.models import FeeBasis, FeeRule
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
