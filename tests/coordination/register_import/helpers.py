"""The register kept by hand, read, mended and written in tests."""

import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from coordination.register_import import planning
from coordination.register_import.files import read_file
from coordination.register_import.planning import Outcome, PlannedRow
from coordination.register_import.reading import Reading
from coordination.workbook.problems import Problem

DATA = Path(__file__).parent / "data"
REGISTER = DATA / "register.xlsx"
TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
Place = tuple[str, int, str, str]


def planted() -> set[Place]:
    """The problems that were put into the register on purpose."""
    found = json.loads((DATA / "register-problems.json").read_text(encoding="utf-8"))
    return {(p["sheet"], p["row"], p["column"], p["kind"]) for p in found}


def places(problems: list[Problem]) -> set[Place]:
    return {(p.sheet, p.row, p.column, p.code) for p in problems}


def read(file: io.BytesIO | None = None) -> Reading:
    """The register as it is, or another file."""
    return read_file(file or io.BytesIO(REGISTER.read_bytes()), today=TODAY)


def edited(*edits: Callable[[openpyxl.Workbook], None]) -> io.BytesIO:
    """The register with cells changed."""
    book = openpyxl.load_workbook(REGISTER)
    for edit in edits:
        edit(book)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def cell(sheet: str, row: int, header: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    """An edit: one cell, found by its header."""

    def edit(book: openpyxl.Workbook) -> None:
        table: Worksheet = book[sheet]
        for candidate in table.iter_rows(max_row=5):
            for found in candidate:
                if found.value == header:
                    table.cell(row, found.column).value = value  # type: ignore[assignment]
                    return
        raise AssertionError(f"no column {header}")

    return edit


MENDED = (
    cell("Kokemusasiantuntijat", 11, "Sähköposti", "arvo.keksitty@example.fi"),
    cell("Kokemusasiantuntijat", 15, "Koulutus valmis", "29.2.2024"),
    cell("Kokemusasiantuntijat", 19, "Sähköposti", "sylvi.nayte@example.fi"),
    cell("Kokemusasiantuntijat", 28, "Max h/vko", 8),
    cell("Kokemusasiantuntijat", 32, "Ei yksiköihin", "Sastamalan psykiatrian poliklinikka"),
    cell("Kokemusasiantuntijat", 36, "Vaitiolo allekirjoitettu", "1.10.2025"),
    cell("Kokemusasiantuntijat", 40, "Palkanlaskennan nro", 1035),
    cell("Kokemusasiantuntijat", 44, "Kotikunta", "Tampere"),
    cell("Yksiköt", 10, "Y-tunnus", "3221308-6"),
    cell("Sopimukset", 11, "Alkaa", "1.1.2028"),
    cell("Sopimukset", 11, "Päättyy", "31.12.2028"),
    cell("Palkkiot", 2, "Voimassa asti", "30.11.2026"),
    cell("Perehdytykset", 165, "Kokemusasiantuntija", "Oiva Tarina"),
    cell("Vuorot 2027", 93, "Kokemusasiantuntijat", "Arvo Leikkilä"),
    cell("Vuorot 2027", 94, "Klo", "13-15"),
    cell("Vuorot 2027", 95, "Vastuuammattilainen", "Aune Ammattilainen"),
    cell("Vuorot 2027", 96, "Yksikkö", "Tays Pitkäniemi, avohoito"),
)
"""What somebody does who mends every error, and no warning."""


KEPT = {
    "Kokemusasiantuntijat": {1, 2, 3, 23, 44},
    "Yksiköt": {1, 2},
    "Sopimukset": {1, 2, 3},
    "Palkkiot": {1, 2},
    "Perehdytykset": {1},
    "Vuorot 2027": {1, 2},
    "Työnohjaus": {1},
}


def few(book: openpyxl.Workbook) -> None:
    """An edit: one of each, at the rows where they stand, and one person with an error (row 44).

    For what does not hang on the size of the register: writing all of it takes seconds.
    """
    for title, kept in KEPT.items():
        for row in book[title].iter_rows():
            if row[0].row not in kept:
                for found in row:
                    found.value = None


FEW_MENDED = (few, cell("Kokemusasiantuntijat", 44, "Kotikunta", "Tampere"))
FEW_ROWS = 6
"""How many of them can be written while row 44 has its error."""


def write(reading: Reading) -> list[PlannedRow]:
    return planning.write(reading.register, by=None, now=NOW)


def outcomes(rows: list[PlannedRow]) -> Counter[Outcome]:
    return Counter(row.outcome for row in rows)
