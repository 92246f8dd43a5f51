"""A checked row of shifts as what it means: one session or a series, in the unit's wall time."""

import datetime as dt
from collections.abc import Iterator

from coordination.formats import HELSINKI
from coordination.register_import.kinds import kinds_of
from coordination.register_import.register import Register
from coordination.register_import.sheets import ParsedRow
from coordination.workbook.words import Repeats, name_key
from experts.models import Expert
from experts.register_sheets.busy import Busy
from experts.register_sheets.people import experts_by_key
from scheduling import occurrences
from scheduling.occurrences import Pattern
from scheduling.register_sheets import matching
from scheduling.services.shift_rows import Shift, assignment_sources

_LONGEST_TITLE = 31  # of a sheet


def shift_of(row: ParsedRow, register: Register) -> Shift:
    """The shift of a row without errors."""
    [kind] = kinds_of(register, row, "kind")
    unit = register.names_of("unit").find(row.get("unit"))
    people = [register.names_of("expert").find(name) for name in row.get("experts") or []]
    return Shift(
        sheet=row.sheet[:_LONGEST_TITLE],
        unit_name=unit.name if unit else row.get("unit"),
        kind=kind,
        pattern=_pattern(row, register),
        repeats=_weeks(row) > 0,
        experts=tuple(person.name for person in people if person),
        responsible=row.get("responsible") or "",
        notes=row.get("notes") or "",
    )


def people_of(row: ParsedRow, register: Register) -> list[Expert]:
    """The people a row names, once they are stored."""
    known = experts_by_key(register)
    return list(
        {
            known[name_key(name)].pk: known[name_key(name)] for name in row.get("experts") or []
        }.values()
    )


def _weeks(row: ParsedRow) -> int:
    repeats: Repeats = row.get("repeats") or Repeats.NO
    return repeats.weeks


def _pattern(row: ParsedRow, register: Register) -> Pattern:
    day: dt.date = row.get("day")
    starts_at, ends_at = row.get("clock").on(day, HELSINKI)
    weeks = _weeks(row)
    return Pattern(
        starts_on=day,
        starts_time=row.get("clock").start,
        minutes=round((ends_at - starts_at).total_seconds() / 60),
        zone_name=HELSINKI.key,
        recurrence=occurrences.weekly(weeks) if weeks else "",
        ends_on=_last_day(row, register) if weeks else day,
        skips_holidays=weeks > 0,
    )


def _last_day(row: ParsedRow, register: Register) -> dt.date:
    """A series without a last day goes on to the end of the year its sheet is for."""
    return dt.date(register.year_of(row) or row.get("day").year, 12, 31)


def busy(row: ParsedRow, register: Register) -> Iterator[Busy]:
    """The time each person of the row is taken, all occurrences of a series."""
    shift = shift_of(row, register)
    own = assignment_sources(matching.matched(row, register)) if shift.experts else frozenset()
    for occurrence in shift.occurrences():
        for name in shift.experts:
            yield Busy(name_key(name), name, occurrence.starts_at, occurrence.ends_at, row, own)
