"""Everything about me as a page: the parts of `own_data` in words."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from coordination import formats
from experts.models import Expert
from experts.queries import own_data
from experts.queries.own_data import Coded

NOTHING = "–"


@dataclass(frozen=True)
class Part:
    """One part: its columns, and a row of texts for each thing in it. `is_one`: a person has one."""

    key: str
    title: "str | Promise"
    columns: "list[str | Promise]"
    rows: list[list[str]]
    is_one: bool = False

    @property
    def facts(self) -> "list[tuple[str | Promise, str]]":
        """Column and text of the one row."""
        return list(zip(self.columns, self.rows[0], strict=True)) if self.rows else []

    @property
    def lines(self) -> "list[list[tuple[str | Promise, str]]]":
        """Each row as (column, text), for a table that becomes cards on a phone."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def of(expert: Expert, *, now: dt.datetime) -> list[Part]:
    """All parts in the order of the file, in the language of the moment. The moment itself is left out."""
    data = own_data.parts(expert, now=now)
    del data["made_at"]
    return [_part(key, value) for key, value in data.items()]


def _part(key: str, value: Any) -> Part:
    title = own_data.word(key)
    assert title is not None
    if isinstance(value, dict):
        return _table(key, title, [value], is_one=True)
    rows = value or []
    if any(not isinstance(row, dict) for row in rows):
        return Part(key, title, [title], [[_said(key, row)] for row in rows])
    return _table(key, title, rows)


def _table(
    key: str, title: "str | Promise", rows: list[dict[str, Any]], *, is_one: bool = False
) -> Part:
    said = _worded(key, rows[0]) if rows else []
    texts = [[_said(name, row[name]) for name, _text in said] for row in rows]
    return Part(key, title, [text for _name, text in said], texts, is_one=is_one)


def _said(name: str, value: Any) -> str:
    """A value in words; things inside things become "word: value" in a row."""
    if isinstance(value, dict):
        return " · ".join(f"{text}: {_said(key, value[key])}" for key, text in _worded(name, value))
    if isinstance(value, list) and value:
        between = "; " if isinstance(value[0], dict) else ", "
        return between.join(_said(name, one) for one in value)
    return NOTHING if value in (None, "", []) else _one(value)


def _worded(part: str, row: dict[str, Any]) -> "list[tuple[str, str | Promise]]":
    """The columns people read, each with its word."""
    return [(name, text) for name in row if (text := own_data.word(part, name)) is not None]


def _one(value: Any) -> str:
    match value:
        case Coded():
            return str(value.text)
        case bool():
            return _("yes") if value else _("no")
        case dt.datetime():
            return formats.when(value)
        case dt.date():
            return formats.date(value)
        case dt.time():
            return formats.clock(value)
        case Decimal() | int():
            return formats.number(value)
    return str(value)
