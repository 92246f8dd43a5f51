"""Dates as people and spreadsheet programs write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from coordination.workbook.dates import parse_date
from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread
from tests.coordination.workbook.makers import code_of


def _serial(day: dt.date, epoch: dt.datetime = WINDOWS_EPOCH) -> float:
    """The number a spreadsheet program keeps for a day."""
    return (dt.datetime.combine(day, dt.time()) - epoch).days


DAYS = st.dates(dt.date(1921, 1, 1), dt.date(2099, 12, 31))


@given(DAYS)
def test_every_way_to_write_a_day_means_that_day(day: dt.date) -> None:
    d, m, y = day.day, day.month, day.year
    written = [
        f"{d}.{m}.{y}",
        f"{d:02}.{m:02}.{y}",
        f" {d}. {m}. {y} ",
        f"to {d}.{m}.{y}",
        f"{d}.{m}.{y}.",
        day.isoformat(),
        f"{day.isoformat()}T00:00:00",
        dt.datetime.combine(day, dt.time()),
        day,
        _serial(day),
        float(_serial(day)),
    ]
    assert {parse_date(Cell(value)) for value in written} == {day}
    assert parse_date(Cell(_serial(day, MAC_EPOCH), date1904=True)) == day


def test_days_counted_from_1904() -> None:
    early = dt.date(1921, 6, 1)
    assert parse_date(Cell(_serial(early, MAC_EPOCH), date1904=True)) == early


def test_a_year_of_two_digits_is_of_this_century() -> None:
    assert parse_date(Cell("5.4.26")) == dt.date(2026, 4, 5)


@pytest.mark.parametrize(
    ("value", "code", "reason"),
    [
        ("31.2.2024", "invalid_date", "no_such_day"),
        ("29.2.2027", "invalid_date", "no_such_day"),
        ("2026-13-01", "invalid_date", "no_such_day"),
        ("joo", "invalid_date", ""),
        ("5/4/2026", "invalid_date", ""),
        ("5.4.1026", "invalid_date", ""),
        (True, "invalid_date", ""),
        (7, "invalid_date", ""),
        (10**12, "invalid_date", ""),
        (dt.time(9), "invalid_date", ""),
        ("4/2026", "incomplete_date", ""),
        ("4.2026", "incomplete_date", ""),
        ("2026", "incomplete_date", ""),
        (2026, "incomplete_date", ""),
        ("huhtikuu 2026", "incomplete_date", ""),
        ("keväällä", "invalid_date", ""),
        ("5.4.", "incomplete_date", ""),
    ],
)
def test_what_is_no_whole_day(value: object, code: str, reason: str) -> None:
    with pytest.raises(Misread) as misread:
        parse_date(Cell(value))
    assert (misread.value.code, misread.value.reason) == (code, reason)


@given(st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.booleans()))
def test_anything_is_a_day_or_misread(value: object) -> None:
    assert code_of(parse_date, value) in {"", "invalid_date", "incomplete_date"}
