"""A reading and its plan as JSON on the upload's row, and back: sentences come in the reader's
language.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from coordination.register_import.planning import Change, Outcome, PlannedRow
from coordination.register_import.sheets import all_sheets
from coordination.workbook.problems import Problem, Severity, said
from coordination.workbook.sentences import sentence

Json = dict[str, Any]


def problem_to_json(problem: Problem) -> Json:
    """All of a problem; days and decimals keep their kind, so they are told in any language
    later.
    """
    params = {key: _packed(value) for key, value in problem.params.items()}
    return asdict(problem) | {"params": params}


def problems_from_json(stored: Iterable[Json]) -> list[Problem]:
    """The problems as they were found; whoever reads them knows the sentences of all sheets."""
    all_sheets()  # a web process that has read no file itself has not met the sheets yet
    return [
        Problem(
            item["sheet"],
            item["row"],
            item["column"],
            item["code"],
            Severity(item["severity"]),
            item["reason"],
            {key: _unpacked(value) for key, value in item["params"].items()},
        )
        for item in stored
    ]


def row_to_json(row: PlannedRow) -> Json:
    changes = [
        [change.column, _packed(change.before), _packed(change.after)] for change in row.changes
    ]
    return asdict(row) | {"changes": changes}


def rows_from_json(stored: Iterable[Json]) -> list[PlannedRow]:
    return [
        PlannedRow(
            item["sheet"],
            item["row"],
            item["label"],
            Outcome(item["outcome"]),
            tuple(Change(column, _unpacked(b), _unpacked(a)) for column, b, a in item["changes"]),
            item["waits_for"],
            tuple((code, count) for code, count in item.get("effects", ())),
        )
        for item in stored
    ]


def told_changes(row: PlannedRow) -> Iterator[tuple[str, str, str]]:
    """The changes as people read them: column, before, after; nothing is a dash."""
    for change in row.changes:
        yield change.column, _told(change.before), _told(change.after)


def told_effects(row: PlannedRow) -> list[str]:
    """What comes of the row beyond its own cells, a short sentence each."""
    all_sheets()  # they bring their sentences
    return [sentence(f"effect.{code}", "", {"count": str(count)}) for code, count in row.effects]


def _told(value: object) -> str:
    return said(value) if value not in (None, "", []) else "–"


def _packed(value: object) -> object:
    if isinstance(value, dt.date):
        return {"day": value.isoformat()[:10]}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, list | tuple):
        return [_packed(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _unpacked(value: object) -> object:
    match value:
        case {"day": str(day)}:
            return dt.date.fromisoformat(day)
        case {"decimal": str(number)}:
            return Decimal(number)
        case list():
            return [_unpacked(item) for item in value]
        case Mapping():
            return str(value)
        case _:
            return value
