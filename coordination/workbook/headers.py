"""Finds the table in a sheet: title rows above it, headers in any order and case, rows repeated
for printing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coordination.workbook.opening import Cell, Row, Sheet

_LOOK_AT_ROWS = 30  # headers stand in the first filled rows, after a title and a remark or two


def key(text: str) -> str:
    """What is compared of a header or a sheet's name: letters and digits only, in lower case."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


@dataclass(frozen=True, slots=True)
class Table:
    """Where each wanted column stands. `columns` maps a wanted header to its column number.

    `spelled` has the headers as the file writes them, `unknown` those nobody asked for, `twice`
    those that stand in two columns (the first counts). `rows` are the rows below the header.
    """

    header_row: int
    columns: dict[str, int]
    spelled: dict[str, str]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]
    rows: tuple[Row, ...]

    def cell(self, row: Row, header: str) -> Cell | None:
        """The cell under a wanted header, or None when it is empty or the column is missing."""
        number = self.columns.get(header)
        return None if number is None else row.cells.get(number)


def find_table(sheet: Sheet, wanted: Iterable[tuple[str, tuple[str, ...]]]) -> Table | None:
    """The table whose header row has most of the wanted headers, or None when fewer than two are
    found.

    `wanted` pairs each header with its other spellings.
    """
    names = {key(spelling): header for header, others in wanted for spelling in (header, *others)}
    best: Row | None = None
    for row in sheet.rows[:_LOOK_AT_ROWS]:
        if best is None or _hits(row, names) > _hits(best, names):
            best = row
    if best is None or _hits(best, names) < min(2, len(names)):
        return None
    return _table(sheet, best, names)


def _hits(row: Row, names: dict[str, str]) -> int:
    return len({names[key(cell.text)] for cell in row.cells.values() if key(cell.text) in names})


def _table(sheet: Sheet, header: Row, names: dict[str, str]) -> Table:
    columns: dict[str, int] = {}
    spelled: dict[str, str] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for number, cell in sorted(header.cells.items()):
        wanted = names.get(key(cell.text))
        if wanted is None:
            unknown.append(cell.text)
        elif wanted in columns:
            twice.append(cell.text)
        else:
            columns[wanted] = number
            spelled[wanted] = cell.text
    below = tuple(
        row for row in sheet.rows if row.number > header.number and not _same(row, header)
    )
    return Table(header.number, columns, spelled, tuple(unknown), tuple(twice), below)


def _same(row: Row, header: Row) -> bool:
    """A header row repeated further down, as programs do for printing."""
    return {n: key(c.text) for n, c in row.cells.items()} == {
        n: key(c.text) for n, c in header.cells.items()
    }


def find_sheets(
    sheets: Iterable[Sheet], title: str, others: tuple[str, ...] = ()
) -> Iterator[tuple[Sheet, int | None]]:
    """The sheets with this title, each with the year written after it: «Vuorot 2027» is a sheet of
    «Vuorot».
    """
    titles = {key(name) for name in (title, *others)}
    for sheet in sheets:
        found = re.fullmatch(r"(?P<name>.*?)\s*(?P<year>20\d\d)?", sheet.title.strip())
        if found and key(found["name"]) in titles:
            yield sheet, int(found["year"]) if found["year"] else None
