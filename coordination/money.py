"""Money: euros as Decimal, rounded here and nowhere else."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def round_cents(amount: Decimal) -> Decimal:
    """Euros rounded to whole cents, half away from zero (as Finnish payroll rounds)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
