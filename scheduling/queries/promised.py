"""Shifts promised to somebody though something is missing: they are held, and it is to be mended (ADR 0011)."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, CharField, DateField, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Cast
from django.utils.functional import Promise

from coordination.queries import readiness, readiness_sql
from scheduling.eligibility.reasons import SENTENCES
from scheduling.models import Assignment, Session, SessionState
from scheduling.models.assignments import SEATED

NO_RESPONSIBLE = "no_responsible_professional"


@dataclass(frozen=True)
class Lacking:
    """The first promised session of a unit and form of work that lacks something, and how many do."""

    session: Session
    why: str | Promise
    in_all: int


def lacking(*, now: dt.datetime) -> list[Lacking]:
    """Published sessions to come with somebody on them, by what their unit lacks; one query."""
    rows = Session.objects.filter(
        Exists(Assignment.objects.filter(session=OuterRef("pk"), state__in=SEATED)),
        state=SessionState.OPEN,
        starts_at__gt=now,
    ).annotate(local_day=_local_day())
    missing = readiness_sql.missing(unit="unit", kind="kind", on="local_day")
    nobody = Q(kind__needs_responsible_professional=True, responsible_professional="")
    codes = [When(condition, then=Value(code)) for code, condition in missing.items()]
    codes.append(When(nobody, then=Value(NO_RESPONSIBLE)))
    lacks = Case(*codes, default=Value(""), output_field=CharField())
    told = rows.annotate(lacks=lacks).exclude(lacks="").select_related("kind", "unit")
    found: dict[tuple[int, int, str], list[Session]] = {}
    for row in told.order_by("starts_at", "pk"):
        found.setdefault((row.unit_id, row.kind_id, row.lacks), []).append(row)  # type: ignore[attr-defined]  # annotated above
    return [
        Lacking(group[0], readiness.SENTENCES.get(code, SENTENCES.get(code, "")), len(group))
        for (_unit, _kind, code), group in found.items()
    ]


def _local_day() -> Cast:
    """The calendar day of the start in the session's own zone."""
    return Cast(Func(F("zone_name"), F("starts_at"), function="timezone"), DateField())
