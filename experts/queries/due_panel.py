"""Lists for the coordinator's day: who is due for supervision, what runs out, who has applied."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from experts.models import Expert, ExpertStatus, Training
from experts.models.readiness import TrainingLevel
from experts.queries import supervision
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


def due_people(*, today: dt.date) -> list[DuePerson]:
    """Active people who are due for supervision, the longest late first; five queries."""
    people = {expert.pk: expert for expert in Expert.objects.active()}
    found = supervision.due(people, today=today)
    due = [DuePerson(people[pk], stand) for pk, stand in found.items() if stand.is_due]
    return sorted(due, key=lambda row: (-row.due.days_late, row.expert.name))


def running_out(*, today: dt.date) -> list[RunsOut]:
    """Trainings that end and extracts that turn a year old within 60 days, of active people."""
    soon = today + SOON
    found = [
        RunsOut(training.expert, "training", training.valid_until)
        for training in _last_trainings(today).filter(valid_until__range=(today, soon))
        if training.valid_until is not None
    ]
    extracts = Expert.objects.active().filter(
        extract_seen_on__range=(today - EXTRACT_LASTS, soon - EXTRACT_LASTS)
    )
    found += [
        RunsOut(expert, "extract", expert.extract_seen_on + EXTRACT_LASTS)
        for expert in extracts
        if expert.extract_seen_on is not None
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


def applicants() -> list[Expert]:
    """People who have applied and wait for somebody, the newest first."""
    return list(Expert.objects.filter(status=ExpertStatus.APPLICANT).order_by("-pk"))
