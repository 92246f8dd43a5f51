"""What is known of people when one asks whether they can: loaded for many at once, told per person.

Nothing here decides. `scheduling.eligibility` turns these facts into reasons; the pages show them.
Days are calendar days in Helsinki; moments are UTC; hours are hours that really pass.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from django.db.models import Min

from coordination.clock import HOME_ZONE
from experts.models import (
    Absence,
    AvailabilityPattern,
    DiaryEntry,
    DiaryKind,
    Expert,
    Orientation,
    SignOff,
    Training,
)
from experts.models.readiness import TrainingLevel
from experts.queries import supervision
from experts.queries.supervision import SupervisionDue
from experts.queries.weekly import covers

_AROUND = dt.timedelta(days=3)
"""The diary is read this far beyond the weeks and months asked for: for trips and rest."""


class TrainingState(Enum):
    """What a person's trainings of one level amount to on a day."""

    OK = "ok"
    MISSING = "missing"
    EXPIRED = "expired"


class Availability(Enum):
    """Whether a time falls into the weekly pattern; UNKNOWN: none has been given for that day."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Readiness:
    """The facts about one person; the methods only read what was loaded."""

    expert: Expert
    kind_ids: frozenset[int]
    excluded_unit_ids: frozenset[int]
    trainings: tuple[Training, ...]
    sign_off: SignOff | None
    oriented_on: dict[int, dt.date]
    """The first orientation at each unit, by the unit's id."""
    patterns: tuple[AvailabilityPattern, ...]
    absences: tuple[Absence, ...]
    diary: tuple[DiaryEntry, ...]
    """What occupies the person in the weeks and months asked for, in order of time."""
    supervision: SupervisionDue

    def training(self, on: dt.date, level: str = TrainingLevel.BASIC) -> TrainingState:
        """OK if a completed training of the level is valid on the day; its last day counts."""
        done = [
            t
            for t in self.trainings
            if t.level == level and t.completed_on is not None and t.completed_on <= on
        ]
        if any(t.valid_until is None or t.valid_until >= on for t in done):
            return TrainingState.OK
        return TrainingState.EXPIRED if done else TrainingState.MISSING

    def training_ends_on(self, on: dt.date, level: str = TrainingLevel.BASIC) -> dt.date | None:
        """The last day of what is valid on `on`; None when nothing is, or it does not grow old."""
        ends = [
            t.valid_until
            for t in self.trainings
            if t.level == level
            and t.completed_on is not None
            and t.completed_on <= on
            and (t.valid_until is None or t.valid_until >= on)
        ]
        known = [end for end in ends if end is not None]
        return max(known) if ends and len(known) == len(ends) else None

    def is_oriented(self, unit_id: int, *, on: dt.date) -> bool:
        """Somebody has shown the person round at the unit on that day or before."""
        first = self.oriented_on.get(unit_id)
        return first is not None and first <= on

    def absence(self, first: dt.date, last: dt.date) -> Absence | None:
        """An absence that touches the days `first`…`last`, both included."""
        touching = (a for a in self.absences if a.starts_on <= last and a.ends_on >= first)
        return next(touching, None)

    def absence_during(self, starts_at: dt.datetime, ends_at: dt.datetime) -> Absence | None:
        """An absence on a day that the half-open period touches; midnight ends a day."""
        return self.absence(*days_touched(starts_at, ends_at))

    def availability(self, starts_at: dt.datetime, ends_at: dt.datetime) -> Availability:
        """Whether the weekly patterns in force cover the whole period, in Helsinki wall time."""
        first, last = days_touched(starts_at, ends_at)
        valid = [
            p
            for p in self.patterns
            if p.starts_on <= last and (p.ends_on is None or p.ends_on >= first)
        ]
        if not valid:
            return Availability.UNKNOWN
        inside = covers(valid, starts_at, ends_at)
        return Availability.INSIDE if inside else Availability.OUTSIDE

    def overlapping(
        self, starts_at: dt.datetime, ends_at: dt.datetime, *, except_source: str = ""
    ) -> tuple[DiaryEntry, ...]:
        """What stands in the diary at that half-open time, but for the entry one asks about."""
        return tuple(
            e
            for e in self.diary
            if e.starts_at < ends_at and e.ends_at > starts_at and e.source != except_source
        )

    def week_hours(self, day: dt.date, *, except_source: str = "") -> Decimal:
        """Hours of shifts in the ISO week of a day; of one over Sunday midnight only its part."""
        starts_at, ends_at = week_of(day)
        seconds = sum(
            (min(e.ends_at, ends_at) - max(e.starts_at, starts_at)).total_seconds()
            for e in self.overlapping(starts_at, ends_at, except_source=except_source)
            if e.kind == DiaryKind.SHIFT
        )
        return Decimal(round(seconds)) / 3600

    def month_sessions(self, day: dt.date, *, except_source: str = "") -> int:
        """Shifts that begin in the calendar month of a day."""
        starts_at, ends_at = month_of(day)
        return sum(
            starts_at <= e.starts_at < ends_at
            for e in self.diary
            if e.kind == DiaryKind.SHIFT and e.source != except_source
        )


