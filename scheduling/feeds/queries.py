"""Which entries a feed shows, and whose it is."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch, Q
from django.db.models.functions import Coalesce

from coordination.formats import LANGUAGES
from coordination.models import Unit
from coordination.permissions import Permission
from experts.models import DiaryEntry, DiaryKind, Expert, ExpertStatus
from scheduling.feeds import texts
from scheduling.feeds.event import Event, Status, uid
from scheduling.models import Assignment, AssignmentState, FeedToken, Session, SessionState

CANCELLED_SHOWN = dt.timedelta(days=30)
"""A cancelled entry stays this long, so that every reader hears of it, and then goes."""

ASSIGNMENT_SOURCE = "assignment:"

# Every move of an assignment goes forward along this line, so their sum only rises.
_STEPS = {AssignmentState.PROPOSED: 1, AssignmentState.CONFIRMED: 2}
_LAST_STEP = 3
_TAKEN = {AssignmentState.CONFIRMED, AssignmentState.HELD, AssignmentState.NO_SHOW}


def token_in_force(token_hash: str) -> FeedToken | None:
    """The address with this hash and its owner, or None: unknown, revoked and lapsed look the same.

    Whoever made it must still have the right to the calendar at this moment: roles, accounts and an
    expert's work end on the floors below, which know nothing of feeds, so it is asked at each fetch.
    """
    token = (
        FeedToken.objects.select_related("expert", "unit", "made_by")
        .filter(token_hash=token_hash, revoked_at__isnull=True)
        .first()
    )
    return token if token and _may_still_be_read(token) else None


def _may_still_be_read(token: FeedToken) -> bool:
    maker = token.made_by
    if maker is None or not maker.access.can(Permission.SUBSCRIBE_FEED):
        return False
    if token.expert:
        return token.expert.user_id == maker.pk and token.expert.status != ExpertStatus.ENDED
    return token.unit is not None and (
        Unit.objects.visible_to(maker).filter(pk=token.unit.pk).exists()
    )


def shown_since(now: dt.datetime) -> dt.datetime:
    """Where a feed begins: the first of the month a year ago, so that it moves but monthly."""
    today = now.astimezone(dt.UTC)
    return dt.datetime(today.year - 1, today.month, 1, tzinfo=dt.UTC)


def expert_events(expert: Expert, *, now: dt.datetime) -> list[Event]:
    """A person's whole diary, supervision included, in the language of the moment. Two queries."""
    entries = list(
        DiaryEntry.objects.filter(
            Q(cancelled_at__isnull=True) | Q(cancelled_at__gt=now - CANCELLED_SHOWN),
            expert=expert,
            ends_at__gt=shown_since(now),
        ).select_related("unit", "site")
    )
    shifts = _assignments_of(entries)
    return [_diary_event(entry, shifts.get(entry.source)) for entry in entries]


def _assignments_of(entries: Iterable[DiaryEntry]) -> dict[str, Assignment]:
    ends = (entry.source.partition(ASSIGNMENT_SOURCE)[2] for entry in entries)
    ids = [int(end) for end in ends if end.isdecimal()]
    names = (f"session__kind__name_{language}" for language in LANGUAGES)
    found = (
        Assignment.objects.filter(pk__in=ids)
        .select_related("session__kind")
        .only("state", "session__kind_id", "session__place_kind", *names)
    )
    return {f"{ASSIGNMENT_SOURCE}{assignment.pk}": assignment for assignment in found}


def _diary_event(entry: DiaryEntry, assignment: Assignment | None) -> Event:
    # the entry's own title and a supervisor's name stay here: they may name a person or a topic
    what = assignment.session.kind.name if assignment else str(DiaryKind(entry.kind).label)
    # a shift's place without a site was written in its writer's language; say it in the reader's
    elsewhere = assignment.session.get_place_kind_display() if assignment else entry.place
    status = Status.CANCELLED if entry.cancelled_at else Status.CONFIRMED
    return Event(
        uid=uid(entry.source),
        sequence=entry.sequence,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        summary=texts.summary(what, town=texts.town(entry.site, entry.unit), status=status),
        location=texts.location(entry.site, entry.unit, otherwise=elsewhere),
        description=texts.expert_note(status),
        status=status,
        last_modified=entry.changed_at,
        latitude=entry.site.latitude if entry.site else None,
        longitude=entry.site.longitude if entry.site else None,
    )


def unit_events(unit: Unit, *, now: dt.datetime) -> list[Event]:
    """A unit's published sessions with how many experts come, nobody named. Two queries."""
    sessions = (
        Session.objects.filter(unit=unit, ends_at__gt=shown_since(now))
        .exclude(state=SessionState.DRAFT)
        .annotate(gone_at=Coalesce("cancelled_at", "changed_at"))
        .exclude(state=SessionState.CANCELLED, gone_at__lte=now - CANCELLED_SHOWN)
        .select_related("kind", "site", "unit")
        .prefetch_related(
            Prefetch(
                "assignments",
                queryset=Assignment.objects.only("session_id", "state", "changed_at"),
            )
        )
    )
    return [_session_event(session) for session in sessions]


def _session_event(session: Session) -> Event:
    assignments = list(session.assignments.all())
    status = Status.CANCELLED if session.state == SessionState.CANCELLED else Status.CONFIRMED
    coming = sum(assignment.state in _TAKEN for assignment in assignments)
    return Event(
        uid=uid(f"session:{session.pk}"),
        sequence=session.sequence + sum(_steps(assignment) for assignment in assignments),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        summary=texts.summary(session.kind.name, town="", status=status),
        location=texts.location(
            session.site, session.unit, otherwise=session.get_place_kind_display()
        ),
        description=texts.unit_note(status, coming=coming, seats=session.seats),
        status=status,
        last_modified=max([session.changed_at, *(a.changed_at for a in assignments)]),
        latitude=session.site.latitude if session.site else None,
        longitude=session.site.longitude if session.site else None,
    )


def _steps(assignment: Assignment) -> int:
    return _STEPS.get(AssignmentState(assignment.state), _LAST_STEP)
