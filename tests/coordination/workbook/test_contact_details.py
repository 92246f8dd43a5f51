"""E-mail addresses, telephone numbers and business ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.workbook.contact_details import parse_business_id, parse_email, parse_phone
from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread
from tests.coordination.workbook.makers import code_of


def test_an_address_is_in_lower_case_without_spaces() -> None:
    assert parse_email(Cell(" EERO.Testila@EXAMPLE.FI ")) == "eero.testila@example.fi"
    assert parse_email(Cell("mailto:a@example.fi")) == "a@example.fi"


def test_a_likely_address_is_offered() -> None:
    with pytest.raises(Misread) as misread:
        parse_email(Cell("sylvi.nayte(at)example.fi"))
    assert misread.value.reason == "likely"
    assert misread.value.params["likely"] == "sylvi.nayte@example.fi"


@pytest.mark.parametrize("value", ["", "sylvi", "a@b", "a b@example.fi", 7, "@example.fi"])
def test_what_is_no_address(value: object) -> None:
    with pytest.raises(Misread) as misread:
        parse_email(Cell(value))
    assert (misread.value.code, misread.value.reason) == ("invalid_email", "")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("(044) 4154032", "+358444154032"),
        ("+358407948109", "+358407948109"),
        ("050-0913771", "+358500913771"),
        ("040 927 8489", "+358409278489"),
        ("00358 40 927 8489", "+358409278489"),
        ("+358 (0)40 927 8489", "+358409278489"),
        (409278489, "+358409278489"),
        (358409278489.0, "+358409278489"),
        ("+46 70 123 4567", "+46701234567"),
    ],
)
def test_numbers_become_international(value: object, expected: str) -> None:
    assert parse_phone(Cell(value)) == expected


@pytest.mark.parametrize(
    "value", ["", "044", "puhelin", "9278489", "040 123 4567 tai 050", "+" * 9]
)
def test_what_is_no_number(value: object) -> None:
    with pytest.raises(Misread) as misread:
        parse_phone(Cell(value))
    assert misread.value.code == "invalid_phone"


@pytest.mark.parametrize("value", ["3221308-6", "32213086", "FI32213086", 32213086])
def test_a_business_id_gets_its_hyphen(value: object) -> None:
    assert parse_business_id(Cell(value)) == "3221308-6"


def test_a_first_zero_that_was_dropped_comes_back() -> None:
    assert parse_business_id(Cell(1582217)) == "0158221-7"


def test_a_wrong_check_digit_is_told_with_the_right_one() -> None:
    with pytest.raises(Misread) as misread:
        parse_business_id(Cell("3221308-5"))
    assert misread.value.reason == "check_digit"
    assert misread.value.params["likely"] == "3221308-6"


@given(st.one_of(st.text(max_size=20), st.integers()))
def test_anything_is_an_id_or_misread(value: object) -> None:
    assert code_of(parse_business_id, value) in {"", "invalid_business_id"}
