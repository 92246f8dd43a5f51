"""What can be wrong with a shift beyond its single cells."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import get_language

from coordination.formats import HELSINKI
from coordination.models import Agreement
from coordination.register_import.kinds import kinds_by_word, kinds_of
from coordination.register_import.register import Register
from coordination.register_import.sheets import ParsedRow
from coordination.workbook.problems import Misread, Problem, Severity
from coordination.workbook.words import Repeats, name_key
from experts.models import Expert, ExpertStatus, Orientation
from experts.register_sheets.people import experts_by_key
from scheduling import holidays

_SHORTEST, _LONGEST = dt.timedelta(minutes=15), dt.timedelta(hours=12)


def check_times(row: ParsedRow, register: Register) -> Iterator[Problem]:
    """Hours that the clocks skip, nights, holidays, and days outside the sheet's year."""
    if row.has("day"):
        yield from _check_day(row, register)
    if not row.has("day", "clock"):
        return
    day, clock = row.get("day"), row.get("clock")
    try:
        starts_at, ends_at = clock.on(day, HELSINKI)
    except Misread as misread:
        row.failed.add("clock")
        yield row.misread("clock", misread)
        return
    if not _SHORTEST <= ends_at - starts_at <= _LONGEST:
        yield row.problem("clock", "too_long_or_short")
    if clock.next_day and clock.end != dt.time(0):
        hours = (ends_at - starts_at).total_seconds() / 3600
        by_the_wall = (clock.end.hour - clock.start.hour) % 24 + (
            clock.end.minute - clock.start.minute
        ) / 60
        yield row.problem(
            "clock",
            "crosses_midnight",
            reason="clock_change" if hours != by_the_wall else "",
            severity=Severity.WARNING,
            value=str(clock),
            day=day + dt.timedelta(days=1),
            hours=f"{hours:g}",
        )


def _check_day(row: ParsedRow, register: Register) -> Iterator[Problem]:
    day, year = row.get("day"), register.year_of(row)
    if year is not None and day.year != year:
        yield row.problem("day", "other_year", severity=Severity.WARNING, day=day, year=year)
    name = holidays.name(day, language=(get_language() or "fi")[:2])
    if name:
        repeats = row.get("repeats") not in {None, Repeats.NO}
        yield row.problem(
            "day",
            "holiday",
            reason="series" if repeats else "",
            severity=Severity.WARNING,
            day=day,
            value=name,
        )


def check_responsible(row: ParsedRow, register: Register) -> Iterator[Problem]:
    """A group session needs a named professional (S4 l.103), and an expert is not one of the
    unit's professionals.
    """
    kind = kinds_by_word(register).get(name_key(row.get("kind") or ""))
    if (
        kind
        and kind.needs_responsible_professional
        and not row.has("responsible")
        and "responsible" not in row.failed
    ):
        yield row.problem("responsible", "missing", reason="responsible")
    said = row.get("responsible")
    if said and register.names_of("expert").find(said):
        yield row.problem(
            "responsible", "not_a_professional", severity=Severity.WARNING, value=said
        )


def check_agreement(row: ParsedRow, register: Register) -> Iterator[Problem]:
    """An agreement in force that covers the form of work on the day, in the file or in the
    database.
    """
    if not row.has("day", "unit", "kind") or {"unit", "kind"} & row.failed:
        return
    [kind] = kinds_of(register, row, "kind")
    if not kind.needs_unit_agreement or (name_key(row.get("unit")), kind.code) not in _covered(
        register
    ):
        periods: list[tuple[dt.date, dt.date]] = []
    else:
        periods = _covered(register)[name_key(row.get("unit")), kind.code]
    if kind.needs_unit_agreement and not any(
        first <= row.get("day") <= last for first, last in periods
    ):
        yield row.problem(
            "kind", "no_agreement", severity=Severity.WARNING, value=kind.name, day=row.get("day")
        )


Covered = dict[tuple[str, str], list[tuple[dt.date, dt.date]]]


