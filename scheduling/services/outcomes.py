"""What a change of one thing does to the assignments and offers of a session whose row is locked."""

import datetime as dt

from coordination.models import User
from experts.models import DiaryKind
from experts.services import diary
from scheduling.eligibility.facts import source_of, taken_seats
from scheduling.models import Assignment, AssignmentState, Offer, OfferState, Session, Tally
from scheduling.services import mails
from scheduling.transitions import ASSIGNMENT, OFFER

FREES_DIARY = (
    AssignmentState.RELEASED,
    AssignmentState.CANCELLED,
    AssignmentState.NO_SHOW,
)


def waiting_or_coming(session: Session) -> list[Assignment]:
    """Proposed and confirmed assignments of a locked session, with their people."""
    states = (AssignmentState.PROPOSED, AssignmentState.CONFIRMED)
    rows = session.assignments.filter(state__in=states).select_related(
        "expert__user", "proposed_by"
    )
    found = list(rows.order_by("seat"))
    for assignment in found:
        assignment.session = session
    return found


def settle(
    assignment: Assignment, state: AssignmentState, *, by: User | None, now: dt.datetime
) -> None:
    """Move an assignment, whose session is locked, and keep the diary in step.

    Its link in the mail stops working. Raises Refused `wrong_state`, or `diary_overlap` when the
    person's time is taken.
    """
    ASSIGNMENT.check(assignment.state, state)
    before = assignment.state
    assignment.state, assignment.answer_nonce = state, ""
    assignment.changed_at, assignment.changed_by = now, by
    assignment.save(update_fields=["state", "seat", "answer_nonce", "changed_at", "changed_by"])
    comes_back = state == AssignmentState.HELD and before != AssignmentState.CONFIRMED
    if state == AssignmentState.CONFIRMED or comes_back:
        write_diary(assignment, now=now)
    elif state in FREES_DIARY:
        diary.cancel(source_of(assignment.pk), now=now)
    if state == AssignmentState.NO_SHOW:  # who was not there met nobody
        Tally.objects.filter(assignment=assignment).delete()


def write_diary(assignment: Assignment, *, now: dt.datetime) -> None:
    """Put the shift into the person's diary, or move it there. Raises Refused `diary_overlap`."""
    session = assignment.session
    diary.occupy(
        assignment.expert,
        source=source_of(assignment.pk),
        kind=DiaryKind.SHIFT,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone_name=session.zone_name,
        unit=session.unit,
        site=session.site,
        place="" if session.site else str(session.get_place_kind_display()),
        now=now,
    )


def supersede_offers(session: Session, *, now: dt.datetime, tell: bool = True) -> None:
    """The seats are gone or the session is off: who was asked need not answer, and hears so."""
    waiting = session.offers.filter(state=OfferState.SENT).select_related("expert__user")
    for offer in waiting.select_for_update(no_key=True, of=("self",)):
        offer.session = session
        end_offer(offer, OfferState.SUPERSEDED, now=now)
        if tell:
            mails.offer_filled(offer, now=now)


def supersede_offers_if_full(session: Session, *, now: dt.datetime) -> None:
    if taken_seats([session.pk])[session.pk] >= session.seats:
        supersede_offers(session, now=now)


def end_offer(offer: Offer, state: OfferState, *, now: dt.datetime) -> None:
    """Move an offer; its link in the mail stops working. Raises Refused `wrong_state`."""
    OFFER.check(offer.state, state)
    offer.state, offer.answer_nonce = state, ""
    answered = state in (OfferState.ACCEPTED, OfferState.DECLINED)
    offer.answered_at = now if answered else None
    offer.save(update_fields=["state", "answer_nonce", "answered_at"])


def forget_offer_of(assignment: Assignment, *, now: dt.datetime) -> None:
    """A person who has a seat now need not answer an offer of it."""
    own = assignment.session.offers.filter(state=OfferState.SENT, expert_id=assignment.expert_id)
    for offer in own.select_for_update(no_key=True):
        end_offer(offer, OfferState.SUPERSEDED, now=now)
