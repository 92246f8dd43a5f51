"""A coordinator's own hand in a draft: give a seat, take it away, pin it. Nobody hears of it yet."""

import datetime as dt

from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.models import User
from coordination.transactions import one_transaction
from experts.models import Expert
from scheduling.eligibility import blocks
from scheduling.eligibility.facts import taken_seats
from scheduling.models import Assignment, PlanRun, PlanSeat, Session
from scheduling.models.assignments import SEATED
from scheduling.queries import plan_people
from scheduling.services import allowed
from scheduling.services.plan_runs import lock_draft


@one_transaction
def give(run: PlanRun, session: Session, *, expert: Expert, by: User, now: dt.datetime) -> PlanSeat:
    """Put a person on an empty seat of the draft; the seat is pinned, for somebody chose it.

    Raises Refused `wrong_state`, `full`, `not_allowed` when anything blocks, `needs_why` when
    something asks: such a person is asked on the session's own page, with the reason why.
    """
    row = lock_draft(run.pk)
    if row.planned.filter(session=session, expert=expert).exists():
        raise Refused(_("This person has a seat here in this plan already."), code="taken")
    if _free_seats(row, session) < 1:
        raise Refused(_("All seats are taken."), code="full")
    [person] = plan_people.people_for(row, session, [expert], now=now)
    was = Assignment.objects.filter(
        pk__in=row.freed, session=session, expert=expert, state__in=SEATED
    ).first()
    against = blocks(person.reasons) if was else person.against
    if against:
        code = "not_allowed" if blocks(against) else "needs_why"
        raise Refused(allowed.told(expert, against), code=code)
    seat = PlanSeat.objects.create(run=row, session=session, expert=expert, is_pinned=True, was=was)
    _count(row, session)
    return seat


def _free_seats(run: PlanRun, session: Session) -> int:
    freed = Assignment.objects.filter(pk__in=run.freed, session=session, state__in=SEATED).count()
    planned = run.planned.filter(session=session).count()
    return session.seats - taken_seats([session.pk])[session.pk] + freed - planned


@one_transaction
def take(seat: PlanSeat, *, by: User) -> None:
    """The seat of the draft is empty again. Raises Refused `wrong_state`."""
    row = lock_draft(seat.run_id)
    PlanSeat.objects.filter(pk=seat.pk).delete()
    _count(row, seat.session)


@one_transaction
def pin(seat: PlanSeat, *, stays: bool, by: User) -> None:
    """Whether this seat stays as it is when the plan is made again. Raises Refused `wrong_state`."""
    lock_draft(seat.run_id)
    PlanSeat.objects.filter(pk=seat.pk).update(is_pinned=stays)


def _count(run: PlanRun, session: Session) -> None:
    """The draft's figures after a change by hand: what is filled, and whether a seat here is empty."""
    run.filled = run.planned.count()
    others = [gap for gap in run.gaps if gap["session"] != session.pk]
    mine = [gap for gap in run.gaps if gap["session"] == session.pk]
    if free := _free_seats(run, session):
        others += [{"session": session.pk, "why": {}, **(mine[0] if mine else {}), "seats": free}]
    run.gaps = others
    run.save(update_fields=["filled", "gaps"])
