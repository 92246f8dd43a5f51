"""What a sheet of the register is: its columns, its checks, and how a row meets what is stored.
The registry of sheets.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.module_loading import autodiscover_modules

from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread, Problem, Severity

if TYPE_CHECKING:
    from coordination.register_import.register import Register


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header as the register writes it, other spellings, what it is called in a row,
    how it is read.

    `required`: the column must be there. `when_empty`: how bad an empty cell is; None when it may
    be empty.
    """

    header: str
    name: str
    parse: Callable[[Cell], Any]
    also: tuple[str, ...] = ()
    required: bool = False
    when_empty: Severity | None = None
    empty_reason: str = ""


@dataclass(slots=True)
class ParsedRow:
    """A row with its cells understood. `values` has filled cells only; `failed` names the cells
    with an error.

    `needs` are the things of other sheets that this row names, as (what, name key): they must
    exist when it is written.
    """

    sheet: str
    number: int
    headers: Mapping[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    needs: list[tuple[str, str]] = field(default_factory=list)
    absent: frozenset[str] = frozenset()
    """Columns the sheet does not have: an empty cell says something, a missing column does not."""

    def get(self, name: str) -> Any:
        """The value of a cell, or None when it is empty or was not understood."""
        return self.values.get(name)

    def has(self, *names: str) -> bool:
        """Whether all these cells are filled and understood."""
        return all(name in self.values for name in names)

    def problem(
        self,
        name: str,
        code: str,
        *,
        reason: str = "",
        severity: Severity = Severity.ERROR,
        **params: object,
    ) -> Problem:
        """A problem in one of this row's cells."""
        header = self.headers[name]
        return Problem(
            self.sheet, self.number, header, code, severity, reason, {"column": header, **params}
        )

    def misread(self, name: str, misread: Misread) -> Problem:
        """The problem a parser met in one of this row's cells."""
        header = self.headers[name]
        params = {"column": header, **misread.params}
        return Problem(
            self.sheet, self.number, header, misread.code, misread.severity, misread.reason, params
        )


class RegisterSheet(ABC):
    """One sheet of the register. `order`: sheets others refer to come first."""

    key: ClassVar[str]
    title: ClassVar[str]
    also: ClassVar[tuple[str, ...]] = ()
    order: ClassVar[int]
    columns: ClassVar[tuple[Column, ...]]

    def publish(self, rows: list[ParsedRow], register: "Register") -> None:  # noqa: B027 - most sheets have no names
        """Makes the names this sheet defines, in the file and in the database, known to other
        sheets.
        """

    @abstractmethod
    def check(self, rows: list[ParsedRow], register: "Register") -> Iterable[Problem]:
        """What is wrong beyond single cells. Notes in `row.needs` what each row refers to."""

    @abstractmethod
    def label(self, row: ParsedRow) -> str:
        """A few words that tell the row apart in the preview."""

    @abstractmethod
    def wanted(self, row: ParsedRow, register: "Register") -> dict[str, object]:
        """What the filled cells say, by column name, in a form that compares with `stored`."""

    @abstractmethod
    def stored(self, row: ParsedRow, register: "Register") -> dict[str, object] | None:
        """The same of what the database has for this row, or None when it has nothing."""

    def lock(self, rows: list[ParsedRow], register: "Register") -> None:  # noqa: B027 - most sheets lock as they write
        """Locks what the rows will need, before anything is written: the last sheet first, so that
        people come before what is booked for them.
        """

    @abstractmethod
    def write(
        self, row: ParsedRow, register: "Register", *, by: Any, now: dt.datetime
    ) -> Mapping[str, int] | None:
        """Creates or updates what the row stands for. Raises `Refused`.

        Returns what came of it beyond the row itself, as counts by a code that has a sentence
        (`effect.<code>`); nothing when there is nothing to tell.
        """

    def look_back(
        self, rows: list[ParsedRow], register: "Register", *, now: dt.datetime
    ) -> Iterable[Problem]:
        """What is worth knowing once all rows are written; never an error."""
        return ()


_registered: dict[str, RegisterSheet] = {}


def register_sheet(sheet: type[RegisterSheet]) -> type[RegisterSheet]:
    """Class decorator: adds a sheet to the register."""
    _registered[sheet.key] = sheet()
    return sheet


def all_sheets() -> list[RegisterSheet]:
    """All sheets of all packages, those that others refer to first."""
    autodiscover_modules("register_sheets")
    return sorted(_registered.values(), key=lambda sheet: (sheet.order, sheet.key))
