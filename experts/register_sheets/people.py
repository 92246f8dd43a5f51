"""The sheet Kokemusasiantuntijat: the people of the register."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from coordination.models import User
from coordination.register_import.kinds import check_kinds, kinds_of, publish_kinds
from coordination.register_import.register import Register
from coordination.register_import.sheets import Column, ParsedRow, RegisterSheet, register_sheet
from coordination.register_sheets.units import units_by_key
from coordination.workbook import amounts, cells, contact_details, dates, weekly, words
from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread, Problem, Severity
from coordination.workbook.words import name_key
from experts.models import Expert, ExpertStatus
from experts.services import diary, expert_rows

WITHOUT_DAY = "seen"
_MOST = {"weekly_hours": 60, "monthly_sessions": 100, "max_km": 2000}
_STATUSES = {
    "aktiivinen": ExpertStatus.ACTIVE,
    "tauolla": ExpertStatus.ON_BREAK,
    "lopettanut": ExpertStatus.ENDED,
    "hakija": ExpertStatus.APPLICANT,
    "koulutuksessa": ExpertStatus.IN_TRAINING,
    "aktiv": ExpertStatus.ACTIVE,
    "paus": ExpertStatus.ON_BREAK,
    "slutat": ExpertStatus.ENDED,
    "active": ExpertStatus.ACTIVE,
    "on a break": ExpertStatus.ON_BREAK,
    "ended": ExpertStatus.ENDED,
}


def parse_seen_on(cell: Cell) -> dt.date | str | None:
    """The day a paper was seen, `WITHOUT_DAY` for a bare yes, None for no. Raises `Misread` as
    `parse_date`.
    """
    try:
        return WITHOUT_DAY if words.parse_yes_no(cell) else None
    except Misread:
        return dates.parse_date(cell)


@register_sheet
class PeopleSheet(RegisterSheet):
    """One row a person; the e-mail address is the key, and the name where there is none."""

    key = "experts"
    title = "Kokemusasiantuntijat"
    also = ("Erfarenhetsexperter", "Experts")
    order = 30
    columns: ClassVar = (
        Column(
            "Nimi",
            "name",
            words.parse_name,
            ("Namn", "Name"),
            required=True,
            when_empty=Severity.ERROR,
        ),
        Column("Sähköposti", "email", contact_details.parse_email, ("E-post", "E-mail")),
        Column(
            "Puhelin", "phone", contact_details.parse_phone, ("Telefon", "Phone", "Puhelinnumero")
        ),
        Column(
            "Kotikunta",
            "home_municipality",
            cells.parse_municipality,
            ("Hemkommun", "Home municipality"),
        ),
        Column("Kielet", "languages", words.parse_languages, ("Språk", "Languages")),
        Column("Kokemusteemat", "themes", words.parse_text, ("Erfarenhetsteman", "Themes")),
        Column("Koulutus", "training", words.parse_text, ("Utbildning", "Training")),
        Column(
            "Koulutus valmis",
            "trained_on",
            dates.parse_date,
            ("Utbildning klar", "Training completed"),
        ),
        Column(
            "Vaitiolo allekirjoitettu",
            "confidentiality_signed_on",
            dates.parse_date,
            ("Tystnadsplikt undertecknad",),
        ),
        Column(
            "Rikosrekisteriote nähty",
            "extract_seen_on",
            parse_seen_on,
            ("Straffregisterutdrag sett",),
        ),
        Column("Muodot", "kinds", words.parse_list, ("Former", "Kinds")),
        Column(
            "Saatavuus", "availability", weekly.parse_weekly, ("Tillgänglighet", "Availability")
        ),
        Column(
            "Max h/vko",
            "weekly_hours",
            amounts.parse_limit,
            ("Max h/vecka", "Max h/week", "Max tuntia viikossa"),
        ),
        Column(
            "Max kertaa/kk",
            "monthly_sessions",
            amounts.parse_limit,
            ("Max gånger/mån", "Max times/month"),
        ),
        Column("Max km", "max_km", amounts.parse_limit),
        Column(
            "Ei yksiköihin",
            "excluded_units",
            words.parse_text,
            ("Inte till enheter", "Not to units"),
        ),
        Column(
            "Tila",
            "status",
            words.one_of(_STATUSES, "unknown_status"),
            ("Status",),
            when_empty=Severity.ERROR,
        ),
        Column("Verokortti", "tax_card_seen_on", parse_seen_on, ("Skattekort", "Tax card")),
        Column(
            "Palkanlaskennan nro",
            "payroll_number",
            words.parse_text,
            ("Lönenummer", "Payroll number"),
        ),
        Column("Huom", "wishes", words.parse_text, ("Obs", "Notes", "Huomautus")),
    )

    def publish(self, rows: list[ParsedRow], register: Register) -> None:
        publish_kinds(register)
        names = register.names_of("expert")
        for name in Expert.objects.values_list("name", flat=True):
            names.add(name, stored=True)
        for name in _namesakes():
            names.add(name, several=True)
        for row in rows:
            if row.has("name"):
                register.names_of("expert").add(row.get("name"), row=row)

    def check(self, rows: list[ParsedRow], register: Register) -> Iterable[Problem]:
        seen: dict[tuple[str, str], ParsedRow] = {}
        for row in rows:
            yield from _check_namesakes(row, register)
            yield from check_kinds(register, row, "kinds")
            yield from _check_units(row, register)
            yield from _check_limits(row)
            yield from _check_training(row)
            yield from _check_twice(row, seen, register)
        yield from _bare_yes(rows)

    def label(self, row: ParsedRow) -> str:
        return str(row.get("name") or row.get("email") or "")

    def wanted(self, row: ParsedRow, register: Register) -> dict[str, object]:
        wanted: dict[str, Any] = {k: v for k, v in row.values.items() if v is not WITHOUT_DAY}
        if "home_municipality" in wanted:
            wanted["home_municipality"] = wanted["home_municipality"].name_fi
        if "kinds" in wanted:
            wanted["kinds"] = sorted(kind.code for kind in kinds_of(register, row, "kinds"))
        if "excluded_units" in wanted:
            wanted["excluded_units"] = sorted(name for _key, name in _units(row, register))
        if "availability" in wanted:
            wanted["availability"] = expert_rows.pattern_texts(wanted["availability"])
        if row.has("trained_on"):
            wanted.setdefault("training", expert_rows.UNNAMED_TRAINING)
        return wanted

    def stored(self, row: ParsedRow, register: Register) -> dict[str, object] | None:
        expert = find_expert(register, row)
        return (
            None
            if expert is None
            else expert_rows.as_row(expert, on=register.today, training=row.get("training") or "")
        )

    def lock(self, rows: list[ParsedRow], register: Register) -> None:
        """The register is about everybody: all people stand still until it is written."""
        diary.lock_people(Expert.objects.values_list("pk", flat=True))

    def write(
        self, row: ParsedRow, register: Register, *, by: User | None, now: dt.datetime
    ) -> None:
        wanted = self.wanted(row, register)
        if row.has("availability"):
            wanted["availability"] = row.get("availability")
        units = units_by_key(register)
        expert = expert_rows.save(
            find_expert(register, row),
            wanted,
            kinds=kinds_of(register, row, "kinds") if row.has("kinds") else None,
            excluded=[units[key] for key, _ in _units(row, register)]
            if row.has("excluded_units")
            else None,
            on=register.today,
        )
        experts_by_key(register)[name_key(expert.name)] = expert


def experts_by_key(register: Register) -> dict[str, Expert]:
    """Stored people by name key, with what their rows compare with; of namesakes the one in work."""

    def load() -> dict[str, Expert]:
        people = sorted(expert_rows.with_everything(), key=lambda e: e.status != ExpertStatus.ENDED)
        return {name_key(e.name): e for e in people}

    return register.cached("experts", load)


def _namesakes() -> list[str]:
    """Names that do not say who is meant; somebody who has left is not meant."""
    names = Expert.objects.exclude(status=ExpertStatus.ENDED).values_list("name", flat=True)
    counts = Counter(name_key(name) for name in names)
    return [name for name in names if counts[name_key(name)] > 1]


def find_expert(register: Register, row: ParsedRow) -> Expert | None:
    """The stored person of a row: by e-mail address, else by name."""
    by_name = experts_by_key(register)
    by_email = register.cached(
        "experts_by_email", lambda: {e.email.lower(): e for e in by_name.values() if e.email}
    )
    return by_email.get(row.get("email") or "") or by_name.get(name_key(row.get("name")))


def _check_namesakes(row: ParsedRow, register: Register) -> Iterator[Problem]:
    """Without an address of somebody stored, a name that several have says nothing."""
    named = register.names_of("expert").find(row.get("name") or "")
    if named is None or not named.several:
        return
    stored = find_expert(register, row)
    if stored is None or not row.has("email") or stored.email.lower() != row.get("email").lower():
        row.failed.add("name")
        yield row.problem("name", "several_people", value=row.get("name"))


def _units(row: ParsedRow, register: Register) -> list[tuple[str, str]]:
    """The units a cell lists, as (key, name). A unit's name may have a comma in it, so the whole
    cell is tried first.
    """
    said = row.get("excluded_units") or ""
    parts = [said] if register.names_of("unit").find(said) else words.split_list(said)
    named = [(register.names_of("unit").find(part), part) for part in parts]
    return [(name_key(part), found.name if found else part) for found, part in named]


def _check_units(row: ParsedRow, register: Register) -> Iterator[Problem]:
    for _key, name in _units(row, register):
        yield from register.refer(row, "excluded_units", "unit", "unknown_unit", one=name)


def _check_limits(row: ParsedRow) -> Iterator[Problem]:
    for name, most in _MOST.items():
        if (row.get(name) or 0) > most:
            yield row.problem(name, "above_limit", value=row.get(name), most=most)


def _check_training(row: ParsedRow) -> Iterator[Problem]:
    in_work = row.get("status") in {ExpertStatus.ACTIVE, ExpertStatus.ON_BREAK}
    if in_work and not row.has("trained_on") and "trained_on" not in row.failed:
        yield row.problem("trained_on", "missing", reason="training_day", severity=Severity.WARNING)


def _check_twice(
    row: ParsedRow, seen: dict[tuple[str, str], ParsedRow], register: Register
) -> Iterator[Problem]:
    for name, reason in (
        ("name", "same_name"),
        ("email", "email"),
        ("payroll_number", "payroll_number"),
    ):
        value = row.get(name)
        if value is None:
            continue
        first = seen.setdefault((name, name_key(value)), row)
        if first is not row:
            other = first.get("name") or ""
            yield row.problem(
                name, "duplicate", reason=reason, value=value, other=other, other_row=first.number
            )
        elif name != "name":
            yield from _check_stored(row, name, value, register)


def _check_stored(row: ParsedRow, name: str, value: str, register: Register) -> Iterator[Problem]:
    """An address or a payroll number that somebody else has in the database."""
    if not row.has("name"):
        return
    by_name = experts_by_key(register).get(name_key(row.get("name")))
    # an address alone may mean that the person has a new name; a payroll number may not
    me = by_name if name == "email" else find_expert(register, row)
    if name == "email" and me is None:
        return
    for other in experts_by_key(register).values():
        if getattr(other, name).lower() == value.lower() and (me is None or other.pk != me.pk):
            yield row.problem(
                name, "duplicate", reason=f"{name}_stored", value=value, other=other.name
            )


def _bare_yes(rows: list[ParsedRow]) -> Iterator[Problem]:
    """Once a column, not once a row: a register that says yes everywhere would drown all else."""
    for name in ("extract_seen_on", "tax_card_seen_on"):
        bare = [row for row in rows if row.get(name) is WITHOUT_DAY]
        if bare:
            yield bare[0].problem(
                name, "day_not_said", severity=Severity.NOTE, value="kyllä", rows=len(bare)
            )
