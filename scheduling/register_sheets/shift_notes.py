"""What speaks against the people a register promises its shifts to, as notes: the promise is kept all the same.

The one function that decides is asked (design.md, invariant 4), once all rows are written.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coordination.register_import.register import Register
from coordination.register_import.sheets import ParsedRow
from coordination.workbook.problems import Problem, Severity
from experts.models import Expert
from scheduling import eligibility
from scheduling.eligibility import Level, Reason
from scheduling.models import AssignmentState, Series, Session
from scheduling.models.assignments import SEATED
from scheduling.services.shift_rows import Known

_TOLD_BY_THE_FILE = frozenset(
    {"applicant", "in_training", "on_break", "ended", "unit_excluded", "not_oriented"}
    | {"kind_not_agreed", "diary_overlap"}
)
"""What the checks of the cells have said already, at the row of whoever it is about."""

_NOT_SIGNED_OFF = "not_signed_off"
_OWN_SEAT = frozenset({"already_here", "full", "not_published", "already_begun"})
_NOT_THE_UNITS = frozenset({"in_the_past", "cancelled", "already_held"}) | _OWN_SEAT


@dataclass(frozen=True)
class _Pair:
    row: ParsedRow
    expert: Expert
    sessions: tuple[Session, ...]


def remember(row: ParsedRow, register: Register, written: Known) -> None:
    """What became of a row that was written: only that is looked at, so an old row says nothing anew."""
    register.cached("shifts_written", dict[int, Known])[id(row)] = written


def notes(rows: Iterable[ParsedRow], register: Register, *, now: dt.datetime) -> Iterator[Problem]:
    """A note for each person and shift where the rules say no or ask, and for what a unit lacks."""
    written = register.cached("shifts_written", dict[int, Known])
    by_row = [(row, _sessions(written[id(row)], now)) for row in rows if id(row) in written]
    everything = [session for _row, sessions in by_row for session in sessions]
    if not everything:
        return
    pairs = [pair for row, sessions in by_row for pair in _pairs(row, sessions)]
    people = {pair.expert.pk: pair.expert for pair in pairs}
    matrix = eligibility.Matrix(everything, list(people.values()), now=now)
    yield from _about_units(by_row, matrix)
    yield from _about_people(pairs, matrix)


def _sessions(known: Known, now: dt.datetime) -> list[Session]:
    rows = Session.objects.select_related("kind", "unit", "site").prefetch_related(
        "assignments__expert"
    )
    rows = rows.filter(series=known) if isinstance(known, Series) else rows.filter(pk=known.pk)
    return list(rows.filter(ends_at__gt=now).order_by("starts_at"))


def _pairs(row: ParsedRow, sessions: list[Session]) -> Iterator[_Pair]:
    found: dict[int, tuple[Expert, list[Session]]] = {}
    for session in sessions:
        for assignment in session.assignments.all():
            if assignment.state == AssignmentState.CONFIRMED:
                person = assignment.expert
                found.setdefault(person.pk, (person, []))[1].append(session)
    for person, theirs in found.values():
        yield _Pair(row, person, tuple(theirs))


def _about_units(
    by_row: list[tuple[ParsedRow, list[Session]]], matrix: eligibility.Matrix
) -> Iterator[Problem]:
    for row, sessions in by_row:
        reasons = {
            reason.code: reason
            for session in sessions
            if any(a.state in SEATED for a in session.assignments.all())
            for reason in matrix.about_session(session.pk)
            if reason.code not in _NOT_THE_UNITS
        }
        if reasons:
            why = [reason.sentence.rstrip(".") for reason in reasons.values()]
            yield row.problem("unit", "unit_lacks", severity=Severity.NOTE, why=why)


def _about_people(pairs: list[_Pair], matrix: eligibility.Matrix) -> Iterator[Problem]:
    unsigned: dict[int, _Pair] = {}
    for pair in pairs:
        reasons = _reasons(pair, matrix)
        if reasons.pop(_NOT_SIGNED_OFF, None):
            unsigned.setdefault(pair.expert.pk, pair)
        if reasons:
            yield pair.row.problem(
                "experts",
                "would_not_fit",
                severity=Severity.NOTE,
                value=pair.expert.name,
                why=[reason.sentence for reason in reasons.values()],
            )
    if unsigned:  # once, not once a row: after a first import it is so of everybody
        pair = next(iter(unsigned.values()))
        yield pair.row.problem(
            "experts",
            "would_not_fit",
            reason=_NOT_SIGNED_OFF,
            severity=Severity.NOTE,
            value=pair.expert.name,
            people=len(unsigned),
        )


def _reasons(pair: _Pair, matrix: eligibility.Matrix) -> dict[str, Reason]:
    """Blocks and asks by code, of the first session that has them."""
    found: dict[str, Reason] = {}
    for session in pair.sessions:
        for reason in matrix.about_person(session.pk, pair.expert.pk):
            if reason.level is not Level.NOTE and reason.code not in _TOLD_BY_THE_FILE | _OWN_SEAT:
                found.setdefault(reason.code, reason)
    return found
