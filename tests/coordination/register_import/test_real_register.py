"""The register as an organisation keeps it by hand: every planted problem at its cell, few
others.
"""

import io

import openpyxl
import pytest

from coordination.register_import import planning
from coordination.register_import.planning import Outcome
from coordination.workbook.problems import Severity
from tests.coordination.register_import.helpers import (
    MENDED,
    edited,
    outcomes,
    places,
    planted,
    read,
)

pytestmark = pytest.mark.django_db

SHIFTS = "Vuorot 2027"
FURTHER = {
    (SHIFTS, 11, "Pvm", "holiday"),
    (SHIFTS, 21, "Pvm", "holiday"),
    (SHIFTS, 37, "Pvm", "holiday"),
    (SHIFTS, 38, "Pvm", "holiday"),
    (SHIFTS, 44, "Pvm", "holiday"),
    (SHIFTS, 58, "Pvm", "holiday"),
    (SHIFTS, 79, "Pvm", "holiday"),
    (SHIFTS, 86, "Pvm", "holiday"),
    # the person's own row says: not to this unit
    (SHIFTS, 21, "Kokemusasiantuntijat", "excluded_unit"),
    # the responsible professional is an expert on the register
    (SHIFTS, 36, "Vastuuammattilainen", "not_a_professional"),
    # no agreement of any unit lists online counselling
    (SHIFTS, 98, "Muoto", "no_agreement"),
}
"""Problems nobody planted, yet they are there."""


def test_all_planted_problems_are_found_at_their_cell_and_only_true_ones_beside_them() -> None:
    assert len(planted()) == 32
    assert places(read().worth_mending()) == planted() | FURTHER


def test_errors_keep_rows_out_and_warnings_do_not() -> None:
    errors = {(p.sheet, p.row, p.column) for p in read().problems if p.is_error}
    assert errors == {
        ("Kokemusasiantuntijat", 11, "Sähköposti"),
        ("Kokemusasiantuntijat", 15, "Koulutus valmis"),
        ("Kokemusasiantuntijat", 19, "Sähköposti"),
        ("Kokemusasiantuntijat", 28, "Max h/vko"),
        ("Kokemusasiantuntijat", 32, "Ei yksiköihin"),
        ("Kokemusasiantuntijat", 36, "Vaitiolo allekirjoitettu"),
        ("Kokemusasiantuntijat", 40, "Palkanlaskennan nro"),
        ("Kokemusasiantuntijat", 44, "Kotikunta"),
        ("Yksiköt", 10, "Y-tunnus"),
        ("Sopimukset", 11, "Päättyy"),
        ("Palkkiot", 9, "Voimassa alkaen"),
        ("Perehdytykset", 165, "Kokemusasiantuntija"),
        (SHIFTS, 93, "Kokemusasiantuntijat"),
        (SHIFTS, 94, "Klo"),
        (SHIFTS, 95, "Vastuuammattilainen"),
        (SHIFTS, 96, "Yksikkö"),
    }


def test_notes_are_few_kinds_and_none_is_worth_mending() -> None:
    notes = {p.code for p in read().problems if p.severity is Severity.NOTE}
    assert notes == {"day_not_said", "missing", "no_orientation", "kind_not_agreed"}


def test_the_night_over_the_clock_change_lasts_four_hours() -> None:
    [night] = [p for p in read().problems if p.code == "crosses_midnight"]
    assert night.params["hours"] == "4"


def test_rows_that_need_a_row_with_an_error_wait_for_it() -> None:
    rows = planning.plan(read().register)
    waiting = {(row.sheet, row.waits_for) for row in rows if row.outcome is Outcome.WAITS}
    assert ("Perehdytykset", "Kangasalan terveyskeskus") in waiting
    assert ("Sopimukset", "Kangasalan terveyskeskus") in waiting
    assert ("Perehdytykset", "Väinö Luonnos") in waiting
    assert outcomes(rows) == {Outcome.NEW: 282, Outcome.WAITS: 61, Outcome.ERROR: 16}


def test_a_mended_register_has_no_error_and_every_row_comes_in() -> None:
    reading = read(edited(*MENDED))
    assert [p for p in reading.problems if p.is_error] == []
    assert outcomes(planning.plan(reading.register)) == {Outcome.NEW: 359}


def _shuffled(book: openpyxl.Workbook) -> None:
    """The same register with its columns the other way round, its sheets too, titles on top,
    headers shouted.
    """
    for sheet in book.worksheets:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        sheet.delete_rows(1, sheet.max_row)
        for number, row in enumerate(rows, start=1):
            turned = list(reversed(row))
            if sheet.title != "Kokemusasiantuntijat" and number == 1:
                turned = [f"  {name} ".upper() for name in turned if name]
            for column, value in enumerate(turned, start=1):
                sheet.cell(number, column).value = value
    for sheet in list(book.worksheets):
        book.move_sheet(sheet, -book.index(sheet))
        title, sheet.title = sheet.title.upper(), "taken off"
        sheet.title = title


def test_order_case_and_sheets_do_not_matter() -> None:
    found = {
        (s.casefold(), r, c.casefold(), code)
        for s, r, c, code in places(read(edited(_shuffled)).worth_mending())
    }
    expected = {(s.casefold(), r, c.casefold(), code) for s, r, c, code in planted() | FURTHER}
    assert found == expected


def test_title_rows_push_the_problems_down_with_their_rows() -> None:
    def titled(book: openpyxl.Workbook) -> None:
        for sheet in book.worksheets:
            sheet.insert_rows(1, 3)
            sheet["A1"].value = f"{sheet.title}, päivitetty 11.12.2026"

    moved = {(s, r + 3, c, code) for s, r, c, code in planted() | FURTHER}
    assert places(read(edited(titled)).worth_mending()) == moved


def test_a_missing_sheet_and_a_missing_column_are_told_once_each() -> None:
    def poorer(book: openpyxl.Workbook) -> None:
        book.remove(book["Palkkiot"])
        book["Sopimukset"]["D1"].value = "Jotain"
        book.create_sheet("Omat muistiinpanot")

    reading = read(edited(poorer))
    found = [
        p for p in reading.problems if p.sheet in {"Palkkiot", "Sopimukset", "Omat muistiinpanot"}
    ]
    by_code = {(p.code, p.sheet, p.row, p.column) for p in found}
    assert ("missing_sheet", "Palkkiot", 1, "") in by_code
    assert ("missing_column", "Sopimukset", 1, "Muodot") in by_code
    assert ("unknown_column", "Sopimukset", 1, "Jotain") in by_code
    assert ("unknown_sheet", "Omat muistiinpanot", 1, "") in by_code
    assert len([p for p in found if p.code == "missing_column"]) == 1
    rows = planning.plan(reading.register)
    assert {row.outcome for row in rows if row.sheet == "Sopimukset"} == {Outcome.ERROR}


def test_an_empty_workbook_lacks_every_sheet_and_nothing_breaks() -> None:
    book = openpyxl.Workbook()
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    reading = read(file)
    assert {p.sheet for p in reading.problems if p.code == "missing_sheet"} == {
        "Yksiköt",
        "Sopimukset",
        "Kokemusasiantuntijat",
        "Perehdytykset",
        "Vuorot",
        "Työnohjaus",
        "Palkkiot",
    }
    assert planning.plan(reading.register) == []
