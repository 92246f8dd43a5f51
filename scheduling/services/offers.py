"""Offers: an open seat shown to several people; the first who says yes gets it."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.models import User
from coordination.transactions import one_transaction
from experts.models import Expert
from experts.services import diary
from scheduling import eligibility
from scheduling.eligibility.facts import taken_seats
from scheduling.models import Assignment, Offer, OfferState, Session, SessionState
from scheduling.services import allowed, answers, assignments, locks, mails, outcomes
from scheduling.transitions import OFFER


@one_transaction
def send(
    session: Session,
    *,
    experts: Sequence[Expert],
    expires_at: dt.datetime,
    by: User | None,
    now: dt.datetime,
    overrules: Mapping[int, Mapping[str, str]] | None = None,
) -> list[Offer]:
    """Offer the free seats to these people until `expires_at` (aware); each gets a mail with a link.

    Who has a waiting offer keeps it. Nobody is offered what they cannot take: one blocked person, or
    one with an `ask` that `overrules` (by the expert's id, then by code) does not answer, refuses
    it all. Raises Refused `full`, `diary_overlap`, `not_allowed`, `needs_why`, `expires_too_early`,
    `expires_too_late`.
    """
    diary.lock_people(expert.pk for expert in experts)
    row = locks.session(session.pk)
    if expires_at <= now:
        raise Refused(_("The time to answer must be in the future."), code="expires_too_early")
    if expires_at > row.starts_at:
        raise Refused(
            _("The time to answer must end before the session begins."), code="expires_too_late"
        )
    waiting = set(row.offers.filter(state=OfferState.SENT).values_list("expert_id", flat=True))
    wanted = dict.fromkeys(expert.pk for expert in experts if expert.pk not in waiting)
    fresh = Expert.objects.select_related("user").in_bulk(
        wanted
    )  # as they are now, not as they were seen
    new = [fresh[pk] for pk in wanted]
    reasons = eligibility.reasons_for(row, new, now=now)
    given = overrules or {}
    offers = []
    for expert in new:
        whys = allowed.judge(expert, reasons[expert.pk], given.get(expert.pk, {}))
        offers.append(
            Offer(
                session=row,
                expert=expert,
                answer_nonce=answers.new_nonce(),
                overrules=whys,
                sent_at=now,
                sent_by=by,
                expires_at=expires_at,
            )
        )
    Offer.objects.bulk_create(offers)
    for offer in offers:
        mails.offered(offer, now=now)
    return offers


@one_transaction
def accept(offer: Offer, *, by: User | None, now: dt.datetime) -> Assignment:
    """sent → accepted, with a confirmed seat. The first acceptance wins; the others hear it is filled.

    Raises Refused `wrong_state`, `link_expired` when the time is over, `full`, `diary_overlap`,
    `not_allowed`, and `needs_why` when something has come up since that a coordinator must decide.
    """
    row = locks.offer(offer.pk)
    _check_open(row, OfferState.ACCEPTED, now=now)
    outcomes.end_offer(row, OfferState.ACCEPTED, now=now)
    assignment = assignments.sit_down(
        row.session, row.expert, overrules=row.overrules, by=by, now=now, overruled_by=row.sent_by
    )
    mails.offer_accepted(row, by=by, now=now)
    return assignment


@one_transaction
def decline(offer: Offer, *, by: User | None, now: dt.datetime) -> Offer:
    """sent → declined, without a reason. Raises Refused `wrong_state`, `link_expired`."""
    row = locks.offer(offer.pk)
    _check_open(row, OfferState.DECLINED, now=now)
    outcomes.end_offer(row, OfferState.DECLINED, now=now)
    _tell_when_run_out(row, now=now)
    return row


def _check_open(offer: Offer, target: OfferState, *, now: dt.datetime) -> None:
    OFFER.check(offer.state, target)
    if offer.expires_at <= now:
        raise Refused(
            _("The time to answer has passed. Thank you all the same."), code="link_expired"
        )


def expire_due(*, now: dt.datetime) -> int:
    """sent → expired for every offer whose time is over; how many. Each in its own transaction."""
    due = Offer.objects.filter(state=OfferState.SENT, expires_at__lte=now)
    return sum(_expire(pk, now=now) for pk in due.values_list("pk", flat=True))


@one_transaction
def _expire(offer_id: int, *, now: dt.datetime) -> bool:
    row = locks.offer(offer_id)
    if row.state != OfferState.SENT or row.expires_at > now:
        return False
    outcomes.end_offer(row, OfferState.EXPIRED, now=now)
    _tell_when_run_out(row, now=now)
    return True


def _tell_when_run_out(offer: Offer, *, now: dt.datetime) -> None:
    """When the last waiting offer of a session is gone and seats are still free, its sender hears."""
    session = offer.session
    if offer.sent_by is None or session.offers.filter(state=OfferState.SENT).exists():
        return
    free = (
        session.state == SessionState.OPEN and taken_seats([session.pk])[session.pk] < session.seats
    )
    if not free or session.starts_at <= now:
        return
    mails.offers_ran_out(session, offer.sent_by, now=now)
