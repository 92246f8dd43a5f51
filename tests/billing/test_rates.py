"""What an assignment is worth."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from billing import rates
from billing.models import FeeBasis, FeeRule
from coordination.models import ActivityKind, Unit


@pytest.mark.parametrize(
    ("basis", "rate", "minutes", "amount"),
    [
        ("hour", "25.00", 240, "100.00"),
        ("hour", "25.00", 90, "37.50"),
        ("hour", "25.00", 100, "41.67"),
        ("hour", "22.50", 1, "0.38"),  # 0.375 rounds half up
        ("hour", "22.50", 3, "1.13"),  # 1.125 rounds half up, not to even
        ("hour", "27.00", 0, "0.00"),
        ("session", "50.00", 240, "50.00"),
        ("session", "50.00", 15, "50.00"),
        ("session", "150.00", 1440, "150.00"),
    ],
)
def test_amount(basis: str, rate: str, minutes: int, amount: str) -> None:
    assert rates.amount_of(basis=basis, rate=Decimal(rate), minutes=minutes) == Decimal(amount)


@given(
    rate=st.decimals("0.01", "999.99", places=2),
    first=st.integers(0, 720),
    second=st.integers(0, 720),
)
def test_splitting_a_shift_moves_at_most_a_cent(rate: Decimal, first: int, second: int) -> None:
    def by_hour(minutes: int) -> Decimal:
        return rates.amount_of(basis=FeeBasis.HOUR, rate=rate, minutes=minutes)

    assert abs(by_hour(first) + by_hour(second) - by_hour(first + second)) <= Decimal("0.01")


@given(rate=st.decimals("0.01", "999.99", places=2), minutes=st.integers(1, 1440))
def test_amount_is_the_nearest_cent(rate: Decimal, minutes: int) -> None:
    exact = rate * minutes / 60
    amount = rates.amount_of(basis=FeeBasis.HOUR, rate=rate, minutes=minutes)
    assert abs(amount - exact) <= Decimal("0.005")
    assert amount == amount.quantize(Decimal("0.01"))


def test_rule_is_chosen_by_the_day_and_both_ends_belong(
    hourly: FeeRule, lobby: ActivityKind
) -> None:
    hourly.ends_on = dt.date(2026, 11, 30)
    hourly.save()
    raised = FeeRule.objects.create(
        kind=lobby, basis="hour", amount=Decimal("27.00"), starts_on=dt.date(2026, 12, 1)
    )
    days = [
        (dt.date(2025, 12, 31), None),
        (dt.date(2026, 1, 1), hourly),
        (dt.date(2026, 11, 30), hourly),
        (dt.date(2026, 12, 1), raised),
        (dt.date(2030, 1, 1), raised),
    ]
    many = rates.rules_for((lobby.pk, day) for day, _ in days)
    for day, rule in days:
        assert rates.rule_for(lobby.pk, on=day) == rule
        assert many.get((lobby.pk, day)) == rule


def test_two_rules_of_a_kind_never_cover_one_day(hourly: FeeRule, lobby: ActivityKind) -> None:
    with pytest.raises(IntegrityError, match="fee_rule_one_a_day"):
        FeeRule.objects.create(
            kind=lobby, basis="hour", amount=Decimal("27.00"), starts_on=dt.date(2026, 12, 1)
        )


def test_an_estimate_is_what_the_lines_will_add_up_to(
    hourly: FeeRule, lobby: ActivityKind, sastamala: Unit
) -> None:
    days = [dt.date(2026, 11, 30), dt.date(2026, 12, 1)]

    def estimate(**changes: object) -> Decimal | None:
        values = {"kind": lobby, "unit": sastamala, "days": days, "minutes": 100, "seats": 2}
        return rates.estimate(**{**values, **changes})  # type: ignore[arg-type]

    assert estimate() == Decimal("166.68")  # four times 41,67
    assert estimate(days=[dt.date(2025, 12, 31), *days]) is None
    assert estimate(days=[]) == Decimal("0.00")
    lobby.is_paid = False
    assert estimate() == Decimal("0.00")
