"""The sheet Työnohjaus: supervision sessions and who takes part."""

import datetime as dt
from collections.abc import Iterable, Iterator

from coordination.formats import HELSINKI
from coordination.models import User
from coordination.register_import.register import Register
from coordination.register_import.sheets import Column, ParsedRow, RegisterSheet, register_sheet
from coordination.workbook import clock_times, dates, words
from coordination.workbook.problems import Misread, Problem, Severity, said
from coordination.workbook.words import name_key
from experts.models import Expert
from experts.register_sheets.busy import Busy, check_busy
from experts.register_sheets.people import experts_by_key
from experts.services import supervision_rows
from experts.services.supervision_rows import SupervisionRow


@register_sheet
class SupervisionSheet(RegisterSheet):
    """One row a session; supervisor and day are the key."""

    key = "supervision"
    title = "Työnohjaus"
    also = ("Arbetshandledning", "Supervision")
    order = 60
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
        Column(
            "Ohjaaja",
            "supervisor",
            words.parse_name,
            ("Handledare", "Supervisor"),
            True,
            Severity.ERROR,
        ),
        Column(
            "Osallistujat",
            "participants",
            words.parse_names,
            ("Deltagare", "Participants"),
            True,
            Severity.ERROR,
        ),
    )

    def check(self, rows: list[ParsedRow], register: Register) -> Iterable[Problem]:
        for row in rows:
            for name in row.get("participants") or []:
                yield from register.refer(row, "participants", "expert", "unknown_person", one=name)
            yield from _check_times(row)
            if not row.failed:
                yield from check_busy(register, row, "participants", list(_busy(row)))

    def label(self, row: ParsedRow) -> str:
        return " ".join(said(row.get(name)) for name in ("day", "supervisor") if row.has(name))

    def wanted(self, row: ParsedRow, register: Register) -> dict[str, object]:
        return {
            "clock": str(row.get("clock")),
            "participants": sorted(_people(row, register), key=name_key),
        }

    def stored(self, row: ParsedRow, register: Register) -> dict[str, object] | None:
        session = supervision_rows.find(_session(row))
        if session is None:
            return None
        starts, ends = (
            session.starts_at.astimezone(HELSINKI).time(),
            session.ends_at.astimezone(HELSINKI).time(),
        )
        names = session.attendances.values_list("expert__name", flat=True)
        return {
            "clock": str(clock_times.ClockRange(starts, ends)),
            "participants": sorted(names, key=name_key),
        }

    def write(
        self, row: ParsedRow, register: Register, *, by: User | None, now: dt.datetime
    ) -> None:
        known: dict[str, Expert] = experts_by_key(register)
        people = [known[name_key(name)] for name in row.get("participants")]
        supervision_rows.save(_session(row), people, now=now)


def _session(row: ParsedRow) -> SupervisionRow:
    starts_at, ends_at = row.get("clock").on(row.get("day"), HELSINKI)
    return SupervisionRow(starts_at, ends_at, row.get("supervisor"))


def _people(row: ParsedRow, register: Register) -> Iterator[str]:
    """The participants' names as the register spells them."""
    for name in row.get("participants"):
        found = register.names_of("expert").find(name)
        yield found.name if found else name


def _check_times(row: ParsedRow) -> Iterator[Problem]:
    if not row.has("day", "clock"):
        return
    try:
        row.get("clock").on(row.get("day"), HELSINKI)
    except Misread as misread:
        row.failed.add("clock")
        yield row.misread("clock", misread)


def _busy(row: ParsedRow) -> Iterator[Busy]:
    starts_at, ends_at = row.get("clock").on(row.get("day"), HELSINKI)
    own = supervision_rows.diary_sources(_session(row)) if row.has("supervisor") else frozenset()
    for name in row.get("participants"):
        yield Busy(name_key(name), name, starts_at, ends_at, row, own)
