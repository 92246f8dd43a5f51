"""Changing a session: who no longer fits is said before saving, and who comes is told."""

import copy
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.models import ActivityKind, Site, Unit, User
from coordination.transactions import one_transaction
from scheduling import eligibility
from scheduling.eligibility import Reason
from scheduling.models import Assignment, AssignmentState, Offer, OfferState, Session, SessionState
from scheduling.services import locks, mails, outcomes, recipients
from scheduling.services.appointments import check_appointment
from scheduling.services.recipients import Recipient

OWN_SEAT = frozenset({"already_here", "full", "not_published", "already_begun"})
"""Reasons that do not speak against somebody who sits there already."""

TELLING = ("kind_id", "unit_id", "site_id", "place_kind", "starts_at", "ends_at")
"""What people must hear of when it changes."""


class Changes(TypedDict, total=False):
    """What may be changed; what is left out stays. Times are aware and half-open."""

    kind: ActivityKind
    unit: Unit
    site: Site | None
    place_kind: str
    seats: int
    responsible_professional: str
    support_person: str
    support_phone: str
    professional_present: bool
    with_minors: bool
    language: str
    notes: str
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class ChangePreview:
    """What a change would do: who hears of it, and who on a seat could no longer come, and why."""

    told: list[Assignment]
    unfit: dict[int, list[Reason]]
    """By the assignment's id: reasons that block, and those that would have to be asked about."""


def preview_change(
    session: Session, *, now: dt.datetime, **changes: Unpack[Changes]
) -> ChangePreview:
    """What `change` would do; nothing is saved. Raises Refused as `change` would for bad values."""
    after = _after(session, changes)
    seated = outcomes.waiting_or_coming(session)
    unfit = _unfit(after, seated, now=now) if _moves(session, after) else {}
    return ChangePreview(told=seated if _tells(session, after) else [], unfit=unfit)


@one_transaction
def change(
    session: Session,
    *,
    by: User | None,
    now: dt.datetime,
    release: Collection[int] = (),
    **changes: Unpack[Changes],
) -> Session:
    """Change a draft or open session; people, units and diaries follow.

    Who is on a seat and would be blocked by the change must be named in `release` (ids of
    assignments): they are taken off and told. Raises Refused `no_longer_fits` naming the others,
    `seats_taken` when fewer seats are wanted than people have them, `wrong_state`, `in_the_past`
    and what `check_appointment` raises.
    """
    row = locks.session_and_people(session.pk)
    if row.state not in (SessionState.DRAFT, SessionState.OPEN):
        raise Refused(
            _("Only a session that has not been held can be changed."), code="wrong_state"
        )
    before, after = row, _after(row, changes)
    moved = _moves(before, after)
    if moved and after.ends_at <= now:
        raise Refused(_("A session cannot be moved to the past."), code="in_the_past")
    seated = outcomes.waiting_or_coming(before)
    staying = _release_unfit(before, after, seated, release, by=by, now=now) if moved else seated
    _fit_on_seats(after, staying)
    _save(before, after, changes)
    for assignment in staying:
        assignment.session = after
        if assignment.state == AssignmentState.CONFIRMED:
            outcomes.write_diary(assignment, now=now)
    _tell(before, after, staying, by=by, now=now)
    outcomes.supersede_offers_if_full(after, now=now)
    return after


def _after(session: Session, changes: Mapping[str, object]) -> Session:
    """The session as it would be; checked, not saved."""
    after = copy.copy(session)
    after._state = copy.copy(session._state)
    after._state.fields_cache = dict(session._state.fields_cache)
    for name, value in changes.items():
        setattr(after, name, value)
    if after.unit_id != session.unit_id:
        after.zone_name = after.unit.zone_name
    check_appointment(
        kind=after.kind,
        unit=after.unit,
        site=after.site,
        place_kind=after.place_kind,
        seats=after.seats,
        minutes=(after.ends_at - after.starts_at).total_seconds() / 60,
    )
    return after


def _tells(before: Session, after: Session) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in TELLING)


