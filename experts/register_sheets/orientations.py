"""The sheet Perehdytykset: who was shown round where."""

import datetime as dt
from collections.abc import Iterable

from coordination.models import User
from coordination.register_import.register import Register
from coordination.register_import.sheets import Column, ParsedRow, RegisterSheet, register_sheet
from coordination.register_sheets.units import units_by_key
from coordination.workbook import dates, words
from coordination.workbook.problems import Problem, Severity
from coordination.workbook.words import name_key
from experts.models import Orientation
from experts.register_sheets.people import experts_by_key


@register_sheet
class OrientationsSheet(RegisterSheet):
    """One row an orientation; person, unit and day are the key."""

    key = "orientations"
    title = "Perehdytykset"
    also = ("Introduktioner", "Orientations")
    order = 40
    columns = (
        Column(
            "Kokemusasiantuntija",
            "expert",
            words.parse_name,
            ("Erfarenhetsexpert", "Expert"),
            True,
            Severity.ERROR,
        ),
        Column("Yksikkö", "unit", words.parse_text, ("Enhet", "Unit"), True, Severity.ERROR),
        Column(
            "Pvm", "oriented_on", dates.parse_date, ("Datum", "Date", "Päivä"), True, Severity.ERROR
        ),
        Column("Perehdyttäjä", "given_by", words.parse_text, ("Introducerad av", "Given by")),
    )

    def check(self, rows: list[ParsedRow], register: Register) -> Iterable[Problem]:
        seen: dict[object, ParsedRow] = {}
        for row in rows:
            yield from register.refer(row, "expert", "expert", "unknown_person")
            yield from register.refer(row, "unit", "unit", "unknown_unit")
            if row.has("expert", "unit", "oriented_on"):
                first = seen.setdefault(_key(row), row)
                if first is not row:
                    yield row.problem(
                        "expert",
                        "duplicate",
                        reason="row",
                        value=row.get("expert"),
                        other_row=first.number,
                        severity=Severity.WARNING,
                    )

    def label(self, row: ParsedRow) -> str:
        return ", ".join(str(row.get(name)) for name in ("expert", "unit") if row.has(name))

    def wanted(self, row: ParsedRow, register: Register) -> dict[str, object]:
        return {"given_by": row.get("given_by")} if row.has("given_by") else {}

    def stored(self, row: ParsedRow, register: Register) -> dict[str, object] | None:
        given_by = _stored(register).get(_key(row))
        return None if given_by is None else {"given_by": given_by}

    def write(
        self, row: ParsedRow, register: Register, *, by: User | None, now: dt.datetime
    ) -> None:
        Orientation.objects.update_or_create(
            expert=experts_by_key(register)[name_key(row.get("expert"))],
            unit=units_by_key(register)[name_key(row.get("unit"))],
            oriented_on=row.get("oriented_on"),
            defaults=self.wanted(row, register),
        )
        _stored(register)[_key(row)] = row.get("given_by") or ""


Key = tuple[str, str, dt.date]


def _key(row: ParsedRow) -> Key:
    return name_key(row.get("expert")), name_key(row.get("unit")), row.get("oriented_on")


def _stored(register: Register) -> dict[Key, str]:
    def load() -> dict[Key, str]:
        rows = Orientation.objects.filter(expert__isnull=False)
        return {
            (name_key(expert), name_key(unit), day): given_by
            for expert, unit, day, given_by in rows.values_list(
                "expert__name", "unit__name", "oriented_on", "given_by"
            )
        }

    return register.cached("orientations", load)
