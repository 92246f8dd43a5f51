"""Numbers and money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.workbook.amounts import (
    parse_count,
    parse_degrees,
    parse_limit,
    parse_money,
)
from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread
from tests.coordination.workbook.makers import code_of

CENTS = st.integers(0, 99_999_999)


@given(CENTS)
def test_every_way_to_write_a_sum_means_that_sum(cents: int) -> None:
    euros = Decimal(cents) / 100
    comma = f"{euros:.2f}".replace(".", ",")
    grouped = f"{euros:,.2f}".replace(",", " ").replace(".", ",")
    written = [comma, f"{comma} €", f"{comma}€", f"{comma} eur", f"€ {comma}", grouped]
    written += [grouped.replace(" ", "\u00a0"), grouped.replace(" ", "."), f"{euros:.2f}"]
    assert {parse_money(Cell(text)) for text in written} == {euros}
    assert parse_money(Cell(float(euros))) == euros


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("25,00 €", "25.00"),
        ("8 000,00", "8000.00"),
        ("4500,50 €", "4500.50"),
        ("60 €", "60.00"),
        (22.5, "22.50"),
        (25, "25.00"),
        ("1.234.567", "1234567.00"),
    ],
)
def test_sums_the_register_writes(value: object, expected: str) -> None:
    assert str(parse_money(Cell(value))) == expected


@pytest.mark.parametrize(
    ("value", "code", "reason"),
    [
        (-8, "invalid_number", "negative"),
        ("-8", "invalid_number", "negative"),
        ("\u22128", "invalid_number", "negative"),
        ("25,005", "invalid_number", "cents"),
        (0.001, "invalid_number", "cents"),
        ("1.234", "ambiguous_number", ""),
        ("paljon", "invalid_number", ""),
        ("25-30", "invalid_number", ""),
        ("1e5", "invalid_number", ""),
        ("1,2,3", "invalid_number", ""),
        ("12 34", "invalid_number", ""),
        (True, "invalid_number", ""),
        (float("nan"), "invalid_number", ""),
        (10**20, "invalid_number", ""),
    ],
)
def test_what_is_no_sum(value: object, code: str, reason: str) -> None:
    with pytest.raises(Misread) as misread:
        parse_money(Cell(value))
    assert (misread.value.code, misread.value.reason) == (code, reason)


def test_counts_limits_and_degrees() -> None:
    assert parse_count(Cell("16 h")) == 16
    assert parse_limit(Cell(50.0)) == 50
    assert parse_limit(Cell("Ei väliä")) is None
    assert parse_degrees(Cell("-23,5")) == -23.5
    with pytest.raises(Misread) as misread:
        parse_count(Cell("7,5"))
    assert misread.value.reason == "whole"


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.none()))
def test_anything_is_a_sum_or_misread(value: object) -> None:
    assert code_of(parse_money, value) in {"", "invalid_number", "ambiguous_number"}
