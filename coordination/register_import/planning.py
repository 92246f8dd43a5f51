"""What writing the register would do, row by row; and doing it."""

import datetime as dt
import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.register_import.register import Register
from coordination.register_import.sheets import ParsedRow, RegisterSheet, all_sheets

_LOCK = 0x7265676973  # "regis": one import writes at a time
Progress = Callable[[int], None]


Blocked = dict[int, tuple["Outcome", str]]


class Outcome(enum.StrEnum):
    """What happens to a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"
    WAITS = "waits"  # it names somebody or something whose own row has an error


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that differs from what is stored."""

    column: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the file and what becomes of it; `waits_for`: the name whose own row has an
    error.
    """

    sheet: str
    row: int
    label: str
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    waits_for: str = ""


def plan(register: Register, *, progress: Progress = lambda percent: None) -> list[PlannedRow]:
    """What would happen to each row, in the order the sheets are written. Reads only."""
    specs = all_sheets()
    blocked = _blocked(register, specs)
    planned = []
    for done, spec in enumerate(specs):
        planned += [_planned(spec, row, register, blocked) for row in register.rows_of(spec.key)]
        progress(80 + 20 * (done + 1) // len(specs))
    return planned


def take_turns() -> None:
    """Waits until no other import writes; to be called in a transaction, before the file is read
    for writing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def write(
    register: Register, *, by: Any, now: dt.datetime, progress: Progress = lambda percent: None
) -> list[PlannedRow]:
    """Writes all rows without errors in one transaction; rows that change nothing are not touched.

    Read the register after `take_turns`, in the same transaction. Returns what happened. Raises
    `Refused` from the services, and then nothing is written.
    """
    specs = all_sheets()
    blocked = _blocked(register, specs)
    total = sum(len(register.rows_of(spec.key)) for spec in specs) or 1
    done: list[PlannedRow] = []
    with transaction.atomic():
        take_turns()
        for spec in specs:
            for row in register.rows_of(spec.key):
                planned = _planned(spec, row, register, blocked)
                if planned.outcome in {Outcome.NEW, Outcome.CHANGED}:
                    _write_row(spec, row, register, by=by, now=now)
                done.append(planned)
                if len(done) % 25 == 0:
                    progress(100 * len(done) // total)
    return done


def _write_row(
    spec: RegisterSheet, row: ParsedRow, register: Register, *, by: Any, now: dt.datetime
) -> None:
    """Writes one row; a refusal says which row it was."""
    place = {"sheet": row.sheet, "row": row.number}
    try:
        with transaction.atomic():
            spec.write(row, register, by=by, now=now)
    except Refused as refused:
        sentence = _("Sheet “%(sheet)s”, row %(row)s: %(why)s") % {**place, "why": refused}
        raise Refused(sentence, code=refused.code) from refused
    except IntegrityError as error:
        sentence = _(
            "Sheet “%(sheet)s”, row %(row)s clashes with something that is stored already. "
            "Compare the row with what Vuoro has."
        )
        raise Refused(sentence % place, code="conflict") from error


def _blocked(register: Register, specs: list[RegisterSheet]) -> Blocked:
    """Rows that stay out, by id: those with errors, then those that need something only such a row
    would bring.
    """
    blocked = {
        id(row): (Outcome.ERROR, "")
        for spec in specs
        for row in register.rows_of(spec.key)
        if row.failed
    }
    for row in _ordered(register, specs):
        if id(row) not in blocked and (name := _missing(register, row, blocked)):
            blocked[id(row)] = (Outcome.WAITS, name)
    return blocked


def _ordered(register: Register, specs: list[RegisterSheet]) -> Iterator[ParsedRow]:
    for spec in specs:
        yield from register.rows_of(spec.key)


def _missing(register: Register, row: ParsedRow, blocked: Blocked) -> str:
    """The first thing the row needs that neither the database nor a row to be written has."""
    for what, key in row.needs:
        named = register.names_of(what).find(key)
        comes = named is not None and named.row is not None and id(named.row) not in blocked
        if named is None or not (named.stored or comes):
            return named.name if named else key
    return ""


def _planned(
    spec: RegisterSheet, row: ParsedRow, register: Register, blocked: Blocked
) -> PlannedRow:
    label = spec.label(row)
    if id(row) in blocked:
        outcome, name = blocked[id(row)]
        return PlannedRow(row.sheet, row.number, label, outcome, waits_for=name)
    stored = spec.stored(row, register)
    if stored is None:
        return PlannedRow(row.sheet, row.number, label, Outcome.NEW)
    changes = tuple(
        Change(row.headers.get(name, name), stored.get(name), value)
        for name, value in spec.wanted(row, register).items()
        if stored.get(name) != value
    )
    outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
    return PlannedRow(row.sheet, row.number, label, outcome, changes)
