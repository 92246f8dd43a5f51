"""What was promised before Vuoro knew of it: people on their seats, and a session that can be paid (ADR 0011)."""

import datetime as dt
import itertools
from collections.abc import Collection, Iterable

from coordination.models import User
from coordination.transactions import Contention
from experts.models import Expert
from experts.services import diary
from scheduling import occurrences
from scheduling.models import Assignment, AssignmentState, Series, Session, SessionState
from scheduling.models.assignments import SEATED
from scheduling.services import mails, outcomes, sessions
from scheduling.services.series import COMES_BACK, pattern_of
from scheduling.transitions import SESSION


def lock(expert_ids: Iterable[int], session_ids: Iterable[int]) -> None:
    """Several people and sessions, and everybody on their seats, locked in order.

    Raises Contention when somebody sat down meanwhile.
    """
    ids = sorted(session_ids)
    seated = Assignment.objects.filter(session_id__in=ids, state__in=SEATED)
    people = {*expert_ids, *seated.values_list("expert_id", flat=True)}
    diary.lock_people(people)
    rows = Session.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids)
    list(rows.order_by("pk").values_list("pk", flat=True))
    if not set(seated.values_list("expert_id", flat=True)) <= people:
        raise Contention


def seat(
    session: Session, people: Iterable[Expert], *, by: User | None, now: dt.datetime, tell: bool
) -> None:
    """These people sit on the session, confirmed; the session and the people are the caller's, locked.

    Nobody asks whether they fit: it has been agreed with them. `tell`: they hear of it, unless it is
    over. Where a seat is missing, one is added. Raises Refused `diary_overlap`.
    """
    taken = set(session.assignments.filter(state__in=SEATED).values_list("seat", flat=True))
    free = (number for number in itertools.count(1) if number not in taken)
    for person in people:
        number = next(free)
        if number > session.seats:
            session.seats = number
            session.save(update_fields=["seats"])
        assignment = Assignment.objects.create(
            session=session,
            expert=person,
            seat=number,
            state=AssignmentState.CONFIRMED,
            proposed_at=now,
            proposed_by=by,
            changed_at=now,
            changed_by=by,
        )
        outcomes.write_diary(assignment, now=now)
        outcomes.forget_offer_of(assignment, now=now)
        if tell and session.ends_at > now:
            mails.confirmed(assignment, by=by, now=now)
    outcomes.supersede_offers_if_full(session, now=now)
    open_promised(session)


def take_off(
    session: Session, expert_ids: Collection[int], *, by: User | None, now: dt.datetime
) -> None:
    """Who was asked or was coming no longer is, and hears so unless the session is over."""
    for assignment in outcomes.waiting_or_coming(session):
        if assignment.expert_id in expert_ids:
            outcomes.settle(assignment, AssignmentState.CANCELLED, by=by, now=now)
            if session.ends_at > now:
                mails.cancelled(assignment, session_is_off=False, by=by, now=now)


def open_promised(session: Session) -> None:
    """draft → open for a locked session somebody has been promised, whatever the unit still lacks.

    A draft can be neither reminded of, recorded nor paid; what is missing stands on Today and on
    the session's page. Also one that is over: it is to be closed out.
    """
    if session.state != SessionState.DRAFT:
        return
    if session.assignments.filter(state__in=SEATED).exists():
        SESSION.check(session.state, SessionState.OPEN)
        session.state = SessionState.OPEN
        session.save(update_fields=["state"])


def bring_days_without_papers(series: Series, *, now: dt.datetime) -> list[Session]:
    """Days of a promised series that were skipped because the unit lacks a paper: they are held."""
    waiting = series.skipped.filter(code__in=COMES_BACK)
    days = [occurrences.at(pattern_of(series), on.occurrence_on) for on in waiting]
    ahead = [day for day in days if day.starts_at > now]
    series.skipped.filter(occurrence_on__in=[day.on for day in ahead]).delete()
    return sessions.make_many(ahead, series, now=now)
