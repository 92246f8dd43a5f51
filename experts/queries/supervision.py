"""Who is due for work supervision (työnohjaus), and since when."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import (
    Count,
    DateTimeField,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from coordination.clock import HOME_ZONE
from experts.models import (
    DiaryEntry,
    DiaryKind,
    Expert,
    SupervisionAttendance,
    SupervisionRule,
)
from experts.models.supervision import AttendanceState, SupervisionState

_LONG_AGO = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class SupervisionDue:
    """How one person stands on a day. Days are calendar days in Helsinki.

    `due_on` is the first day on which the rule asks for supervision; None while no shift has been
    held since the last one and the weeks have nothing to count from. `held_since` counts the shifts
    held after the last supervision attended, or ever. `next_on` is the next planned supervision.
    """

    today: dt.date
    last_on: dt.date | None
    held_since: int
    due_on: dt.date | None
    next_on: dt.date | None = None

    @property
    def is_due(self) -> bool:
        return self.due_on is not None and self.due_on <= self.today

    @property
    def is_overdue(self) -> bool:
        """The day it was due has passed; on that very day a person is due, not late."""
        return self.days_late > 0

    @property
    def days_late(self) -> int:
        return max(0, (self.today - self.due_on).days) if self.due_on else 0


@dataclass(frozen=True)
class Rule:
    """At least every `max_weeks` weeks or `max_sessions` held shifts, whichever comes first."""

    max_weeks: int
    max_sessions: int


def rule_on(day: dt.date) -> Rule:
    """The rule in force on a day; our default of 8 weeks or 10 shifts when none is (issue 2 §3)."""
    row = SupervisionRule.objects.filter(starts_on__lte=day).order_by("-starts_on").first()
    row = row or SupervisionRule()
    return Rule(row.max_weeks, row.max_sessions)


def due(experts: Iterable[Expert | int], *, today: dt.date) -> dict[int, SupervisionDue]:
    """How each expert stands on `today`, by id; three queries for any number of people.

    A shift counts as held when it still stands in the diary and ended before `today` began in
    Helsinki. Weeks run from the last supervision attended; before the first one, from the first
    shift held, so that a person who has not begun is not due.
    """
    ids = [expert if isinstance(expert, int) else expert.pk for expert in experts]
    rule = rule_on(today)
    midnight = dt.datetime.combine(today, dt.time(), tzinfo=HOME_ZONE)
    last, planned = _last_and_next(ids, midnight)
    shifts = _shifts_since(ids, midnight, rule.max_sessions)
    return {
        pk: _stand(rule, today, last.get(pk), shifts.get(pk, []), planned.get(pk)) for pk in ids
    }


@dataclass(frozen=True)
class _Shift:
    """The first or the `max_sessions`th shift since the last supervision, and their count."""

    number: int
    count: int
    on: dt.date


def _stand(
    rule: Rule,
    today: dt.date,
    last_on: dt.date | None,
    shifts: list[_Shift],
    next_on: dt.date | None,
) -> SupervisionDue:
    begun = last_on or min((shift.on for shift in shifts if shift.number == 1), default=None)
    days = [shift.on for shift in shifts if shift.number == rule.max_sessions]
    if begun is not None:
        days.append(begun + dt.timedelta(weeks=rule.max_weeks))
    return SupervisionDue(
        today=today,
        last_on=last_on,
        held_since=shifts[0].count if shifts else 0,
        due_on=min(days, default=None),
        next_on=next_on,
    )


def _last_and_next(
    ids: list[int], midnight: dt.datetime
) -> tuple[dict[int, dt.date], dict[int, dt.date]]:
    """The days of the last supervision attended before midnight and of the next planned after it."""
    planned = Q(session__state=SupervisionState.PLANNED, session__starts_at__gte=midnight)
    rows = list(
        SupervisionAttendance.objects.filter(expert_id__in=ids)
        .values("expert_id")
        .annotate(
            last=Max("session__starts_at", filter=_attended(midnight)),
            next=Min("session__starts_at", filter=planned),
        )
    )
    last = {row["expert_id"]: _day(row["last"]) for row in rows if row["last"]}
    coming = {row["expert_id"]: _day(row["next"]) for row in rows if row["next"]}
    return last, coming


def _attended(before: dt.datetime) -> Q:
    return Q(
        state=AttendanceState.ATTENDED,
        session__state=SupervisionState.HELD,
        session__starts_at__lt=before,
    )


def _shifts_since(ids: list[int], before: dt.datetime, nth: int) -> dict[int, list[_Shift]]:
    """Only the first and the nth shift of each person leave the database."""
    last = (
        SupervisionAttendance.objects.filter(_attended(before), expert_id=OuterRef("expert_id"))
        .order_by("-session__starts_at")
        .values("session__ends_at")[:1]
    )
    mine = Window(RowNumber(), partition_by=F("expert_id"), order_by="starts_at")
    rows = (
        DiaryEntry.objects.filter(
            expert_id__in=ids, kind=DiaryKind.SHIFT, occupies=True, ends_at__lte=before
        )
        .annotate(last=Coalesce(Subquery(last), _LONG_AGO, output_field=DateTimeField()))
        .filter(starts_at__gte=F("last"))
        .annotate(number=mine, count=Window(Count("pk"), partition_by=F("expert_id")))
        .filter(Q(number=1) | Q(number=nth))
        .order_by("expert_id", "number")
        .values_list("expert_id", "number", "count", "starts_at")
    )
    found: dict[int, list[_Shift]] = {}
    for expert_id, number, count, starts_at in rows:
        found.setdefault(expert_id, []).append(_Shift(number, count, _day(starts_at)))
    return found


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(HOME_ZONE).date()
