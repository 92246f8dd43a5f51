"""The sheet Sopimukset: what each unit may order, when, and who pays."""

import datetime as dt
import enum
from collections.abc import Iterable, Iterator

from coordination.models import Agreement, User
from coordination.register_import.kinds import check_kinds, kinds_of, publish_kinds
from coordination.register_import.register import Register
from coordination.register_import.sheets import Column, ParsedRow, RegisterSheet, register_sheet
from coordination.register_sheets.units import units_by_key
from coordination.services import agreement_rows
from coordination.workbook import amounts, dates, words
from coordination.workbook.problems import Problem, Severity, said
from coordination.workbook.words import name_key


class Payer(enum.StrEnum):
    """Who pays: the funding project while it runs, or the unit that orders (S4 l.151)."""

    PROJECT = "hanke"
    UNIT = "tilaaja"


parse_payer = words.one_of(
    {
        "hanke": Payer.PROJECT,
        "projekt": Payer.PROJECT,
        "project": Payer.PROJECT,
        "tilaaja": Payer.UNIT,
        "yksikkö": Payer.UNIT,
        "uppdragsgivare": Payer.UNIT,
        "beställare": Payer.UNIT,
        "unit": Payer.UNIT,
    },
    "unknown_payer",
)


@register_sheet
class AgreementsSheet(RegisterSheet):
    """One row an agreement; unit and first day are the key."""

    key = "agreements"
    title = "Sopimukset"
    also = ("Avtal", "Agreements")
    order = 20
    columns = (
        Column("Yksikkö", "unit", words.parse_text, ("Enhet", "Unit"), True, Severity.ERROR),
        Column("Alkaa", "starts_on", dates.parse_date, ("Börjar", "From"), True, Severity.ERROR),
        Column("Päättyy", "ends_on", dates.parse_date, ("Slutar", "Until")),
        Column("Muodot", "kinds", words.parse_list, ("Former", "Kinds"), True, Severity.ERROR),
        Column("Rahoittaja", "funder", words.parse_text, ("Finansiär", "Funder")),
        Column("Maksaja", "payer", parse_payer, ("Betalare", "Payer"), when_empty=Severity.ERROR),
        Column(
            "Budjetti € / vuosi",
            "yearly_budget",
            amounts.parse_money,
            ("Budget € / år", "Budget € / year"),
        ),
    )

    def publish(self, rows: list[ParsedRow], register: Register) -> None:
        publish_kinds(register)

    def check(self, rows: list[ParsedRow], register: Register) -> Iterable[Problem]:
        for row in rows:
            yield from register.refer(row, "unit", "unit", "unknown_unit")
            yield from check_kinds(register, row, "kinds")
            if row.has("starts_on", "ends_on") and row.get("ends_on") < row.get("starts_on"):
                row.failed.add("ends_on")
                yield row.problem(
                    "ends_on",
                    "ends_before_start",
                    start=row.get("starts_on"),
                    end=row.get("ends_on"),
                )
            if row.get("payer") is Payer.PROJECT and not row.has("funder"):
                yield row.problem("funder", "missing")
        yield from _overlaps(rows)

    def label(self, row: ParsedRow) -> str:
        return " ".join(said(row.get(name)) for name in ("unit", "starts_on") if row.has(name))

    def wanted(self, row: ParsedRow, register: Register) -> dict[str, object]:
        project = row.get("funder") if row.get("payer") is Payer.PROJECT else None
        wanted: dict[str, object] = {
            "starts_on": row.get("starts_on"),
            "kinds": sorted(kind.code for kind in kinds_of(register, row, "kinds")),
            "funder": project or "",
        }
        return wanted | {
            name: row.get(name) for name in ("ends_on", "yearly_budget") if row.has(name)
        }

    def stored(self, row: ParsedRow, register: Register) -> dict[str, object] | None:
        agreement = _stored(register).get((name_key(row.get("unit")), row.get("starts_on")))
        return None if agreement is None else agreement_rows.as_row(agreement)

    def write(
        self, row: ParsedRow, register: Register, *, by: User | None, now: dt.datetime
    ) -> None:
        unit = units_by_key(register)[name_key(row.get("unit"))]
        agreement_rows.save(
            unit, self.wanted(row, register), kinds=kinds_of(register, row, "kinds")
        )


def _stored(register: Register) -> dict[tuple[str, dt.date], Agreement]:
    return register.cached(
        "agreements",
        lambda: {(name_key(a.unit.name), a.starts_on): a for a in agreement_rows.with_everything()},
    )


def _overlaps(rows: list[ParsedRow]) -> Iterator[Problem]:
    """Two agreements of one unit never cover the same day (the database says so too)."""
    earlier: dict[str, list[ParsedRow]] = {}
    for row in rows:
        if row.failed or not row.has("unit", "starts_on"):
            continue
        others = earlier.setdefault(name_key(row.get("unit")), [])
        for other in others:
            if periods_overlap(row, other):
                yield row.problem(
                    "starts_on",
                    "overlap",
                    reason="agreement",
                    other_row=other.number,
                    value=row.get("unit"),
                )
                break
        others.append(row)


def periods_overlap(a: ParsedRow, b: ParsedRow) -> bool:
    """Whether the days `starts_on`–`ends_on` of two rows meet; an empty end is for ever."""
    last_a, last_b = a.get("ends_on") or dt.date.max, b.get("ends_on") or dt.date.max
    return bool(a.get("starts_on") <= last_b and b.get("starts_on") <= last_a)
