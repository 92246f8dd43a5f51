"""What was promised before Vuoro knew of it: people on their seats, and a session that can be paid (ADR 0011)."""

import datetime as dt
import itertools
from collections.abc import Collection, Iterable
from contextlib import suppress

from coordination.errors import Refused
from coordination.models import User
from coordination.transactions import Contention, one_transaction
from experts.models import Expert
from experts.services import diary
from scheduling import occurrences
from scheduling.models import (
    Assignment,
    AssignmentState,
    RegisterShift,
    Series,
    Session,
    SessionState,
)
from scheduling.models.assignments import SEATED
from scheduling.services import assignments, locks, mails, outcomes, sessions
from scheduling.services import series as all_series
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
    waiting = series.skipped.filter(code__in=all_series.COMES_BACK)
    days = [occurrences.at(all_series.pattern_of(series), on.occurrence_on) for on in waiting]
    ahead = [day for day in days if day.starts_at > now]
    series.skipped.filter(occurrence_on__in=[day.on for day in ahead]).delete()
    return sessions.make_many(ahead, series, now=now)


def come_along(made: Iterable[Session], series: Series, *, now: dt.datetime) -> int:
    """Who was promised a series by the register gets what the horizon has brought; how many seats.

    These are new shifts, so the rules are asked; where they say no or ask, the seat stays open. Who
    is no longer preferred for the series is no longer promised it either.
    """
    row = RegisterShift.objects.filter(series=series).first()
    if row is None:
        return 0
    promised = set(row.people.values_list("pk", flat=True))
    preferred = series.preferred.filter(expert__in=promised).select_related("expert")
    seated = 0
    for session in made:
        for one in preferred:
            if session.occurrence_on and one.covers(session.occurrence_on):
                with suppress(Refused):
                    _claim(session, one.expert, now=now)
                    seated += 1
    return seated


def extend(series: Series, *, now: dt.datetime) -> int:
    """`series.extend`, and the people the register promised come along; how many sessions were made."""
    before = set(series.sessions.values_list("pk", flat=True))
    count = all_series.extend(series, now=now)
    if count:
        made = series.sessions.exclude(pk__in=before).select_related("kind", "unit", "site")
        come_along(made, series, now=now)
    return count


@one_transaction
def _claim(session: Session, expert: Expert, *, now: dt.datetime) -> None:
    person, row = locks.expert(expert.pk), locks.session(session.pk)
    assignments.sit_down(row, person, overrules={}, by=None, now=now)
