"""Sessions: made, published, changed, cancelled, held, closed. Times are aware; zones are the unit's.

Lock order: the people on the seats, then the session (scheduling/services/locks.py).
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.models import ActivityKind, Site, Unit, User
from coordination.models.activity import PlaceKind
from coordination.transactions import one_transaction
from scheduling import eligibility, occurrences
from scheduling.models import (
    AssignmentState,
    Booking,
    Series,
    Session,
    SessionPriority,
    SessionState,
)
from scheduling.occurrences import Occurrence, Pattern
from scheduling.services import locks, mails, outcomes, presence
from scheduling.services.appointments import appointment_of, check_appointment
from scheduling.services.changes import change, preview_change
from scheduling.transitions import ASSIGNMENT, SESSION

__all__ = [
    "appointment_of",
    "cancel",
    "change",
    "check_appointment",
    "close",
    "create",
    "make_many",
    "make_one",
    "preview_change",
    "publish",
    "publish_ready",
]

NOT_YET = frozenset({"not_published", "full", "already_begun"})
"""Reasons that do not keep a draft from being published."""


@one_transaction
def create(
    *,
    kind: ActivityKind,
    unit: Unit,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: User | None,
    now: dt.datetime,
    site: Site | None = None,
    place_kind: str = PlaceKind.SITE,
    seats: int = 1,
    responsible_professional: str = "",
    support_person: str = "",
    support_phone: str = "",
    professional_present: bool = False,
    with_minors: bool = False,
    language: str = "fi",
    notes: str = "",
    priority: int = SessionPriority.NORMAL,
    publish: bool = False,
    key: UUID | None = None,
) -> Session:
    """A single session made by a coordinator: a draft, or published at once.

    The same `key` again, made with the form, gives the session that is there already. Raises
    Refused `unit_not_in_use`, `length`, `seats`, `site_of_another_unit`, `place_kind`; with `publish` also
    `not_allowed` when something about the session blocks it.
    """
    if not unit.is_active:
        raise Refused(_("This unit is no longer in use."), code="unit_not_in_use")
    minutes = (ends_at - starts_at).total_seconds() / 60
    check_appointment(
        kind=kind, unit=unit, site=site, place_kind=place_kind, seats=seats, minutes=minutes
    )
    values: dict[str, Any] = {
        "kind": kind,
        "unit": unit,
        "site": site,
        "place_kind": place_kind,
        "seats": seats,
        "responsible_professional": responsible_professional,
        "support_person": support_person,
        "support_phone": support_phone,
        "professional_present": professional_present,
        "with_minors": with_minors,
        "language": language,
        "notes": notes,
        "priority": priority,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "zone_name": unit.zone_name,
    }
    if key is None:
        session, is_new = Session.objects.create(**values), True
    else:
        session, is_new = Session.objects.get_or_create(key=key, defaults=values)
    return _open(session, now=now) if publish and is_new else session


def make_one(pattern: Pattern, booking: Booking, *, now: dt.datetime) -> Session:
    """The session of a booking for one day; open when nothing blocks it, else a draft."""
    occurrence = occurrences.at(pattern, pattern.starts_on)
    session = Session(**appointment_of(booking), booking=booking, **_times(occurrence))
    return _make([session], now=now)[0]


def make_many(days: Sequence[Occurrence], series: Series, *, now: dt.datetime) -> list[Session]:
    """The sessions of a series on these days; open when nothing blocks them, else drafts."""
    sessions = [
        Session(
            **appointment_of(series),
            series=series,
            booking_id=series.booking_id,
            occurrence_on=occurrence.on,
            **_times(occurrence),
        )
        for occurrence in days
    ]
    return _make(sessions, now=now)


def _times(occurrence: Occurrence) -> dict[str, Any]:
    return {
        "starts_at": occurrence.starts_at,
        "ends_at": occurrence.ends_at,
        "zone_name": occurrence.zone_name,
    }


def _make(sessions: list[Session], *, now: dt.datetime) -> list[Session]:
    made = Session.objects.bulk_create(sessions)
    _open_ready(made, now=now)
    return made


def _open_ready(drafts: list[Session], *, now: dt.datetime) -> list[Session]:
    """Open those that nothing blocks; the rows are new or locked."""
    matrix = eligibility.Matrix(drafts, [], now=now)
    ready = [session for session in drafts if not _blocks(matrix.about_session(session.pk))]
    for session in ready:
        SESSION.check(session.state, SessionState.OPEN)
        session.state = SessionState.OPEN
    Session.objects.filter(pk__in=[s.pk for s in ready]).update(state=SessionState.OPEN)
    return ready


def _blocks(reasons: Collection[eligibility.Reason]) -> list[eligibility.Reason]:
    return [reason for reason in eligibility.blocks(reasons) if reason.code not in NOT_YET]


@one_transaction
def publish(session: Session, *, by: User | None, now: dt.datetime) -> Session:
    """draft → open: the unit and the experts see it.

    Raises Refused `wrong_state`, or `not_allowed` with every reason that blocks it.
    """
    return _open(locks.session(session.pk), now=now)


@one_transaction
def publish_ready(drafts: QuerySet[Session], *, now: dt.datetime) -> int:
    """draft → open for each of these that nothing blocks any more and that is to come; how many.

    For "publish all" and for the nightly job: a draft that waited for a paper opens by itself.
    """
    rows = list(
        drafts.filter(state=SessionState.DRAFT, starts_at__gt=now)
        .select_related("kind", "unit", "site")
        .select_for_update(no_key=True, of=("self",))
        .order_by("pk")
    )
    return len(_open_ready(rows, now=now))


def _open(row: Session, *, now: dt.datetime) -> Session:
    SESSION.check(row.state, SessionState.OPEN)
    found = _blocks(eligibility.session_reasons(row, now=now))
    if found:
        raise Refused(" ".join(reason.sentence for reason in found), code="not_allowed")
    row.state = SessionState.OPEN
    row.save(update_fields=["state"])
    return row


@one_transaction
def cancel(session: Session, *, by: User | None, now: dt.datetime) -> Session:
    """draft or open → cancelled: seats and diaries are freed, everybody is told once.

    An occurrence of a series stays as cancelled, so it is not made again. Raises Refused `wrong_state`.
    """
    row = locks.session_and_people(session.pk)
    SESSION.check(row.state, SessionState.CANCELLED)
    was_draft = row.state == SessionState.DRAFT
    is_over = row.ends_at <= now
    row.state, row.cancelled_at, row.cancelled_by = SessionState.CANCELLED, now, by
    row.save(update_fields=["state", "cancelled_at", "cancelled_by"])
    for assignment in outcomes.waiting_or_coming(row):
        outcomes.settle(assignment, AssignmentState.CANCELLED, by=by, now=now)
        if not is_over:
            mails.cancelled(assignment, session_is_off=True, by=by, now=now)
    outcomes.supersede_offers(row, now=now, tell=not is_over)
    if not was_draft and not is_over:
        mails.session_cancelled_unit(row, by=by, now=now)
    return row


def _hold(
    row: Session, *, by: User | None, now: dt.datetime, came: Collection[int] = ()
) -> Session:
    """open → held, with everybody who had confirmed."""
    SESSION.check(row.state, SessionState.HELD)
    if row.starts_at > now:
        raise Refused(_("The session has not begun yet."), code="not_yet")
    seated = outcomes.waiting_or_coming(row)
    if not came and not any(a.state == AssignmentState.CONFIRMED for a in seated):
        raise Refused(
            _("Nobody had confirmed. If it was not held, cancel the session."), code="nobody_came"
        )
    row.state = SessionState.HELD
    row.save(update_fields=["state"])
    for assignment in seated:
        was_there = assignment.state == AssignmentState.CONFIRMED or assignment.pk in came
        # who never answered the proposal is no longer asked
        target = AssignmentState.HELD if was_there else AssignmentState.CANCELLED
        outcomes.settle(assignment, target, by=by, now=now)
    outcomes.supersede_offers(row, now=now, tell=False)
    return row


@one_transaction
def close(
    session: Session,
    *,
    actual_starts_at: dt.datetime,
    actual_ends_at: dt.datetime,
    not_present: Collection[int] = (),
    came_after_all: Collection[int] = (),
    by: User,
    now: dt.datetime,
) -> Session:
    """held → closed, by way of held when it is still open.

    `not_present` are ids of assignments that become no-shows, and their diary is freed;
    `came_after_all` those of people who were asked, never answered, and came. Actual times are
    aware and half-open. Raises Refused `wrong_state`, `not_yet`, `nobody_came`, `actual_times`,
    `unknown_assignment`, `diary_overlap` when somebody was elsewhere.
    """
    row = locks.session_and_people(session.pk)
    asked = {a.pk: a for a in presence.unanswered(row)}
    if not set(came_after_all) <= set(asked):
        raise Refused(
            _("Somebody named was not asked for this session."), code="unknown_assignment"
        )
    if row.state == SessionState.OPEN:
        row = _hold(row, came=came_after_all, by=by, now=now)
    for pk in sorted(came_after_all):
        if asked[pk].state == AssignmentState.CANCELLED:
            presence.came(asked[pk], session=row, by=by, now=now)
    SESSION.check(row.state, SessionState.CLOSED)
    _check_actual(actual_starts_at, actual_ends_at, now=now)
    held = {a.pk: a for a in row.assignments.filter(state=AssignmentState.HELD)}
    if not set(not_present) <= set(held):
        raise Refused(_("Somebody named was not on this session."), code="unknown_assignment")
    for pk in sorted(not_present):
        ASSIGNMENT.check(held[pk].state, AssignmentState.NO_SHOW)
        outcomes.settle(held[pk], AssignmentState.NO_SHOW, by=by, now=now)
    row.state, row.closed_at, row.closed_by = SessionState.CLOSED, now, by
    row.actual_starts_at, row.actual_ends_at = actual_starts_at, actual_ends_at
    row.save(
        update_fields=["state", "closed_at", "closed_by", "actual_starts_at", "actual_ends_at"]
    )
    return row


def _check_actual(starts_at: dt.datetime, ends_at: dt.datetime, *, now: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(_("The end must be after the start."), code="actual_times")
    if ends_at - starts_at > dt.timedelta(hours=24):
        raise Refused(_("A session lasts a day at most."), code="actual_times")
    if ends_at > now:
        raise Refused(_("The actual end cannot be in the future."), code="actual_times")
