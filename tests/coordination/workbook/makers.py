"""Workbooks made in memory."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import openpyxl

from coordination.workbook.opening import Cell, Sheet, read_workbook
from coordination.workbook.problems import Misread

Rows = Iterable[Iterable[Any]]


def workbook(sheets: Mapping[str, Rows]) -> io.BytesIO:
    """An .xlsx file with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def sheet(rows: Rows, title: str = "Yksiköt") -> Sheet:
    """A sheet as it is after reading."""
    return read_workbook(workbook({title: rows}))[0]


def with_part(file: io.BytesIO, name: str, content: bytes) -> io.BytesIO:
    """The same archive with one part replaced or added."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(file) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    result.seek(0)
    return result


def code_of(parse: Callable[[Cell], object], value: object) -> str:
    """What the parser says is wrong with a value, or nothing."""
    try:
        parse(Cell(value))
    except Misread as misread:
        return misread.code
    return ""
