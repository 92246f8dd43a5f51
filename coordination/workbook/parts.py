"""The XML parts of a workbook, read as a stream: a large one is never held as a whole.

openpyxl holds all strings and, row by row, all elements, and takes a minute for what is refused
here in a second; so only its knowledge of dates and number formats is used.
"""

import datetime as dt
import posixpath
from collections.abc import Callable, Iterator
from typing import IO, Any
from xml.parsers import expat
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

_CHUNK = 64 * 1024
_MOST_COLUMNS = 16_384
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
Attributes = dict[str, str]


class BrokenPart(Exception):
    """The XML is not what a workbook has: not well formed, or with declarations of its own."""


class Reader:
    """Walks through XML; names without their namespace. Subclasses take what they want."""

    def start(self, name: str, attributes: Attributes) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...

    def walk(self, source: IO[bytes]) -> Iterator[None]:
        """Reads piece by piece; yields after each piece, so that the caller can take what is there
        or stop.
        """
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_declarations
        parser.StartElementHandler = lambda name, found: self.start(_local(name), _plain(found))
        parser.EndElementHandler = lambda name: self.end(_local(name))
        parser.CharacterDataHandler = self.text
        try:
            while piece := source.read(_CHUNK):
                parser.Parse(piece, False)
                yield
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise BrokenPart(str(error)) from error
        yield

    def read(self, archive: ZipFile, part: str) -> None:
        with archive.open(part) as source:
            for _piece in self.walk(source):
                pass


def _no_declarations(*_args: Any) -> None:
    # entities are how a small file becomes a large one, and no workbook has any
    raise BrokenPart("document type declaration")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _plain(found: Attributes) -> Attributes:
    return {_local(name): value for name, value in found.items()}


class _Workbook(Reader):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.date1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            self.sheets.append((attributes["name"], attributes["id"]))
        elif name == "workbookPr":
            self.date1904 = attributes.get("date1904", "") in {"1", "true"}


class _Relations(Reader):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes["Type"].endswith("/worksheet"):
            self.targets[attributes["Id"]] = posixpath.normpath(
                posixpath.join("/xl", attributes["Target"])
            ).lstrip("/")


def sheets_of(archive: ZipFile) -> tuple[list[tuple[str, str]], bool]:
    """Each worksheet's title and part, in order; and whether days are counted from 1904."""
    workbook, relations = _Workbook(), _Relations()
    workbook.read(archive, _WORKBOOK)
    relations.read(archive, _RELATIONS)
    targets = relations.targets
    return [(title, targets[i]) for title, i in workbook.sheets if i in targets], workbook.date1904


class _Styles(Reader):
    """Which cell styles show a number as a date (True) or as a length of time (False)."""

    def __init__(self) -> None:
        self.formats: dict[int, str] = dict(BUILTIN_FORMATS)
        self.dates: dict[int, bool] = {}
        self._in_cell_formats = False
        self._count = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self.formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "cellXfs":
            self._in_cell_formats = True
        elif name == "xf" and self._in_cell_formats:
            shown = self.formats.get(int(attributes.get("numFmtId", "0")), "")
            if is_timedelta_format(shown):
                self.dates[self._count] = False
            elif is_date_format(shown):
                self.dates[self._count] = True
            self._count += 1

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cell_formats = False


def date_styles(archive: ZipFile) -> dict[int, bool]:
    """Style numbers of dates and times (True) and of lengths of time (False)."""
    styles = _Styles()
    if "xl/styles.xml" in archive.namelist():
        styles.read(archive, "xl/styles.xml")
    return styles.dates


class _Strings(Reader):
    def __init__(self, wanted: set[int]) -> None:
        self.wanted = wanted
        self.found: dict[int, str] = {}
        self._number = -1
        self._pieces: list[str] = []
        self._in_text = False
        self._in_reading_aid = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self._number += 1
            self._pieces = []
        elif name == "rPh":
            self._in_reading_aid = True
        self._in_text = name == "t" and not self._in_reading_aid

    def end(self, name: str) -> None:
        if name == "rPh":
            self._in_reading_aid = False
        elif name == "si" and self._number in self.wanted:
            self.found[self._number] = "".join(self._pieces)
        self._in_text = False

    def text(self, text: str) -> None:
        if self._in_text and self._number in self.wanted:
            self._pieces.append(text)


def shared_strings(archive: ZipFile, wanted: set[int]) -> dict[int, str]:
    """The shared strings with these numbers; the others are not kept."""
    strings = _Strings(wanted)
    if wanted:
        strings.read(archive, "xl/sharedStrings.xml")
    return strings.found


class Shared(int):
    """The number of a shared string, until the string itself is known."""


class RawCell:
    """A cell as it is written: `formula` is its text, or None; `is_error` for #REF! and the
    like.
    """

    __slots__ = ("column", "formula", "is_error", "value")

    def __init__(self, column: int, value: object, formula: str | None, is_error: bool) -> None:
        self.column = column
        self.value = value
        self.formula = formula
        self.is_error = is_error


class SheetReader(Reader):
    """Gathers the rows of a worksheet; `on_row` gets each with its number, its cells and how many
    it had.
    """

    def __init__(
        self,
        dates: dict[int, bool],
        date1904: bool,
        on_row: Callable[[int, list[RawCell], int], None],
    ) -> None:
        self._dates = dates
        self._epoch = MAC_EPOCH if date1904 else WINDOWS_EPOCH
        self._on_row = on_row
        self._row = 0
        self._column = 0
        self._cells: list[RawCell] = []
        self._seen = 0
        self._cell: Attributes = {}
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._into: list[str] | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        self._into = None
        if name == "row":
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
            self._cells, self._seen, self._column = [], 0, 0
        elif name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self._formula = self._into = []
        elif name in {"v", "t"}:
            self._into = self._value

    def _start_cell(self, attributes: Attributes) -> None:
        self._seen += 1
        if self._seen > _MOST_COLUMNS:
            raise BrokenPart("more cells in a row than a sheet has columns")
        reference = attributes.get("r", "").rstrip("0123456789")
        self._column = column_index_from_string(reference) if reference else self._column + 1
        self._cell, self._value, self._formula = attributes, [], None

    def text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def end(self, name: str) -> None:
        self._into = None
        if name == "c":
            self._end_cell()
        elif name == "row":
            self._on_row(self._row, self._cells, self._seen)

    def _end_cell(self) -> None:
        text, kind = "".join(self._value), self._cell.get("t", "n")
        if self._formula is not None:
            self._cells.append(RawCell(self._column, None, "".join(self._formula), False))
        elif text.strip():
            self._cells.append(RawCell(self._column, self._typed(text, kind), None, kind == "e"))

    def _typed(self, text: str, kind: str) -> object:
        if kind == "s":
            return Shared(text)
        if kind == "b":
            return text.strip() not in {"0", "false"}
        if kind == "d":
            return from_ISO8601(text)  # type: ignore[no-untyped-call]  # openpyxl types it not
        if kind != "n":
            return text
        number = float(text) if set(text) & set(".eE") else int(text)
        return self._as_date(number, int(self._cell.get("s", "0")))

    def _as_date(self, number: float, style: int) -> object:
        if style not in self._dates:
            return number
        try:
            shown: dt.datetime | dt.time | dt.timedelta | None = from_excel(
                number, self._epoch, timedelta=not self._dates[style]
            )
        except (OverflowError, ValueError):
            return number  # no day has this number; what it is meant to be, its parser will say
        return shown
