"""Opens a workbook nobody has vouched for: bounded time and memory, one clear error when it cannot
be read.

Formulas are read as formulas, never by their cached value; styles matter only where they make a
number a date.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.workbook import parts
from coordination.workbook.parts import BrokenPart, RawCell, Shared


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read; far above any register kept by hand, far below what hurts a worker."""

    file_bytes: int = 20 * 1024 * 1024
    unpacked_bytes: int = 64 * 1024 * 1024
    ratio: int = 100
    ratio_matters_from: int = 1024 * 1024
    parts: int = 2_000
    sheets: int = 50
    rows_a_sheet: int = 20_000
    cells: int = 500_000


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: text, number, yes/no, date or time; or the fact that it is a formula
    or an error value.
    """

    value: object
    is_formula: bool = False
    is_error: bool = False
    date1904: bool = False

    @property
    def text(self) -> str:
        """The value as text, with the spaces around it and the hard spaces in it made plain."""
        value = self.value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return " ".join(str(value).split())


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty; `number` as the spreadsheet program shows it, cells by column
    number from 1.
    """

    number: int
    cells: dict[int, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its rows that are not empty."""

    title: str
    rows: list[Row]


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BROKEN = (
    BrokenPart,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    IndexError,
    OverflowError,
    NotImplementedError,  # a way of packing that zipfile does not know
    RuntimeError,  # a zip member that wants a password
    EOFError,
    OSError,
)


def read_workbook(file: IO[bytes], *, limits: Limits | None = None) -> list[Sheet]:
    """All sheets of an .xlsx file, in the order of the file.

    Raises `Refused`: `file_too_large`, `encrypted`, `old_excel`, `not_a_workbook`,
    `decompression_bomb`, `too_many_rows`, `too_many_cells`, `too_many_sheets`.
    """
    limits = limits or Limits()
    content = file.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        raise Refused(
            _(
                "The file is larger than %(megabytes)d MB. Leave out pictures and old sheets, and"
                " try again."
            )
            % {"megabytes": limits.file_bytes // 1024 // 1024},
            code="file_too_large",
        )
    _check_kind(content)
    _check_archive(content, limits)
    with _broken_file_refused():
        return _read(content, limits)


def _check_kind(content: bytes) -> None:
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise Refused(
                _(
                    "The file is locked with a password. Remove the password in the spreadsheet "
                    "program and save it again."
                ),
                code="encrypted",
            )
        raise Refused(
            _(
                "The file is in the old Excel form (.xls). Open it and save it as an Excel "
                "workbook (.xlsx)."
            ),
            code="old_excel",
        )
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise _not_a_workbook()


def _not_a_workbook() -> Refused:
    return Refused(
        _(
            "The file is not an Excel workbook, or it is broken. Open it in a spreadsheet program"
            " and save it as .xlsx."
        ),
        code="not_a_workbook",
    )


@contextmanager
def _broken_file_refused() -> Iterator[None]:
    """Whatever openpyxl, zipfile or the XML parser stumbles over in a strange file is one sentence
    to the user.
    """
    try:
        yield
    except Refused:
        raise
    except _BROKEN as stumbled:
        raise _not_a_workbook() from stumbled


def _check_archive(content: bytes, limits: Limits) -> None:
    """Looks at the table of contents only; a zip member never yields more bytes than the size it
    declares there.
    """
    with _broken_file_refused(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if "xl/workbook.xml" not in archive.namelist():
            raise _not_a_workbook()
        too_big = (
            sum(part.file_size for part in members) > limits.unpacked_bytes
            or len(members) > limits.parts
        )
        swells = any(
            part.file_size > limits.ratio_matters_from
            and part.file_size > limits.ratio * max(part.compress_size, 1)
            for part in members
        )
        if (too_big or swells) and _says_too_many_rows(archive, limits):
            raise _too_many_rows(limits)
        if too_big or swells:
            raise Refused(
                _(
                    "The file unpacks to far more than a register holds, so it was not opened. "
                    "Copy the rows to a new workbook."
                ),
                code="decompression_bomb",
            )


def _says_too_many_rows(archive: zipfile.ZipFile, limits: Limits) -> bool:
    """Whether a sheet's own heading says it has more rows than are read."""
    for name in archive.namelist():
        if name.startswith("xl/worksheets/sheet"):
            with archive.open(name) as part:
                found = re.search(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"', part.read(4096))
            if found and int(found[1]) > limits.rows_a_sheet:
                return True
    return False


def _too_many_rows(limits: Limits) -> Refused:
    return Refused(
        _(
            "A sheet has more than %(rows)d rows, which is more than a register holds. Remove the"
            " rows that are not needed."
        )
        % {"rows": limits.rows_a_sheet},
        code="too_many_rows",
    )


def _read(content: bytes, limits: Limits) -> list[Sheet]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        titles, date1904 = parts.sheets_of(archive)
        if len(titles) > limits.sheets:
            raise Refused(
                _(
                    "The workbook has more than %(sheets)d sheets. Keep the sheets of the register "
                    "only."
                )
                % {"sheets": limits.sheets},
                code="too_many_sheets",
            )
        dates = parts.date_styles(archive)
        budget = _Budget(limits)
        raw = {title: _raw_rows(archive, part, dates, date1904, budget) for title, part in titles}
        # strings come last: by now it is known that the sheets are not too large, and which are
        # used
        strings = parts.shared_strings(archive, budget.shared)
    return [
        Sheet(title, [_row(number, cells, strings, date1904) for number, cells in rows])
        for title, rows in raw.items()
    ]


RawRows = list[tuple[int, list[RawCell]]]


class _Budget:
    """Counts what has been read, and stops when it is too much; remembers which strings are
    used.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cells = 0
        self.cells_seen = 0
        self.shared: set[int] = set()

    def spend(self, *, rows: int, cells: list[RawCell], seen: int) -> None:
        self.cells += len(cells)
        self.cells_seen += seen
        self.shared.update(cell.value for cell in cells if isinstance(cell.value, Shared))
        if rows > self.limits.rows_a_sheet:
            raise _too_many_rows(self.limits)
        # formatted but empty cells cost little to skip, yet not nothing
        if self.cells > self.limits.cells or self.cells_seen > self.limits.cells * 4:
            raise Refused(
                _(
                    "The workbook has more than %(cells)d filled cells. Keep the sheets of the "
                    "register only."
                )
                % {"cells": self.limits.cells},
                code="too_many_cells",
            )


def _raw_rows(
    archive: zipfile.ZipFile, part: str, dates: dict[int, bool], date1904: bool, budget: _Budget
) -> RawRows:
    rows: RawRows = []

    def take(number: int, cells: list[RawCell], seen: int) -> None:
        if cells:
            rows.append((number, cells))
        budget.spend(rows=len(rows), cells=cells, seen=seen)

    parts.SheetReader(dates, date1904, take).read(archive, part)
    return rows


def _row(number: int, cells: list[RawCell], strings: dict[int, str], date1904: bool) -> Row:
    found = ((raw.column, _cell(raw, strings, date1904)) for raw in cells)
    return Row(number, {column: cell for column, cell in found if cell is not None})


def _cell(raw: RawCell, strings: dict[int, str], date1904: bool) -> Cell | None:
    value = strings[raw.value] if isinstance(raw.value, Shared) else raw.value
    if raw.formula is not None:
        return Cell(f"={raw.formula}", is_formula=True)
    if raw.is_error:
        return Cell(value, is_error=True)
    if isinstance(value, str) and not value.strip():
        return None
    # text that begins like a formula is one as soon as somebody opens an export of it
    is_formula = isinstance(value, str) and value.lstrip().startswith("=")
    return Cell(value, is_formula=is_formula, date1904=date1904)
