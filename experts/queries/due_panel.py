"""Lists for the coordinator's day: who is due for supervision, what runs out, who has applied."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from experts.models import Expert, ExpertStatus, Training
from experts.models.readiness import TrainingLevel
from experts.queries import sign_offs, supervision
from experts.queries.missing import EXTRACT_LASTS, SOON
from experts.queries.supervision import SupervisionDue


@dataclass(frozen=True)
class DuePerson:
    expert: Expert
    due: SupervisionDue


@dataclass(frozen=True)
class RunsOut:
    """Something of a person that ends on a day; `what` is "training" or "extract"."""

    expert: Expert
    what: str
    on: dt.date


@dataclass(frozen=True)
class People:
    """Whom the coordinator's day may be about; `unsigned` are those of the active nobody signed off."""

    active: list[Expert]
    unsigned: list[Expert]
    applicants: list[Expert]


def people() -> People:
    """Active people and applicants, the newest applicant first; one query for all panels of a page."""
    statuses = (ExpertStatus.ACTIVE, ExpertStatus.APPLICANT)
    rows = Expert.objects.filter(status__in=statuses).annotate(is_signed_off=sign_offs.in_force())
    found = list(rows.order_by("-pk"))
    active = [row for row in found if row.status == ExpertStatus.ACTIVE]
    return People(
        active=active,
        unsigned=[row for row in active if not row.is_signed_off],  # type: ignore[attr-defined]  # annotated above
        applicants=[row for row in found if row.status == ExpertStatus.APPLICANT],
    )


def due_people(active: Iterable[Expert] | None = None, *, today: dt.date) -> list[DuePerson]:
    """Of active people (all, unless some are given): who is due for supervision, the longest late first.

    Three queries, and one more when the people must be looked up.
    """
    people = {row.pk: row for row in (Expert.objects.active() if active is None else active)}
    found = supervision.due(people, today=today)
    due = [DuePerson(people[pk], stand) for pk, stand in found.items() if stand.is_due]
    return sorted(due, key=lambda row: (-row.due.days_late, row.expert.name))


def running_out(active: Iterable[Expert], *, today: dt.date) -> list[RunsOut]:
    """Trainings that end and extracts that turn a year old within 60 days, of these active people."""
    soon = today + SOON
    found = [
        RunsOut(training.expert, "training", training.valid_until)
        for training in _last_trainings(today).filter(valid_until__range=(today, soon))
        if training.valid_until is not None
    ]
    found += [
        RunsOut(expert, "extract", expert.extract_seen_on + EXTRACT_LASTS)
        for expert in active
        if expert.extract_seen_on and today <= expert.extract_seen_on + EXTRACT_LASTS <= soon
    ]
    return sorted(found, key=lambda row: (row.on, row.expert.name))


def _last_trainings(today: dt.date) -> QuerySet[Training]:
    """Completed basic trainings of active people that no other one outlasts."""
    longer = Training.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until")),
        expert=OuterRef("expert"),
        level=TrainingLevel.BASIC,
        completed_on__lte=today,
    )
    return Training.objects.filter(
        ~Exists(longer),
        expert__status=ExpertStatus.ACTIVE,
        level=TrainingLevel.BASIC,
        completed_on__lte=today,
    ).select_related("expert")
