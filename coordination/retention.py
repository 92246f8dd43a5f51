"""How long data is kept: each package's table of rules is what the daily job reads (GDPR art. 5(1)(e)).

Every stored table has a rule in `<package>/retention_policy.py`, or a test fails: it is deleted, some
columns are blanked, or it is kept, and why. docs/data-protection.md shows the same table.
Audit rows follow the rows they tell of: deleted with them, blanked with them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pgtrigger
import structlog
from dateutil.relativedelta import relativedelta
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import BaseExpression

from coordination.clock import HOME_ZONE

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Rows a transaction: short locks, and a job that was cut short has done a part."""


@dataclass(frozen=True)
class Span:
    """So long after a day or moment."""

    years: int = 0
    months: int = 0
    days: int = 0

    def limit(self, now: dt.datetime) -> dt.datetime:
        """What began before this moment has been kept long enough; counted on Helsinki's calendar."""
        local = now.astimezone(HOME_ZONE)
        back = relativedelta(years=self.years, months=self.months, days=self.days)
        return (local - back).astimezone(dt.UTC)

    def __str__(self) -> str:
        parts = (("years", self.years), ("months", self.months), ("days", self.days))
        said = [f"{number} {name if number > 1 else name[:-1]}" for name, number in parts if number]
        return " ".join(said) or "at once"


@dataclass(frozen=True)
class YearEnd:
    """So many years after the end of the calendar year of a day (Accounting Act 2:10, domain.md 4.6)."""

    years: int

    def limit(self, now: dt.datetime) -> dt.datetime:
        """The beginning of the first year that must still be kept."""
        year = now.astimezone(HOME_ZONE).year - self.years
        return dt.datetime(year, 1, 1, tzinfo=HOME_ZONE)

    def __str__(self) -> str:
        return f"{self.years} years after the end of the calendar year"


Condition = Q | Callable[[dt.datetime], Q]


@dataclass(frozen=True)
class Keep:
    """A table that stays, and why it may."""

    model: str
    why: str


@dataclass(frozen=True)
class Delete:
    """Rows that go `after` the day or moment in `since` (a lookup; "" when `where` alone decides).

    `lifts`: triggers that forbid it to everybody else ("billing.FeeLine:fee_line_stays").
    """

    model: str
    since: str
    after: "Span | YearEnd"
    why: str
    where: Condition = field(default_factory=Q)
    lifts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Blank:
    """Columns that are emptied; the row stays. `also` is set on the row, and left as it was in its past."""

    model: str
    columns: Mapping[str, Any]
    since: str
    after: "Span | YearEnd"
    why: str
    where: Condition = field(default_factory=Q)
    also: Mapping[str, Any] = field(default_factory=dict)


Rule = Keep | Delete | Blank
_policies: list[tuple[Rule, ...]] = []


def register(rules: Iterable[Rule]) -> None:
    """Add a package's table, in its AppConfig.ready; the ground floor comes first."""
    table = tuple(rules)
    if table not in _policies:
        _policies.append(table)


def policy() -> list[Rule]:
    """All rules, the highest floor first: what leans on other rows goes before them."""
    return [rule for table in reversed(_policies) for rule in table]


def apply(*, now: dt.datetime) -> dict[str, int]:
    """Delete and blank everything that is due; how many rows by table. Bears being run twice.

    What the database will not let go (something still leans on it) stays and is logged; the other
    rules are applied all the same.
    """
    done: dict[str, int] = {}
    for rule in policy():
        if isinstance(rule, Keep):
            continue
        count = _apply(rule, now=now)
        if count:
            done[rule.model] = done.get(rule.model, 0) + count
            log.info("retention applied", table=rule.model, rows=count)
    return done


def due(rule: Delete | Blank, *, now: dt.datetime) -> "QuerySet[Any]":
    """The rows a rule wants to go at this moment."""
    rows: QuerySet[Any] = apps.get_model(rule.model)._default_manager.order_by()
    limit = rule.after.limit(now)
    if rule.since:
        rows = rows.filter(**{f"{rule.since}__lt": _as_stored(rule, limit)})
    rows = rows.filter(rule.where(limit) if callable(rule.where) else rule.where)
    if isinstance(rule, Blank):
        rows = rows.exclude(
            **{
                name: value
                for name, value in rule.columns.items()
                if not isinstance(value, BaseExpression)
            }
        )
    return rows


def _as_stored(rule: Delete | Blank, limit: dt.datetime) -> dt.date:
    """A moment for a moment, a Helsinki day for a day."""
    meta, found = apps.get_model(rule.model)._meta, None
    for name in rule.since.split("__"):
        found = meta.get_field(name)
        meta = found.related_model._meta if found.is_relation else meta
    return limit if isinstance(found, models.DateTimeField) else limit.astimezone(HOME_ZONE).date()


def _apply(rule: Delete | Blank, *, now: dt.datetime) -> int:
    count, last = 0, None
    while True:
        rows = due(rule, now=now).order_by("pk")
        rows = rows.filter(pk__gt=last) if last is not None else rows
        chunk = list(rows.values_list("pk", flat=True).distinct()[:AT_ONCE])
        if not chunk:
            break
        count += _go(rule, chunk)
        last = chunk[-1]
    if isinstance(rule, Delete):
        _sweep_orphans(rule, now=now)
    return count


def _go(rule: Delete | Blank, chunk: list[Any]) -> int:
    """One transaction; when something leans on one of the rows, each by itself."""
    try:
        with transaction.atomic():
            if isinstance(rule, Delete):
                _delete(rule, chunk)
            else:
                _blank(rule, chunk)
    except IntegrityError as error:  # ProtectedError and RestrictedError too
        if len(chunk) > 1:
            return sum(_go(rule, [pk]) for pk in chunk)
        log.warning("retention refused", table=rule.model, row=chunk[0], error=type(error).__name__)
        return 0
    return len(chunk)


def _delete(rule: Delete, chunk: list[Any]) -> None:
    model = apps.get_model(rule.model)
    with pgtrigger.ignore(*rule.lifts) if rule.lifts else nullcontext():
        model._default_manager.filter(pk__in=chunk).delete()
    if past := history_of(model):
        past._default_manager.filter(id__in=chunk).delete()


def _blank(rule: Blank, chunk: list[Any]) -> None:
    """The row first: that writes one more row of its past, which is blanked with the others."""
    model = apps.get_model(rule.model)
    model._default_manager.filter(pk__in=chunk).update(**rule.columns, **rule.also)
    if past := history_of(model):
        known = {column.name for column in past._meta.fields}
        values = {name: value for name, value in rule.columns.items() if name in known}
        past._default_manager.filter(id__in=chunk).update(**values)


def _sweep_orphans(rule: Delete, *, now: dt.datetime) -> None:
    """The past of rows that people removed themselves stays as long as the rows would have."""
    model = apps.get_model(rule.model)
    if past := history_of(model):
        alive = Exists(model._default_manager.filter(pk=OuterRef("id")))
        old = past._default_manager.filter(pgh_created_at__lt=rule.after.limit(now))
        old.filter(~alive).delete()


def history_of(model: type[models.Model]) -> type[models.Model] | None:
    """The table of a model's audit rows, None when there is none. Their `id` is the row's own."""
    return _histories().get(model)


@cache
def _histories() -> dict[type[models.Model], type[models.Model]]:
    """Links are audited through a proxy of their table."""
    return {
        tracked._meta.concrete_model: past
        for past in apps.get_models()
        if (tracked := getattr(past, "pgh_tracked_model", None)) is not None
    }
