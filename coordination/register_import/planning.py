"""What writing the register would do, row by row; and doing it."""

import datetime as dt
import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.models import OutboxMessage
from coordination.register_import.reading import Reading
from coordination.register_import.register import Register
from coordination.register_import.sheets import ParsedRow, RegisterSheet, all_sheets
from coordination.transactions import one_transaction
from coordination.workbook.problems import Problem

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
    error; `effects`: what comes of it beyond the row, as counts by code.
    """

    sheet: str
    row: int
    label: str
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    waits_for: str = ""
    effects: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A register read and looked at as if it were written; `refusal` says why it could not be."""

    reading: Reading
    rows: list[PlannedRow]
    notes: list[Problem] = field(default_factory=list)
    refusal: str = ""

    @property
    def problems(self) -> list[Problem]:
        """All that was found, what the rehearsal brought up last."""
        return self.reading.problems + self.notes


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

    Read the register after `take_turns`, in the same transaction, and begin both anew after a
    deadlock (`one_transaction`). Returns what happened. Raises `Refused` from the services, and then
    nothing is written.
    """
    specs = all_sheets()
    blocked = _blocked(register, specs)
    total = sum(len(register.rows_of(spec.key)) for spec in specs) or 1
    done: list[PlannedRow] = []
    with transaction.atomic():
        take_turns()
        for spec in reversed(specs):
            spec.lock(_free(register.rows_of(spec.key), blocked), register)
        for spec in specs:
            for row in register.rows_of(spec.key):
                planned = _planned(spec, row, register, blocked)
                if planned.outcome in {Outcome.NEW, Outcome.CHANGED}:
                    effects = _write_row(spec, row, register, by=by, now=now)
                    planned = replace(planned, effects=tuple(effects.items()))
                done.append(planned)
                if len(done) % 25 == 0:
                    progress(100 * len(done) // total)
    return done


@one_transaction
def rehearse(
    read: Callable[[], Reading],
    *,
    by: Any,
    now: dt.datetime,
    progress: Progress = lambda percent: None,
) -> Rehearsal:
    """Writes it all and takes everything back, so that the preview tells what would really come of it.

    Nothing stays and nobody is told; what writing would be refused for is known beforehand.
    """
    take_turns()
    reading = read()
    register = reading.register
    rows, notes, refusal = plan(register), list[Problem](), ""
    specs = all_sheets()
    blocked = _blocked(register, specs)
    try:
        with transaction.atomic():
            rows = write(register, by=by, now=now, progress=progress)
            for spec in specs:
                written = _free(register.rows_of(spec.key), blocked)
                notes += spec.look_back(written, register, now=now)
            transaction.set_rollback(True)
    except Refused as refused:
        refusal = str(refused)
    return Rehearsal(reading, rows, notes, refusal)


def _free(rows: list[ParsedRow], blocked: Blocked) -> list[ParsedRow]:
    return [row for row in rows if id(row) not in blocked]


def _write_row(
    spec: RegisterSheet, row: ParsedRow, register: Register, *, by: Any, now: dt.datetime
) -> dict[str, int]:
    """Writes one row; a refusal says which row it was. Counts what came of it, and who is told."""
    place = {"sheet": row.sheet, "row": row.number}
    newest = OutboxMessage.objects.aggregate(Max("pk"))["pk__max"] or 0
    try:
        with transaction.atomic():
            effects = dict(spec.write(row, register, by=by, now=now) or {})
            told = OutboxMessage.objects.filter(pk__gt=newest, created_at=now)
            effects["told"] = told.values("to_email").distinct().count()
            return {code: count for code, count in effects.items() if count}
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