def load(
    experts: Iterable[Expert], *, days: Collection[dt.date], today: dt.date
) -> dict[int, Readiness]:
    """The facts of each expert by id, with the same number of queries (12) however many they are.

    `days` are the days one asks about: the diary is loaded for their whole weeks and months.
    Supervision is told as it stands on `today`.
    """
    people = list(experts)
    ids = [expert.pk for expert in people]
    first, last = min(days), max(days)
    kinds = _pairs(
        Expert.kinds.through.objects.filter(expert__in=ids).values_list("expert", "activitykind")
    )
    excluded = _pairs(
        Expert.excluded_units.through.objects.filter(expert__in=ids).values_list("expert", "unit")
    )
    trainings = _by_expert(Training.objects.filter(expert__in=ids))
    sign_offs = _by_expert(SignOff.objects.filter(expert__in=ids, withdrawn_at=None))
    oriented = _orientations(ids)
    patterns = _by_expert(AvailabilityPattern.objects.filter(expert__in=ids))
    absences = _by_expert(
        Absence.objects.filter(expert__in=ids, ends_on__gte=first, starts_on__lte=last)
    )
    diary = _by_expert(_diary(ids, first, last))
    due = supervision.due(ids, today=today)
    return {
        expert.pk: Readiness(
            expert=expert,
            kind_ids=frozenset(kinds[expert.pk]),
            excluded_unit_ids=frozenset(excluded[expert.pk]),
            trainings=tuple(trainings[expert.pk]),
            sign_off=next(iter(sign_offs[expert.pk]), None),
            oriented_on=oriented[expert.pk],
            patterns=tuple(patterns[expert.pk]),
            absences=tuple(absences[expert.pk]),
            diary=tuple(diary[expert.pk]),
            supervision=due[expert.pk],
        )
        for expert in people
    }


def week_of(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The ISO week of a day, from Monday midnight to Monday midnight in Helsinki, half-open."""
    monday = day - dt.timedelta(days=day.weekday())
    return midnight(monday), midnight(monday, days=7)


def month_of(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The calendar month of a day, from midnight to midnight in Helsinki, half-open."""
    first = day.replace(day=1)
    return midnight(first), midnight((first + dt.timedelta(days=31)).replace(day=1))


def days_touched(starts_at: dt.datetime, ends_at: dt.datetime) -> tuple[dt.date, dt.date]:
    """The first and the last calendar day in Helsinki of a half-open period."""
    last_instant = ends_at - dt.timedelta(microseconds=1)
    return starts_at.astimezone(HOME_ZONE).date(), last_instant.astimezone(HOME_ZONE).date()


def midnight(day: dt.date, *, days: int = 0) -> dt.datetime:
    """The moment (UTC) a day begins in Helsinki; `days` later, by the calendar."""
    day += dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(), tzinfo=HOME_ZONE).astimezone(dt.UTC)


def _diary(ids: list[int], first: dt.date, last: dt.date) -> Iterable[DiaryEntry]:
    starts = min(week_of(first)[0], month_of(first)[0]) - _AROUND
    ends = max(week_of(last)[1], month_of(last)[1]) + _AROUND
    return (
        DiaryEntry.objects.filter(
            expert__in=ids, occupies=True, starts_at__lt=ends, ends_at__gt=starts
        )
        .select_related("unit", "site")
        .order_by("starts_at")
    )


def _orientations(ids: list[int]) -> dict[int, dict[int, dt.date]]:
    found: dict[int, dict[int, dt.date]] = defaultdict(dict)
    rows = (
        Orientation.objects.filter(expert__in=ids)
        .values_list("expert_id", "unit_id")
        .annotate(first=Min("oriented_on"))
        .order_by()
    )
    for expert_id, unit_id, first in rows:
        found[expert_id][unit_id] = first
    return found


Row = TypeVar("Row", Training, SignOff, AvailabilityPattern, Absence, DiaryEntry)


def _by_expert(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.expert_id].append(row)
    return found


def _pairs(rows: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for expert_id, other_id in rows:
        found[expert_id].append(other_id)
    return found
