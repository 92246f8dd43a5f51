"""Who changed what, when: read from the rows that triggers write (before → after)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from coordination import formats
from coordination.models import User
from coordination.queries import audit_places, audit_words

PERSONAL = {
    "experts.expert": ("expert", "id"),
    "coordination.user": ("user", "id"),
    "coordination.rolegrant": ("user", "user_id"),
}
"""Tables about a person: what the log of looks calls them, and the column that says who."""
WHOSE = "expert_id"
"""A column that says the same in any other table."""


@dataclass(frozen=True)
class Table:
    """An audited table: the model of its events, and what people call a row."""

    key: str
    label: str
    events: type[models.Model]


@dataclass(frozen=True)
class Change:
    """One column: what it was and what it became."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One change of one row. `by` is None for what happened by itself or on the command line.

    `about` is whose data it is: a kind and number of the log of looks, None when it is nobody's.
    """

    table: Table
    object_id: int
    label: str
    at: dt.datetime
    by: User | None
    url_name: str
    request_id: str
    changes: list[Change]
    about: tuple[str, int] | None = None

    @property
    def where(self) -> str:
        """The page it was done on, as the menu calls it."""
        return audit_places.where(self.url_name)


@cache
def _tables() -> dict[str, type[models.Model]]:
    """Event models by the key of what they track (`coordination.unit`)."""
    return {
        tracked._meta.label_lower: model
        for model in apps.get_models()
        if (tracked := getattr(model, "pgh_tracked_model", None)) is not None
    }


def tables() -> list[Table]:
    """All audited tables by what people call them, in the language of the moment."""
    found = [
        Table(key, audit_words.table(key, events.pgh_tracked_model), events)  # type: ignore[attr-defined]
        for key, events in _tables().items()
    ]
    return sorted(found, key=lambda table: table.label)


def entries(
    *,
    what: str = "",
    who: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> QuerySet[Any]:
    """Changes as (table key, event id, moment), the newest first; `until` is the first moment left out.

    Hand a page of it to `read`.
    """
    people = None
    if who:
        people = list(User.objects.filter(name__icontains=who).values_list("pk", flat=True))
    chosen = [table for table in tables() if not what or table.key == what]
    parts = [_of_table(table, people, since, until) for table in chosen]
    first, *others = parts
    found: QuerySet[Any] = first.union(*others, all=True).order_by("-pgh_created_at", "-pgh_id")
    return found


def _of_table(
    table: Table,
    people: list[int] | None,
    since: dt.datetime | None,
    until: dt.datetime | None,
) -> QuerySet[Any]:
    found = table.events._default_manager.order_by()
    if people is not None:
        found = found.filter(pgh_context__metadata__user__in=people)
    if since:
        found = found.filter(pgh_created_at__gte=since)
    if until:
        found = found.filter(pgh_created_at__lt=until)
    key = Value(table.key, output_field=models.CharField())
    rows: QuerySet[Any] = found.annotate(table_key=key).values_list(
        "table_key", "pgh_id", "pgh_created_at"
    )
    return rows


def read(page: Iterable[tuple[str, int, dt.datetime]]) -> list[Entry]:
    """The changes of a page in its order; three queries for each table on it, and one for the people."""
    order = [(key, event_id) for key, event_id, _at in page]
    by_table: dict[str, list[int]] = defaultdict(list)
    for key, event_id in order:
        by_table[key].append(event_id)
    known = {table.key: table for table in tables()}
    rows = {
        (key, event.pgh_id): (event, before)
        for key, ids in by_table.items()
        for event, before in _with_before(known[key], ids)
    }
    people = _people(event for event, _before in rows.values())
    found = (rows[place] for place in order if place in rows)
    return [
        _entry(known[key], event, before, people)
        for (key, _id), (event, before) in zip(order, found, strict=True)
    ]


def _with_before(table: Table, ids: list[int]) -> list[tuple[Any, Any]]:
    events = table.events._default_manager
    if "pgh_obj" not in {field.name for field in table.events._meta.fields}:  # links: no row before
        return [(event, None) for event in events.filter(pk__in=ids).select_related("pgh_context")]
    earlier = events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    before = Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1])
    found = list(events.filter(pk__in=ids).select_related("pgh_context").annotate(before_id=before))
    befores = events.in_bulk([event.before_id for event in found if event.before_id])
    return [(event, befores.get(event.before_id)) for event in found]


def _people(events: Iterable[Any]) -> dict[int, User]:
    ids = {
        int(event.pgh_context.metadata["user"])
        for event in events
        if event.pgh_context and event.pgh_context.metadata.get("user")
    }
    return User.objects.in_bulk(ids)


def _entry(table: Table, event: Any, before: Any, people: dict[int, User]) -> Entry:
    context = event.pgh_context.metadata if event.pgh_context else {}
    return Entry(
        table=table,
        object_id=getattr(event, "pgh_obj_id", None) or event.id,
        label=event.pgh_label,
        at=event.pgh_created_at,
        by=people.get(int(context["user"])) if context.get("user") else None,
        url_name=context.get("url_name") or "",
        request_id=context.get("request_id") or "",
        changes=_changes(event, before),
        about=_about(table, event),
    )


def _about(table: Table, event: Any) -> tuple[str, int] | None:
    """Whose data the row is, as the log of looks knows people."""
    kind, column = PERSONAL.get(table.key, ("expert", WHOSE))
    whose = getattr(event, column, None)
    return (kind, whose) if whose else None


def _changes(event: Any, before: Any) -> list[Change]:
    """The columns that differ; of a new or deleted row, those that hold something."""
    fields = [f for f in event._meta.fields if not f.name.startswith("pgh_") and f.name != "id"]
    is_deleted = event.pgh_label == "delete" or event.pgh_label.endswith(".remove")
    old = event if is_deleted else before
    new = None if is_deleted else event
    found = [
        Change(audit_words.column(field), _text(old, field), _text(new, field)) for field in fields
    ]
    return [change for change in found if change.before != change.after]


def _text(row: Any, field: Any) -> str:
    if row is None:
        return ""
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")() or "")
    return _shown(getattr(row, field.attname))


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case dt.datetime():
            return formats.when(value)
        case dt.date():
            return formats.date(value)
        case list():
            return ", ".join(str(part) for part in value)
    return str(value)
