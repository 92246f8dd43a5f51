"""Weekly availability as people write it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread, Severity
from coordination.workbook.weekly import WeeklyHours, Weeks, parse_weekly
from tests.coordination.workbook.makers import code_of

SHORT = ("ma", "ti", "ke", "to", "pe", "la", "su")


def _slots(days: str, start: int, end: int, weeks: Weeks = Weeks.ALL) -> set[WeeklyHours]:
    return {WeeklyHours(int(day), dt.time(start), dt.time(end), weeks) for day in days}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arkisin 8-16", _slots("01234", 8, 16)),
        ("ma-ke 9-15; pe 12-18", _slots("012", 9, 15) | _slots("4", 12, 18)),
        ("ma-ke 9-15, pe 12-18", _slots("012", 9, 15) | _slots("4", 12, 18)),
        ("ti, pe 12-18", _slots("14", 12, 18)),
        ("ti–pe klo 9.00–16.00; la 10-14", _slots("1234", 9, 16) | _slots("5", 10, 14)),
        ("to–to klo 9.00–16.00; la 10-14", _slots("3", 9, 16) | _slots("5", 10, 14)),
        ("ti, ti 12-18", _slots("1", 12, 18)),
        ("ma 9-11 ja 13-15", _slots("0", 9, 11) | _slots("0", 13, 15)),
        ("maanantaisin ja keskiviikkoisin klo 9-12", _slots("02", 9, 12)),
        ("Ma-Pe 9-15.", _slots("01234", 9, 15)),
        ("pe-ma 10-12", _slots("4560", 10, 12)),
        ("joka päivä 10-12", _slots("0123456", 10, 12)),
        ("joka viikko ke 9-12", _slots("2", 9, 12)),
        ("viikonloppuisin 10-14", _slots("56", 10, 14)),
        ("parilliset viikot: ma 9-12", _slots("0", 9, 12, Weeks.EVEN)),
        ("parittomat viikot ti 9-12", _slots("1", 9, 12, Weeks.ODD)),
        ("mån-ons 9-15; fre kl 12-18", _slots("012", 9, 15) | _slots("4", 12, 18)),
        ("ma 9-12, 11-15", _slots("0", 9, 15)),
        ("su 20-24", {WeeklyHours(6, dt.time(20), dt.time(0))}),
    ],
)
def test_what_is_clear(text: str, expected: set[WeeklyHours]) -> None:
    assert set(parse_weekly(Cell(text))) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ke ja to iltapäivä", "part_of_day"),
        ("ma aamulla", "part_of_day"),
        ("iltaisin", "part_of_day"),
        ("ma, ti", "no_hours"),
        ("ma-ke 9-15; pe", "no_hours"),
        ("9-15", "no_days"),
        ("ma- 9-15", "no_days"),
        ("joka toinen viikko ma 9-12", "every_other_week"),
        ("pe 22-4", "over_midnight"),
        ("sopimuksen mukaan", "unknown_words"),
        ("ma 9-12 mutta ei lomilla", "unknown_words"),
        ("ma 9", "unknown_words"),
    ],
)
def test_what_is_not_clear_is_a_warning_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(Misread) as misread:
        parse_weekly(Cell(text))
    assert (misread.value.code, misread.value.reason) == ("ambiguous", reason)
    assert misread.value.severity is Severity.WARNING


def test_hours_that_run_backwards() -> None:
    with pytest.raises(Misread) as misread:
        parse_weekly(Cell("ma 15-9.30"))
    assert misread.value.code == "ends_before_start"


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 22), st.integers(1, 23)),
        min_size=1,
        max_size=4,
    )
)
def test_ranges_of_days_cover_every_hour_that_was_written(
    groups: list[tuple[int, int, int, int]],
) -> None:
    groups = [(a, b, start, end) for a, b, start, end in groups if start < end]
    if not groups:
        return
    text = "; ".join(f"{SHORT[a]}-{SHORT[b]} {start}-{end}" for a, b, start, end in groups)
    written = {
        ((a + step) % 7, hour)
        for a, b, start, end in groups
        for step in range((b - a) % 7 + 1)
        for hour in range(start, end)
    }
    slots = parse_weekly(Cell(text))
    assert {(s.weekday, hour) for s in slots for hour in range(s.start.hour, s.end.hour)} == written
    assert all(
        not (a.weekday == b.weekday and a.start <= b.end and b.start <= a.end)
        for a in slots
        for b in slots
        if a is not b
    )


@given(st.text(alphabet="matikeopls 0123456789-–;,.jx", max_size=40))
def test_anything_is_hours_or_misread(value: str) -> None:
    assert code_of(parse_weekly, value) in {"", "ambiguous", "ends_before_start"}
