"""Clock ranges, nights, and the moments they mean when the clocks are moved."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.workbook.clock_times import ClockRange, parse_clock_range
from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread
from tests.coordination.workbook.makers import code_of

HELSINKI = ZoneInfo("Europe/Helsinki")
MINUTES = st.integers(0, 24 * 60 - 1)


def _time(minutes: int) -> dt.time:
    return dt.time(minutes // 60, minutes % 60)


@given(MINUTES, MINUTES, st.sampled_from(["-", "–", " - ", "—", "\u2011"]))
def test_every_way_to_write_a_range_means_that_range(a: int, b: int, dash: str) -> None:
    if a == b:
        return
    start, end = _time(min(a, b)), _time(max(a, b))
    expected = ClockRange(start, end)
    for style in ("%H:%M", "%H.%M", "%H%M"):
        text = f"{start.strftime(style)}{dash}{end.strftime(style)}"
        assert parse_clock_range(Cell(text)) == expected
        assert parse_clock_range(Cell(f"klo {text}")) == expected
    short = f"{start.hour}.{start.minute:02}{dash}{end.hour}.{end.minute:02}"
    assert parse_clock_range(Cell(short)) == expected


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("9-13", "9.00", "13.00"),
        ("klo 9.00–13.00", "9.00", "13.00"),
        ("09:00-12:00", "9.00", "12.00"),
        ("930-1200", "9.30", "12.00"),
        ("klo 10–14", "10.00", "14.00"),
        ("16-17.30", "16.00", "17.30"),
        ("Kl. 9-11 h", "9.00", "11.00"),
    ],
)
def test_ways_the_register_writes_them(text: str, start: str, end: str) -> None:
    found = parse_clock_range(Cell(text))
    assert (f"{found.start:%-H.%M}", f"{found.end:%-H.%M}") == (start, end)
    assert not found.next_day


def test_a_night_ends_on_the_next_day_and_24_is_the_end_of_the_day() -> None:
    assert parse_clock_range(Cell("23-4")) == ClockRange(dt.time(23), dt.time(4), next_day=True)
    assert parse_clock_range(Cell("20-24")) == ClockRange(dt.time(20), dt.time(0), next_day=True)


@pytest.mark.parametrize("text", ["15-13", "9-9", "12.30-12.00", "20-9"])
def test_a_range_that_runs_backwards_is_a_slip(text: str) -> None:
    with pytest.raises(Misread) as misread:
        parse_clock_range(Cell(text))
    assert misread.value.code == "ends_before_start"


@pytest.mark.parametrize(
    "value", ["", "9", "9-", "25-26", "9.75-10", "aamulla", "9-12-15", "24.30-25", 9, dt.time(9)]
)
def test_what_is_no_range(value: object) -> None:
    with pytest.raises(Misread) as misread:
        parse_clock_range(Cell(value))
    assert misread.value.code == "invalid_time"


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        ("23-4", "2027-03-27", 4),  # the clocks go forward on 28.3.2027
        ("23-4", "2027-10-30", 6),  # and back on 31.10.2027
        ("23-4", "2027-03-20", 5),
        ("9-13", "2027-03-28", 4),
        ("20-24", "2027-03-27", 4),
    ],
)
def test_true_length_over_a_clock_change(text: str, day: str, hours: float) -> None:
    found = parse_clock_range(Cell(text))
    assert found.hours_on(dt.date.fromisoformat(day), HELSINKI) == hours


def test_a_time_the_clocks_skip_does_not_exist() -> None:
    with pytest.raises(Misread) as misread:
        parse_clock_range(Cell("3.30-6")).on(dt.date(2027, 3, 28), HELSINKI)
    assert misread.value.code == "nonexistent_time"


@given(st.text(max_size=20))
def test_anything_is_a_range_or_misread(value: str) -> None:
    assert code_of(parse_clock_range, value) in {"", "invalid_time", "ends_before_start"}
