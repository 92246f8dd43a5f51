"""Writes a supervision session as a register row tells it, with its place in each participant's
diary.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from coordination.formats import HELSINKI
from experts.models import DiaryKind, Expert, SupervisionAttendance, SupervisionSession
from experts.models.supervision import SupervisionForm, SupervisionState
from experts.services import diary


@dataclass(frozen=True, slots=True)
class SupervisionRow:
    """A session in UTC with an outside supervisor (a name)."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    supervisor: str


def save(
    row: SupervisionRow, participants: Iterable[Expert], *, now: dt.datetime
) -> SupervisionSession:
    """Creates the session, or moves the supervisor's planned one of that day; people who are not
    named go.

    Raises `Refused` `diary_overlap` when a participant has something else then.
    """
    people = list(participants)
    session = find(row) or SupervisionSession(
        form=SupervisionForm.GROUP if len(people) > 1 else SupervisionForm.INDIVIDUAL,
        outside_supervisor=row.supervisor,
    )
    session.starts_at, session.ends_at = row.starts_at, row.ends_at
    session.save()
    diary.lock_people(expert.pk for expert in people)
    for gone in session.attendances.exclude(expert__in=people):
        diary.cancel(_source(session, gone.expert_id), now=now)
        gone.delete()
    for expert in people:
        SupervisionAttendance.objects.get_or_create(session=session, expert=expert)
        diary.occupy(
            expert,
            source=_source(session, expert.pk),
            kind=DiaryKind.SUPERVISION,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            zone_name=HELSINKI.key,
            title=row.supervisor,
            now=now,
        )
    return session


def find(row: SupervisionRow) -> SupervisionSession | None:
    """The supervisor's planned session that begins on the same day in Helsinki."""
    day = row.starts_at.astimezone(HELSINKI).replace(hour=0, minute=0)
    return SupervisionSession.objects.filter(
        outside_supervisor__iexact=row.supervisor,
        state=SupervisionState.PLANNED,
        starts_at__gte=day,
        starts_at__lt=day + dt.timedelta(days=1),
    ).first()


def diary_sources(row: SupervisionRow) -> frozenset[str]:
    """The diary entries of the stored session of a row, if there is one."""
    session = find(row)
    if session is None:
        return frozenset()
    return frozenset(
        _source(session, pk) for pk in session.attendances.values_list("expert", flat=True)
    )


def _source(session: SupervisionSession, expert_id: int) -> str:
    return f"supervision:{session.pk}:{expert_id}"
