"""Fields that take days, times and money as people type them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from coordination import formats
from coordination.forms.fields import FinnishDateField, FinnishTimeField, MoneyField


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9.30", dt.time(9, 30)),
        ("9:30", dt.time(9, 30)),
        ("930", dt.time(9, 30)),
        ("0930", dt.time(9, 30)),
        ("9", dt.time(9)),
        ("klo 9.30", dt.time(9, 30)),
        ("kl. 14", dt.time(14)),
        (" 13,30 ", dt.time(13, 30)),
        ("0.00", dt.time(0)),
    ],
)
def test_times(typed: str, meant: dt.time) -> None:
    assert FinnishTimeField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["25.30", "9.60", "aamulla", "9.3", "24.00", "12345"])
def test_no_times(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        FinnishTimeField().clean(typed)
    assert refused.value.code == "invalid"


@given(st.times().map(lambda time: time.replace(second=0, microsecond=0)))
def test_every_time_is_read_as_it_is_shown(time: dt.time) -> None:
    field = FinnishTimeField()
    assert field.clean(field.prepare_value(time)) == time


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("4.3.2027", dt.date(2027, 3, 4)),
        ("04.03.2027", dt.date(2027, 3, 4)),
        ("4.3.27", dt.date(2027, 3, 4)),
        ("4/3/2027", dt.date(2027, 3, 4)),
        ("to 4.3.2027", dt.date(2027, 3, 4)),
        ("2027-03-04", dt.date(2027, 3, 4)),
        ("29.2.2028", dt.date(2028, 2, 29)),
    ],
)
def test_days(typed: str, meant: dt.date) -> None:
    assert FinnishDateField().clean(typed) == meant


@pytest.mark.parametrize(
    ("today", "typed", "meant"),
    [
        ("2027-03-01", "4.3.", dt.date(2027, 3, 4)),
        ("2026-12-20", "7.1.", dt.date(2027, 1, 7)),
        ("2027-01-10", "20.12.", dt.date(2026, 12, 20)),
    ],
)
def test_a_day_without_year_is_the_nearest(
    today: str, typed: str, meant: dt.date, time_machine: Any
) -> None:
    time_machine.move_to(f"{today}T12:00+02:00")
    assert FinnishDateField().clean(typed) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31.2.2027", "no_such_day"),
        ("29.2.2027", "no_such_day"),
        ("huomenna", "invalid"),
        ("1.1.0001", "year"),
        ("9999-12-31", "year"),
    ],
)
def test_no_days(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        FinnishDateField().clean(typed)
    assert refused.value.code == code


@given(st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2199, 12, 31)))
def test_every_day_is_read_as_it_is_shown(day: dt.date) -> None:
    field = FinnishDateField()
    assert field.clean(field.prepare_value(day)) == day


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("25", "25.00"),
        ("25,5", "25.50"),
        ("25.50 €", "25.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50\u00a0€", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
    ],
)
def test_sums(typed: str, meant: str) -> None:
    assert MoneyField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("paljon", "invalid"),
        ("1,234", "invalid"),
        ("-5", "too_small"),
        ("10000000", "too_large"),
        ("NaN", "invalid"),
        ("1e5", "invalid"),
    ],
)
def test_no_sums(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MoneyField().clean(typed)
    assert refused.value.code == code


@given(st.decimals(min_value=0, max_value=9_999_999, places=2))
def test_every_sum_is_read_as_it_is_shown(amount: Decimal) -> None:
    field = MoneyField()
    assert field.clean(field.prepare_value(amount)) == amount
    assert field.clean(formats.money(amount, language="fi")) == amount


@pytest.mark.parametrize("field", [FinnishTimeField, FinnishDateField, MoneyField])
def test_empty_is_none_or_asked_for(field: Any) -> None:
    assert field(required=False).clean("") is None
    with pytest.raises(ValidationError) as refused:
        field().clean("")
    assert refused.value.code == "required"


def test_another_spelling_is_no_change() -> None:
    assert not FinnishTimeField().has_changed(dt.time(9, 30), "930")
    assert FinnishTimeField().has_changed(dt.time(9, 30), "931")
    assert not MoneyField().has_changed(Decimal("25.00"), "25")
