"""The whole register while it is read: rows by sheet, and the names they know each other by."""

import datetime as dt
import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from coordination.register_import.sheets import ParsedRow
from coordination.workbook.problems import Problem
from coordination.workbook.words import name_key

T = TypeVar("T")


@dataclass(slots=True)
class Named:
    """Something with a name: the row that defines it, if the file does, and whether the database
    has it; `several` when the name alone does not tell which one is meant.
    """

    name: str
    row: ParsedRow | None = None
    stored: bool = False
    several: bool = False


class Names:
    """Names of one sort of thing, found in any case and with any spaces."""

    def __init__(self) -> None:
        self._by_key: dict[str, Named] = {}

    def add(
        self,
        name: str,
        *,
        row: ParsedRow | None = None,
        stored: bool = False,
        several: bool = False,
    ) -> None:
        """Makes a name known; the first row that defines it counts."""
        named = self._by_key.setdefault(name_key(name), Named(name))
        named.row = named.row or row
        named.stored = named.stored or stored
        named.several = named.several or several

    def find(self, name: str) -> Named | None:
        return self._by_key.get(name_key(name))

    def nearest(self, name: str) -> str:
        """The known name that looks most like this one, or an empty string."""
        found = difflib.get_close_matches(name_key(name), self._by_key, n=1, cutoff=0.6)
        return self._by_key[found[0]].name if found else ""


@dataclass
class Register:
    """Everything read from one file. `today` is the day of the import in Helsinki."""

    today: dt.date
    rows: dict[str, list[ParsedRow]] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)
    names: dict[str, Names] = field(default_factory=dict)
    _cache: dict[str, Any] = field(default_factory=dict)

    def names_of(self, what: str) -> Names:
        """The names of one sort of thing: "unit", "expert", "kind"."""
        return self.names.setdefault(what, Names())

    def rows_of(self, sheet_key: str) -> list[ParsedRow]:
        return self.rows.get(sheet_key, [])

    def year_of(self, row: ParsedRow) -> int | None:
        """The year in the name of the row's sheet: 2027 for «Vuorot 2027»."""
        return self.years.get(id(row))

    def cached(self, key: str, make: Callable[[], T]) -> T:
        """Something looked up once for the whole import; who writes keeps it true."""
        if key not in self._cache:
            self._cache[key] = make()
        value: T = self._cache[key]
        return value

    def refer(
        self, row: ParsedRow, name: str, what: str, code: str, *, one: str | None = None
    ) -> Iterable[Problem]:
        """Checks that the thing named in a cell is known, and notes that the row needs it.

        `one`: the name itself when the cell has a list of them.
        """
        said = one if one is not None else row.get(name)
        if said is None:
            return
        names = self.names_of(what)
        if (named := names.find(said)) is not None:
            if named.several:
                row.failed.add(name)
                yield row.problem(name, "several_people", value=said)
            row.needs.append((what, name_key(said)))
            return
        nearest = names.nearest(said)
        row.failed.add(name)
        yield row.problem(
            name, code, reason="nearest" if nearest else "", value=said, nearest=nearest
        )
