"""The sheet Yksiköt: units, their organisations, places, contacts, space agreements and
insurance.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from coordination.models import Unit, User
from coordination.municipalities import kilometres_between
from coordination.register_import.register import Register
from coordination.register_import.sheets import Column, ParsedRow, RegisterSheet, register_sheet
from coordination.services import unit_rows
from coordination.workbook import amounts, cells, contact_details, dates, words
from coordination.workbook.problems import Problem, Severity
from coordination.workbook.words import name_key

_FINLAND = ((59.0, 70.5), (19.0, 32.0))
_FAR_KM = 60  # a unit this far from the middle of its municipality has the wrong one of the two


@register_sheet
class UnitsSheet(RegisterSheet):
    """One row a unit; the unit's name is the key."""

    key = "units"
    title = "Yksiköt"
    also = ("Enheter", "Units")
    order = 10
    columns = (
        Column(
            "Yksikkö",
            "name",
            words.parse_text,
            ("Enhet", "Unit"),
            required=True,
            when_empty=Severity.ERROR,
        ),
        Column(
            "Organisaatio",
            "organisation",
            words.parse_text,
            ("Organisation",),
            True,
            Severity.ERROR,
        ),
        Column(
            "Y-tunnus",
            "business_id",
            contact_details.parse_business_id,
            ("FO-nummer", "Business ID"),
        ),
        Column(
            "Kunta",
            "municipality",
            cells.parse_municipality,
            ("Kommun", "Municipality"),
            True,
            Severity.ERROR,
        ),
        Column("Osoite", "address", words.parse_text, ("Adress", "Address")),
        Column("Leveys", "latitude", amounts.parse_degrees, ("Latitud", "Latitude", "Leveysaste")),
        Column(
            "Pituus", "longitude", amounts.parse_degrees, ("Longitud", "Longitude", "Pituusaste")
        ),
        Column(
            "Yhteyshenkilö",
            "contact",
            words.parse_name,
            ("Kontaktperson", "Contact person"),
            when_empty=Severity.WARNING,
            empty_reason="contact",
        ),
        Column(
            "Yhteyshenkilön sähköposti",
            "contact_email",
            contact_details.parse_email,
            ("Kontaktpersonens e-post",),
        ),
        Column("Varahenkilö", "deputy", words.parse_name, ("Ersättare", "Deputy")),
        Column(
            "Tila sovittu (pvm)", "space_agreed_on", dates.parse_date, ("Utrymme avtalat (datum)",)
        ),
        Column(
            "Tila sovittu (kenen kanssa)",
            "space_agreed_with",
            words.parse_text,
            ("Utrymme avtalat (med vem)",),
        ),
        Column(
            "Vakuutus voimassa asti",
            "insured_until",
            dates.parse_date,
            ("Försäkring i kraft till",),
        ),
        Column(
            "Kustannuspaikka", "cost_centre", words.parse_text, ("Kostnadsställe", "Cost centre")
        ),
        Column(
            "Verkkolaskuosoite",
            "e_invoice_address",
            words.parse_text,
            ("E-fakturaadress", "E-invoice address"),
        ),
    )

    def publish(self, rows: list[ParsedRow], register: Register) -> None:
        for name in Unit.objects.values_list("name", flat=True):
            register.names_of("unit").add(name, stored=True)
        for row in rows:
            if row.has("name"):
                register.names_of("unit").add(row.get("name"), row=row)

    def check(self, rows: list[ParsedRow], register: Register) -> Iterable[Problem]:
        for row in rows:
            yield from _twice(row, register)
            yield from _insurance(row, register)
            yield from _coordinates(row)
            yield from _business_id(row)
        yield from _one_business_id_each(rows)

    def label(self, row: ParsedRow) -> str:
        return str(row.get("name") or "")

    def wanted(self, row: ParsedRow, register: Register) -> dict[str, object]:
        values = dict(row.values)
        if "municipality" in values:
            values["municipality"] = values["municipality"].name_fi
        for detail, of in (("space_agreed_with", "space_agreed_on"), ("contact_email", "contact")):
            if of not in values:  # says something about nothing
                values.pop(detail, None)
        return values

    def stored(self, row: ParsedRow, register: Register) -> dict[str, object] | None:
        unit = units_by_key(register).get(name_key(row.get("name")))
        return (
            None if unit is None else unit_rows.as_row(unit, on=register.today, beside=row.values)
        )

    def write(
        self, row: ParsedRow, register: Register, *, by: User | None, now: dt.datetime
    ) -> None:
        unit = unit_rows.save(self.wanted(row, register), on=register.today)
        units_by_key(register)[name_key(unit.name)] = unit


def units_by_key(register: Register) -> dict[str, Unit]:
    """Stored units by name key, with what their rows compare with."""
    return register.cached(
        "units", lambda: {name_key(unit.name): unit for unit in unit_rows.with_everything()}
    )


def _twice(row: ParsedRow, register: Register) -> Iterator[Problem]:
    if row.has("name"):
        named = register.names_of("unit").find(row.get("name"))
        if named and named.row is not row and named.row is not None:
            yield row.problem(
                "name", "duplicate", reason="row", value=row.get("name"), other_row=named.row.number
            )


def _insurance(row: ParsedRow, register: Register) -> Iterator[Problem]:
    until = row.get("insured_until")
    if until and until < register.today:
        yield row.problem("insured_until", "expired", severity=Severity.WARNING, day=until)


def _coordinates(row: ParsedRow) -> Iterator[Problem]:
    if row.has("latitude") != row.has("longitude"):
        name = "longitude" if row.has("latitude") else "latitude"
        if name not in row.failed:
            yield row.problem(name, "missing", reason="coordinate")
        return
    if not row.has("latitude"):
        return
    latitude, longitude = row.get("latitude"), row.get("longitude")
    for name, value, (low, high) in (
        ("latitude", latitude, _FINLAND[0]),
        ("longitude", longitude, _FINLAND[1]),
    ):
        if not low <= value <= high:
            yield row.problem(
                name, "invalid_number", reason="degrees", value=value, low=low, high=high
            )
            return
    town = row.get("municipality")
    if town:
        far = kilometres_between((latitude, longitude), (town.latitude, town.longitude))
        if far > _FAR_KM:
            yield row.problem(
                "latitude",
                "far_from_municipality",
                severity=Severity.WARNING,
                km=round(far),
                value=town.name_fi,
            )


def _business_id(row: ParsedRow) -> Iterator[Problem]:
    if not row.has("business_id") and "business_id" not in row.failed:
        yield row.problem("business_id", "missing", reason="business_id", severity=Severity.NOTE)


def _one_business_id_each(rows: list[ParsedRow]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for row in rows:
        if not row.has("organisation", "business_id"):
            continue
        first = seen.setdefault(name_key(row.get("organisation")), row.get("business_id"))
        if first != row.get("business_id"):
            yield row.problem(
                "business_id", "other_business_id", value=row.get("organisation"), other=first
            )
