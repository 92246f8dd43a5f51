"""Who takes a seat: asked, confirmed, declined, given up, taken off. One function for each move.

Every function locks the person, then the session (scheduling/services/locks.py), looks once more
whether it is allowed, and only then writes. The database says no to a second person on a seat and
to two things at once in a diary, whatever else goes wrong.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.models import User
from coordination.transactions import constraint_name, one_transaction
from experts.models import Expert
from scheduling.eligibility import Reason
from scheduling.models import Assignment, AssignmentState, Session
from scheduling.models.assignments import SEATED
from scheduling.services import allowed, answers, locks, mails, outcomes, seats
from scheduling.transitions import ASSIGNMENT


@one_transaction
def propose(
    session: Session,
    *,
    expert: Expert,
    overrules: Mapping[str, str],
    by: User | None,
    now: dt.datetime,
    seat: int | None = None,
    tell: bool = True,
    reasons: list[Reason] | None = None,
) -> Assignment:
    """Ask a person to take a seat (the first free one, or `seat`); they get a mail with a link.

    Without `tell` the caller writes to them, once for many seats. `reasons`: all there are, when the
    caller has the locks already and reads the facts of many at once.

    `overrules` says why for each reason of level `ask`, by its code; who and why is stored. Raises
    Refused `full`, `taken`, `diary_overlap`, `not_allowed`, `needs_why`, `why_too_long`, `no_such_seat`.
    """
    person, row = locks.expert(expert.pk), locks.session(session.pk)
    if reasons is None:
        whys = allowed.check(row, person, overrules=overrules, now=now)
    else:
        whys = allowed.judge(person, reasons, overrules)
    assignment = _sit(
        Assignment(
            session=row,
            expert=person,
            seat=_free_seat(row, seat),
            state=AssignmentState.PROPOSED,
            answer_nonce=answers.new_nonce(),
            proposed_at=now,
            proposed_by=by,
            changed_at=now,
            changed_by=by,
        )
    )
    allowed.store(assignment, whys, by=by, now=now)
    outcomes.forget_offer_of(assignment, now=now)
    outcomes.supersede_offers_if_full(row, now=now)
    if tell:
        mails.proposed(assignment, by=by, now=now)
    return assignment


def _free_seat(session: Session, wanted: int | None) -> int:
    seated = session.assignments.filter(state__in=SEATED)
    taken = set(seated.values_list("seat", flat=True))
    if wanted is not None:
        if not 1 <= wanted <= session.seats:
            raise Refused(_("There is no such seat."), code="no_such_seat")
        if wanted in taken:
            raise Refused(_("Somebody else has this seat already."), code="taken")
        return wanted
    free = sorted(set(range(1, session.seats + 1)) - taken)
    if not free:
        raise Refused(_("All seats are taken."), code="full")
    return free[0]


def _sit(assignment: Assignment) -> Assignment:
    """Write a new assignment; a constraint that says no is a rule that says no."""
    try:
        with transaction.atomic():
            assignment.save(force_insert=True)
    except IntegrityError as error:
        raise _refusal(error) from error
    return assignment


def _refusal(error: IntegrityError) -> Exception:
    name = constraint_name(error)
    if name == "assignment_one_person_a_seat":
        return Refused(_("Somebody else has this seat already."), code="taken")
    if name == "assignment_one_seat_a_person":
        return Refused(_("This person is already on this session."), code="not_allowed")
    return error


@one_transaction
def confirm(assignment: Assignment, *, by: User | None, now: dt.datetime) -> Assignment:
    """proposed → confirmed: the person said yes, and the shift stands in their diary.

    Everything is looked at once more. Raises Refused `wrong_state`, `diary_overlap`, `not_allowed`.
    """
    row = locks.assignment(assignment.pk)
    ASSIGNMENT.check(row.state, AssignmentState.CONFIRMED)
    if row.state != AssignmentState.PROPOSED:
        raise Refused(_("Only somebody who has been asked can say yes."), code="wrong_state")
    allowed.check_seated(row, now=now)
    outcomes.settle(row, AssignmentState.CONFIRMED, by=by, now=now)
    mails.confirmed(row, by=by, now=now)
    return row


@one_transaction
def decline(assignment: Assignment, *, by: User | None, now: dt.datetime) -> Assignment:
    """proposed → declined: the seat is free again. No reason is asked. Raises Refused `wrong_state`."""
    row = locks.assignment(assignment.pk)
    outcomes.settle(row, AssignmentState.DECLINED, by=by, now=now)
    mails.declined(row, by=by, now=now)
    return row


@one_transaction
def release(assignment: Assignment, *, by: User | None, now: dt.datetime) -> Assignment:
    """confirmed → released: "I can't come". The coordinators hear it, never a reason.

    Within 24 hours of the start the message is marked urgent. Raises Refused `wrong_state`, and
    `in_the_past` when the session is over.
    """
    row = locks.assignment(assignment.pk)
    if row.session.ends_at <= now:
        raise Refused(_("This shift is over already."), code="in_the_past")
    outcomes.settle(row, AssignmentState.RELEASED, by=by, now=now)
    mails.released(row, by=by, now=now)
    return row


@one_transaction
def take_back_release(assignment: Assignment, *, by: User | None, now: dt.datetime) -> Assignment:
    """released → confirmed while a seat is free: it was a slip, or things turned out well.

    Raises Refused `wrong_state`, `full` when somebody else has the seat, `diary_overlap`,
    `not_allowed`.
    """
    row = locks.assignment(assignment.pk)
    ASSIGNMENT.check(row.state, AssignmentState.CONFIRMED)
    if row.state != AssignmentState.RELEASED:
        raise Refused(_("This shift has not been given up."), code="wrong_state")
    session = row.session
    allowed.check_back(row, now=now)
    taken = set(session.assignments.filter(state__in=SEATED).values_list("seat", flat=True))
    if row.seat in taken or row.seat > session.seats:
        row.seat = _free_seat(session, None)
    outcomes.settle(row, AssignmentState.CONFIRMED, by=by, now=now)
    outcomes.supersede_offers_if_full(session, now=now)
    mails.taken_back(row, by=by, now=now)
    return row


@one_transaction
def cancel(
    assignment: Assignment, *, by: User | None, now: dt.datetime, tell: bool = True
) -> Assignment:
    """proposed or confirmed → cancelled: a coordinator takes somebody off; they are told.

    Without `tell` the caller writes to them.

    Raises Refused `wrong_state`.
    """
    row = locks.assignment(assignment.pk)
    outcomes.settle(row, AssignmentState.CANCELLED, by=by, now=now)
    if tell:
        mails.cancelled(row, session_is_off=False, by=by, now=now)
    return row


def sit_down(
    session: Session,
    expert: Expert,
    *,
    overrules: Mapping[str, str],
    by: User | None,
    now: dt.datetime,
    overruled_by: User | None = None,
) -> Assignment:
    """Take a free seat of a locked session for a locked person, confirmed."""
    whys = allowed.check(session, expert, overrules=overrules, now=now)
    pk = seats.take(session, expert, by=by, now=now)
    if pk is None:
        raise Refused(_("All seats are taken."), code="full")
    assignment = Assignment.objects.get(pk=pk)
    assignment.session, assignment.expert = session, expert
    allowed.store(assignment, whys, by=overruled_by or by, now=now)
    outcomes.write_diary(assignment, now=now)
    outcomes.forget_offer_of(assignment, now=now)
    outcomes.supersede_offers_if_full(session, now=now)
    mails.confirmed(assignment, by=by, now=now)
    return assignment
