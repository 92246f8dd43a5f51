"""Headers are found in any order, case and place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.workbook.headers import find_sheets, find_table, key
from coordination.workbook.opening import Sheet
from tests.coordination.workbook.makers import sheet

WANTED = (("Nimi", ("Namn",)), ("Max h/vko", ()), ("Puhelin", ()))


@given(st.permutations(["Nimi", "Max h/vko", "Puhelin", "Muuta"]), st.integers(0, 3))
def test_any_order_below_any_number_of_titles(order: list[str], titles: int) -> None:
    rows = [["Rekisteri 2026"]] * titles + [[], order, [f"{name} x" for name in order]]
    table = find_table(sheet(rows), WANTED)
    assert table is not None
    assert table.header_row == titles + 2
    [row] = table.rows
    cells = {header: table.cell(row, header) for header, _ in WANTED}
    assert {name: cell.text for name, cell in cells.items() if cell} == {
        name: f"{name} x" for name, _ in WANTED
    }
    assert table.unknown == ("Muuta",)


@pytest.mark.parametrize("spelling", ["nimi", " NIMI ", "Nimi:", "Namn", "nimi\xa0*"])
def test_spellings_of_a_header(spelling: str) -> None:
    table = find_table(sheet([[spelling, "max h / vko", "PUHELIN"], ["x"]]), WANTED)
    assert table is not None
    assert set(table.columns) == {"Nimi", "Max h/vko", "Puhelin"}
    assert table.spelled["Nimi"] == " ".join(spelling.split())


def test_a_header_repeated_for_printing_is_no_row_and_empty_rows_are_none() -> None:
    header = ["Nimi", "Puhelin"]
    table = find_table(sheet([header, ["a"], [], header, ["b"], [None, " "]]), WANTED)
    assert table is not None
    assert [row.number for row in table.rows] == [2, 5]


def test_a_column_that_is_there_twice_counts_once() -> None:
    table = find_table(sheet([["Nimi", "Puhelin", "nimi"], ["first", "", "second"]]), WANTED)
    assert table is not None
    assert table.twice == ("nimi",)
    first = table.cell(table.rows[0], "Nimi")
    assert first is not None
    assert first.text == "first"


def test_no_header_no_table() -> None:
    assert find_table(sheet([["Terveisin", "koordinaattori"]]), WANTED) is None
    assert find_table(Sheet("A", []), WANTED) is None


@pytest.mark.parametrize(
    ("title", "year"),
    [("Vuorot 2027", 2027), ("vuorot", None), (" VUOROT  2026 ", 2026), ("Vuorot2027", 2027)],
)
def test_a_sheet_is_found_with_its_year(title: str, year: int | None) -> None:
    found = list(find_sheets([Sheet(title, []), Sheet("Vuorolista", [])], "Vuorot"))
    assert [(s.title, y) for s, y in found] == [(title, year)]


def test_keys_compare_letters_and_digits_only() -> None:
    assert key("Budjetti € / vuosi") == key("budjetti €/VUOSI")
    assert key("Tila") != key("Tilä")