def _covered(register: Register) -> Covered:
    """Days on which an agreement covers a form of work, by unit and kind."""

    def load() -> Covered:
        found: Covered = {}
        for row in register.rows_of("agreements"):
            if (
                row.has("unit", "starts_on", "kinds")
                and not {"kinds", "starts_on", "ends_on"} & row.failed
            ):
                for kind in kinds_of(register, row, "kinds"):
                    days = (row.get("starts_on"), row.get("ends_on") or dt.date.max)
                    found.setdefault((name_key(row.get("unit")), kind.code), []).append(days)
        stored = Agreement.objects.values_list("unit__name", "kinds__code", "starts_on", "ends_on")
        for unit, code, starts_on, ends_on in stored:
            found.setdefault((name_key(unit), code), []).append((starts_on, ends_on or dt.date.max))
        return found

    return register.cached("covered", load)


def check_people(row: ParsedRow, register: Register) -> Iterator[Problem]:
    """People who should not have this shift by what their own rows say."""
    if "experts" in row.failed:
        return
    for name in row.get("experts") or []:
        yield from _check_person(row, name, register)


def _check_person(row: ParsedRow, name: str, register: Register) -> Iterator[Problem]:
    named = register.names_of("expert").find(name)
    person = named.row if named else None
    stored = experts_by_key(register).get(name_key(name))
    status = (person.get("status") if person else None) or (stored.status if stored else None)
    if status not in {None, ExpertStatus.ACTIVE}:
        yield row.problem("experts", "not_active", severity=Severity.WARNING, value=name)
    unit = name_key(row.get("unit") or "")
    if unit and unit in _excluded(person, stored):
        yield row.problem("experts", "excluded_unit", severity=Severity.WARNING, value=name)
    if person and not _has_agreed(person, row, register):
        yield row.problem("experts", "kind_not_agreed", severity=Severity.NOTE, value=name)
    if unit and "unit" not in row.failed and (name_key(name), unit) not in _oriented(register):
        yield row.problem("experts", "no_orientation", severity=Severity.NOTE, value=name)


def _has_agreed(person: ParsedRow, row: ParsedRow, register: Register) -> bool:
    """Whether the person's own row lists the form of work; one that is unread agrees to all."""
    unread = {"kind", "kinds"} & (row.failed | person.failed)
    if unread or not person.has("kinds") or not row.has("kind"):
        return True
    return kinds_of(register, row, "kind")[0] in kinds_of(register, person, "kinds")


def _excluded(person: ParsedRow | None, stored: Expert | None) -> set[str]:
    if person is not None and person.has("excluded_units"):
        return {name_key(person.get("excluded_units"))} | {
            key for what, key in person.needs if what == "unit"
        }
    return {name_key(unit.name) for unit in stored.excluded_units.all()} if stored else set()


def _oriented(register: Register) -> set[tuple[str, str]]:
    def load() -> set[tuple[str, str]]:
        rows = [row for row in register.rows_of("orientations") if row.has("expert", "unit")]
        in_file = {(name_key(row.get("expert")), name_key(row.get("unit"))) for row in rows}
        stored = Orientation.objects.filter(expert__isnull=False).values_list(
            "expert__name", "unit__name"
        )
        return in_file | {(name_key(expert), name_key(unit)) for expert, unit in stored}

    return register.cached("oriented", load)


def check_twice(rows: list[ParsedRow], register: Register) -> Iterator[Problem]:
    """The same unit, form of work and beginning on two rows is one shift written twice."""
    seen: dict[object, ParsedRow] = {}
    for row in rows:
        if row.failed or not row.has("day", "clock", "unit", "kind"):
            continue
        key = (
            name_key(row.get("unit")),
            name_key(row.get("kind")),
            row.get("day"),
            row.get("clock").start,
        )
        first = seen.setdefault(key, row)
        if first is not row:
            row.failed.add("unit")
            yield row.problem(
                "unit", "duplicate", reason="row", value=row.get("unit"), other_row=first.number
            )