def _moves(before: Session, after: Session) -> bool:
    """Whether anybody's fitting may change."""
    names = (*TELLING, "with_minors", "language")
    return any(getattr(before, name) != getattr(after, name) for name in names)


def _unfit(
    after: Session, seated: list[Assignment], *, now: dt.datetime
) -> dict[int, list[Reason]]:
    """Blocks and asks of the people on the seats, for the session as it would be."""
    matrix = eligibility.Matrix([after], [a.expert for a in seated], now=now)
    found = {}
    for assignment in seated:
        reasons = [
            reason
            for reason in matrix.about_person(after.pk, assignment.expert_id)
            if reason.level is not eligibility.Level.NOTE and reason.code not in OWN_SEAT
        ]
        if reasons:
            found[assignment.pk] = reasons
    return found


def _release_unfit(
    before: Session,
    after: Session,
    seated: list[Assignment],
    release: Collection[int],
    *,
    by: User | None,
    now: dt.datetime,
) -> list[Assignment]:
    """Takes those named off their seats; the rest, when nobody is left who would be blocked."""
    unfit = _unfit(after, seated, now=now)
    blocked = [a for a in seated if eligibility.blocks(unfit.get(a.pk, []))]
    left = [a for a in blocked if a.pk not in release]
    if left:
        raise Refused(" ".join(_sentence(a, unfit[a.pk]) for a in left), code="no_longer_fits")
    for assignment in (a for a in seated if a.pk in release):
        assignment.session = before
        outcomes.settle(assignment, AssignmentState.CANCELLED, by=by, now=now)
        mails.cancelled(assignment, session_is_off=False, by=by, now=now)
    return [a for a in seated if a.pk not in release]


def _sentence(assignment: Assignment, reasons: list[Reason]) -> str:
    why = "; ".join(reason.sentence for reason in eligibility.blocks(reasons))
    return _("%(name)s could no longer come: %(why)s.") % {
        "name": assignment.expert.name,
        "why": why,
    }


def _fit_on_seats(after: Session, staying: list[Assignment]) -> None:
    """Seats are numbered from 1: who sits beyond the last one moves to a free one."""
    if len(staying) > after.seats:
        raise Refused(
            _("%(count)s people have a seat; take somebody off first.") % {"count": len(staying)},
            code="seats_taken",
        )
    taken = {a.seat for a in staying}
    free = iter(sorted(set(range(1, after.seats + 1)) - taken))
    for assignment in staying:
        if assignment.seat > after.seats:
            assignment.seat = next(free)
            assignment.save(update_fields=["seat"])


def _save(before: Session, after: Session, changes: Mapping[str, object]) -> None:
    fields = [*changes, "zone_name"]
    if after.series_id and _tells(before, after):
        after.edited_by_hand = True
        fields.append("edited_by_hand")
    after.save(update_fields=fields)


def _tell(
    before: Session,
    after: Session,
    staying: list[Assignment],
    *,
    by: User | None,
    now: dt.datetime,
) -> None:
    if not _tells(before, after) or after.state != SessionState.OPEN:
        return
    offers = _moved_offers(after, now=now)
    people: list[Recipient] = []
    for expert in [*(a.expert for a in staying), *(o.expert for o in offers)]:
        people += recipients.of_expert(expert)
    mails.changed(after, before, people, by=by, now=now)


def _moved_offers(after: Session, *, now: dt.datetime) -> list[Offer]:
    """Offers move with the session (oncall #4182); who could no longer take it is told it is gone."""
    waiting = list(after.offers.filter(state=OfferState.SENT).select_related("expert__user"))
    matrix = eligibility.Matrix([after], [offer.expert for offer in waiting], now=now)
    staying = []
    for offer in waiting:
        offer.session = after
        if eligibility.blocks(matrix.about_person(after.pk, offer.expert_id)):
            outcomes.end_offer(offer, OfferState.SUPERSEDED, now=now)
            mails.offer_filled(offer, now=now)
        else:
            staying.append(offer)
    return staying
