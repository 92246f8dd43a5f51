"""The sheet Palkkiot: what is paid for which form of work, from when."""

import datetime as dt
from collections.abc import Iterable, Iterator

from billing.models import FeeRule
from coordination.models import User
from coordination.register_import.kinds import check_kinds, kinds_of, publish_kinds
from coordination.register_import.register import Register
from coordination.register_import.sheets import Column, ParsedRow, RegisterSheet, register_sheet
from coordination.register_sheets.agreements import periods_overlap
from coordination.workbook import amounts, dates, words
from coordination.workbook.problems import Problem, Severity, said

Key = tuple[str, dt.date]


@register_sheet
class FeeRulesSheet(RegisterSheet):
    """One row a rule; kind and first day are the key."""

    key = "fee_rules"
    title = "Palkkiot"
    also = ("Arvoden", "Fees")
    order = 70
    columns = (
        Column(
            "Tehtävä", "kind", words.parse_text, ("Uppdrag", "Task", "Muoto"), True, Severity.ERROR
        ),
        Column("Yksikkö", "basis", words.parse_per_unit, ("Enhet", "Unit"), True, Severity.ERROR),
        Column("Euroa", "amount", amounts.parse_money, ("Euro", "Euros"), True, Severity.ERROR),
        Column(
            "Voimassa alkaen",
            "starts_on",
            dates.parse_date,
            ("Gäller från", "From"),
            True,
            Severity.ERROR,
        ),
        Column("Voimassa asti", "ends_on", dates.parse_date, ("Gäller till", "Until")),
    )

    def publish(self, rows: list[ParsedRow], register: Register) -> None:
        publish_kinds(register)

    def check(self, rows: list[ParsedRow], register: Register) -> Iterable[Problem]:
        for row in rows:
            yield from check_kinds(register, row, "kind")
            if row.has("starts_on", "ends_on") and row.get("ends_on") < row.get("starts_on"):
                row.failed.add("ends_on")
                yield row.problem(
                    "ends_on",
                    "ends_before_start",
                    start=row.get("starts_on"),
                    end=row.get("ends_on"),
                )
        whole = [row for row in rows if not row.failed]
        yield from _overlaps(whole, register)
        for row in whole:
            if not row.failed:
                yield from _in_use(row, register)

    def label(self, row: ParsedRow) -> str:
        return " ".join(said(row.get(name)) for name in ("kind", "starts_on") if row.has(name))

    def wanted(self, row: ParsedRow, register: Register) -> dict[str, object]:
        wanted = {name: row.get(name) for name in ("basis", "amount", "ends_on") if row.has(name)}
        return wanted | {"basis": str(row.get("basis"))}

    def stored(self, row: ParsedRow, register: Register) -> dict[str, object] | None:
        rule = _stored(register).get(_key(row, register))
        return (
            None
            if rule is None
            else {"basis": rule.basis, "amount": rule.amount, "ends_on": rule.ends_on}
        )

    def write(
        self, row: ParsedRow, register: Register, *, by: User | None, now: dt.datetime
    ) -> None:
        [kind] = kinds_of(register, row, "kind")
        FeeRule.objects.update_or_create(
            kind=kind, starts_on=row.get("starts_on"), defaults=self.wanted(row, register)
        )


def _key(row: ParsedRow, register: Register) -> Key:
    return kinds_of(register, row, "kind")[0].code, row.get("starts_on")


def _stored(register: Register) -> dict[Key, FeeRule]:
    return register.cached(
        "fee_rules",
        lambda: {(r.kind.code, r.starts_on): r for r in FeeRule.objects.select_related("kind")},
    )


def _overlaps(rows: list[ParsedRow], register: Register) -> Iterator[Problem]:
    """One rule a kind and day: among the rows, and beside rules that only the database has."""
    in_file = {_key(row, register) for row in rows}
    kept: list[ParsedRow] = []
    for row in sorted(rows, key=lambda row: row.number):
        code = _key(row, register)[0]
        other = next(
            (o for o in kept if _key(o, register)[0] == code and periods_overlap(o, row)), None
        )
        if other:
            earlier = min(other, row, key=lambda r: r.get("starts_on"))
            later = max(other, row, key=lambda r: r.get("starts_on"))
            last_day = max(later.get("starts_on") - dt.timedelta(days=1), earlier.get("starts_on"))
            row.failed.add("starts_on")
            yield row.problem(
                "starts_on",
                "overlap",
                reason="fee",
                value=row.get("kind"),
                other_row=other.number,
                day=last_day,
            )
            continue
        kept.append(row)
        yield from _overlaps_stored(row, code, in_file, register)


def _in_use(row: ParsedRow, register: Register) -> Iterator[Problem]:
    """A rate fees were made with is not rewritten; a new one begins on a later day."""
    rule = _stored(register).get(_key(row, register))
    changes = rule is not None and (rule.amount, rule.basis) != (
        row.get("amount"),
        str(row.get("basis")),
    )
    if rule is not None and changes and rule.lines.exists():
        row.failed.add("amount")
        yield row.problem("amount", "fee_in_use", value=row.get("kind"), amount=rule.amount)


def _overlaps_stored(
    row: ParsedRow, code: str, in_file: set[Key], register: Register
) -> Iterator[Problem]:
    last = row.get("ends_on") or dt.date.max
    for (kind, starts_on), rule in _stored(register).items():
        only_stored = kind == code and (kind, starts_on) not in in_file
        if (
            only_stored
            and starts_on <= last
            and row.get("starts_on") <= (rule.ends_on or dt.date.max)
        ):
            row.failed.add("starts_on")
            yield row.problem(
                "starts_on", "overlap", reason="fee_stored", value=row.get("kind"), day=starts_on
            )
            return
