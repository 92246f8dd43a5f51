"""The sheet Vuorot: single sessions and series, and who was promised to them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict

from coordination.models import User
from coordination.register_import.kinds import check_kinds, publish_kinds
from coordination.register_import.register import Register
from coordination.register_import.sheets import Column, ParsedRow, RegisterSheet, register_sheet
from coordination.workbook import clock_times, dates, words
from coordination.workbook.problems import Problem, Severity, said
from experts.register_sheets.busy import check_busy
from scheduling.models import Series
from scheduling.register_sheets import matching, shift_checks, shift_facts, shift_notes
from scheduling.services import shift_rows


@register_sheet
class ShiftsSheet(RegisterSheet):
    """One row a session or a series; unit, form of work and first day are the key, and the hour
    where there are two.
    """

    key = "shifts"
    title = "Vuorot"
    also = ("Turer", "Arbetsturer", "Shifts")
    order = 50
    columns = (
        Column("Pvm", "day", dates.parse_date, ("Datum", "Date", "Päivä"), True, Severity.ERROR),
        Column(
            "Klo",
            "clock",
            clock_times.parse_clock_range,
            ("Kl", "Kl.", "Time"),
            True,
            Severity.ERROR,
        ),
        Column("Yksikkö", "unit", words.parse_text, ("Enhet", "Unit"), True, Severity.ERROR),
        Column("Muoto", "kind", words.parse_text, ("Form", "Kind"), True, Severity.ERROR),
        Column(
            "Kokemusasiantuntijat", "experts", words.parse_names, ("Erfarenhetsexperter", "Experts")
        ),
        Column(
            "Vastuuammattilainen",
            "responsible",
            words.parse_name,
            ("Ansvarig yrkesperson", "Responsible professional"),
        ),
        Column("Toistuu", "repeats", words.parse_repeats, ("Upprepas", "Repeats")),
        Column("Huom", "notes", words.parse_text, ("Obs", "Notes", "Huomautus")),
    )

    def publish(self, rows: list[ParsedRow], register: Register) -> None:
        publish_kinds(register)

    def check(self, rows: list[ParsedRow], register: Register) -> Iterable[Problem]:
        for row in rows:
            yield from register.refer(row, "unit", "unit", "unknown_unit")
            yield from check_kinds(register, row, "kind")
            for name in row.get("experts") or []:
                yield from register.refer(row, "experts", "expert", "unknown_person", one=name)
            yield from shift_checks.check_times(row, register)
            yield from shift_checks.check_responsible(row, register)
            yield from shift_checks.check_agreement(row, register)
            yield from shift_checks.check_people(row, register)
        yield from shift_checks.check_twice(rows, register)
        matching.match([row for row in rows if not row.failed], register)
        for row in rows:
            if not row.failed:
                yield from check_busy(
                    register, row, "experts", list(shift_facts.busy(row, register))
                )
        yield from matching.no_longer_in_file(rows, register)

    def label(self, row: ParsedRow) -> str:
        return " ".join(said(row.get(name)) for name in ("day", "clock", "unit") if row.has(name))

    def wanted(self, row: ParsedRow, register: Register) -> dict[str, object]:
        return shift_rows.wanted(shift_facts.shift_of(row, register))

    def stored(self, row: ParsedRow, register: Register) -> dict[str, object] | None:
        known = matching.matched(row, register)
        return (
            None
            if known is None
            else shift_rows.as_row(known, beside=shift_facts.shift_of(row, register))
        )

    def lock(self, rows: list[ParsedRow], register: Register) -> None:
        """The series of the rows; people come after, and sessions when they are written."""
        known = [matching.matched(row, register) for row in rows]
        ids = sorted(one.pk for one in known if isinstance(one, Series))
        locked = Series.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids)
        list(locked.order_by("pk").values_list("pk", flat=True))

    def write(
        self, row: ParsedRow, register: Register, *, by: User | None, now: dt.datetime
    ) -> dict[str, int]:
        shift = shift_facts.shift_of(row, register)
        people = shift_facts.people_of(row, register)
        known = matching.matched(row, register)
        written, effects = shift_rows.save(known, shift, people, by=by, now=now)
        shift_notes.remember(row, register, written)
        return asdict(effects)

    def look_back(
        self, rows: list[ParsedRow], register: Register, *, now: dt.datetime
    ) -> Iterable[Problem]:
        return shift_notes.notes(rows, register, now=now)
