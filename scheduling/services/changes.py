"""Changing a session: who no longer fits is said before saving, and who comes is told."""

import copy
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from coordination import formats
from coordination.errors import Refused
from coordination.models import ActivityKind, Site, Unit, User
from coordination.transactions import one_transaction
from scheduling import eligibility
from scheduling.eligibility import Reason
from scheduling.models import Assignment, AssignmentState, Offer, OfferState, Session, SessionState
from scheduling.services import allowed, answers, fitting, locks, mails, outcomes, recipients
from scheduling.services.appointments import check_appointment
from scheduling.services.recipients import Recipient

TELLING = ("kind_id", "unit_id", "site_id", "place_kind", "starts_at", "ends_at")
"""What people must hear of when it changes."""

SHAPE = (*TELLING, "seats")
"""What `check_appointment` looks at; notes may be mended on a session made before a rule."""


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
    priority: int
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class ChangePreview:
    """What a change would do: who hears of it, and who on a seat could no longer come, and why."""

    told: list[Assignment]
    unfit: dict[int, list[Reason]]
    """By the assignment's id: reasons that block, and those the change would newly ask about."""


def preview_change(
    session: Session, *, now: dt.datetime, **changes: Unpack[Changes]
) -> ChangePreview:
    """What `change` would do; nothing is saved. Raises Refused as `change` would for bad values."""
    after = _after(session, changes)
    fitting.refuse_new_blocks(session, after, now=now)
    seated = outcomes.waiting_or_coming(session)
    moved = _moves(session, after)
    unfit = fitting.unfit(session, after, seated, now=now) if moved else {}
    return ChangePreview(told=seated if tells(session, after) else [], unfit=unfit)


@one_transaction
def change(
    session: Session,
    *,
    by: User | None,
    now: dt.datetime,
    release: Collection[int] = (),
    seen: int | None = None,
    overrules: Mapping[int, Mapping[str, str]] | None = None,
    with_series: bool = False,
    **changes: Unpack[Changes],
) -> Session:
    """Change a draft or open session; people, units and diaries follow.

    Who is on a seat and would be blocked by the change must be named in `release` (ids of
    assignments): they are taken off and told. For who stays, `overrules` (by the assignment's id,
    then by code) says why for each thing the change newly asks. `seen` is the session's `sequence`
    when the page was opened. `with_series`: the series changes too, so the session stays one of its
    ordinary days. Raises Refused `not_allowed` with what would newly block an open
    session, `needs_why`, `why_too_long`, `no_longer_fits` naming the others, `changed_meanwhile` when somebody
    else has changed what was seen, `seats_taken` when fewer seats are wanted than people have
    them, `wrong_state`, `in_the_past` and what `check_appointment` raises.
    """
    row = locks.session_and_people(session.pk)
    _check_seen(row, seen)
    if row.state not in (SessionState.DRAFT, SessionState.OPEN):
        raise Refused(
            _("Only a session that has not been held can be changed."), code="wrong_state"
        )
    before, after = row, _after(row, changes)
    moved = _moves(before, after)
    if moved and after.ends_at <= now:
        raise Refused(_("A session cannot be moved to the past."), code="in_the_past")
    fitting.refuse_new_blocks(before, after, now=now)
    seated = outcomes.waiting_or_coming(before)
    unfit = fitting.unfit(before, after, seated, now=now) if moved else {}
    _refuse_blocked(seated, unfit, release)
    whys = _whys(seated, unfit, release, overrules or {})
    _take_off(before, seated, release, by=by, now=now)
    staying = [assignment for assignment in seated if assignment.pk not in release]
    _fit_on_seats(after, staying)
    _save(before, after, changes, by_hand=not with_series)
    for assignment in staying:
        assignment.session = after
        allowed.store(assignment, whys.get(assignment.pk, {}), by=by, now=now)
        if assignment.state == AssignmentState.CONFIRMED:
            outcomes.write_diary(assignment, now=now)
    _tell(before, after, staying, by=by, now=now)
    outcomes.supersede_offers_if_full(after, now=now)
    return after


def _check_seen(row: Session, seen: int | None) -> None:
    """What somebody else has saved meanwhile is not overwritten unseen."""
    if seen is not None and row.sequence != seen:
        when = formats.when(row.starts_at, row.ends_at, zone=row.zone)
        raise Refused(
            _(
                "Somebody else has changed this session while you had it open. It is now: "
                "%(when)s, %(unit)s, %(state)s. Check what you typed and save again."
            )
            % {"when": when, "unit": row.unit, "state": row.get_state_display()},
            code="changed_meanwhile",
        )


def _after(session: Session, changes: Mapping[str, object]) -> Session:
    """The session as it would be; checked, not saved."""
    after = copy.copy(session)
    after._state = copy.copy(session._state)
    after._state.fields_cache = dict(session._state.fields_cache)
    for name, value in changes.items():
        setattr(after, name, value)
    if after.unit_id != session.unit_id:
        after.zone_name = after.unit.zone_name
    if any(getattr(after, name) != getattr(session, name) for name in SHAPE):
        check_appointment(
            kind=after.kind,
            unit=after.unit,
            site=after.site,
            place_kind=after.place_kind,
            seats=after.seats,
            minutes=(after.ends_at - after.starts_at).total_seconds() / 60,
        )
    return after


def tells(before: Session, after: Session) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in TELLING)


def _moves(before: Session, after: Session) -> bool:
    """Whether anybody's fitting may change."""
    names = (*TELLING, "with_minors", "language")
    return any(getattr(before, name) != getattr(after, name) for name in names)


def _refuse_blocked(
    seated: list[Assignment], unfit: Mapping[int, list[Reason]], release: Collection[int]
) -> None:
    """Nobody stays who would be blocked."""
    blocked = [a for a in seated if eligibility.blocks(unfit.get(a.pk, []))]
    left = [a for a in blocked if a.pk not in release]
    if left:
        raise Refused(" ".join(_sentence(a, unfit[a.pk]) for a in left), code="no_longer_fits")


def _whys(
    seated: list[Assignment],
    unfit: Mapping[int, list[Reason]],
    release: Collection[int],
    overrules: Mapping[int, Mapping[str, str]],
) -> dict[int, dict[str, str]]:
    """Why each who stays may stay in spite of what the change brings."""
    return {
        a.pk: allowed.whys_for(a.expert, eligibility.asks(unfit[a.pk]), overrules.get(a.pk, {}))
        for a in seated
        if a.pk in unfit and a.pk not in release
    }


def _take_off(
    before: Session,
    seated: list[Assignment],
    release: Collection[int],
    *,
    by: User | None,
    now: dt.datetime,
) -> None:
    for assignment in (a for a in seated if a.pk in release):
        assignment.session = before
        outcomes.settle(assignment, AssignmentState.CANCELLED, by=by, now=now)
        mails.cancelled(assignment, session_is_off=False, by=by, now=now)


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


def _save(before: Session, after: Session, changes: Mapping[str, object], *, by_hand: bool) -> None:
    fields = [*changes, "zone_name"]
    if by_hand and after.series_id and tells(before, after):
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
    if not tells(before, after) or after.state != SessionState.OPEN:
        return
    offers = _moved_offers(before, after, now=now)
    new_links = _new_links(before, after, staying, offers)
    people: list[Recipient] = []
    links: dict[str, str] = {}
    for expert in [*(a.expert for a in staying), *(o.expert for o in offers)]:
        found = recipients.of_expert(expert)
        people += found
        if expert.pk in new_links:
            links |= {recipient.email.lower(): new_links[expert.pk] for recipient in found}
    mails.changed(after, before, people, by=by, now=now, links=links)


def _moved_offers(before: Session, after: Session, *, now: dt.datetime) -> list[Offer]:
    """Offers move with the session (oncall #4182), and end before it begins.

    Who could no longer take it, or only after a word with a coordinator, is told it is gone.
    """
    waiting = list(after.offers.filter(state=OfferState.SENT).select_related("expert__user"))
    matrix = eligibility.Matrix([after], [offer.expert for offer in waiting], now=now)
    staying = []
    for offer in waiting:
        offer.session = after
        reasons = matrix.about_person(after.pk, offer.expert_id)
        asks = {reason.code for reason in eligibility.asks(reasons)}
        offer.expires_at = min(offer.expires_at, after.starts_at)
        if eligibility.blocks(reasons) or asks - set(offer.overrules) or offer.expires_at <= now:
            offer.expires_at = max(offer.expires_at, offer.sent_at + dt.timedelta(seconds=1))
            outcomes.end_offer(offer, OfferState.SUPERSEDED, now=now)
            mails.offer_filled(offer, now=now)
        else:
            offer.save(update_fields=["expires_at"])
            staying.append(offer)
    return staying


def _new_links(
    before: Session, after: Session, staying: list[Assignment], offers: list[Offer]
) -> dict[int, str]:
    """By the expert's id: a new link for each open question whose time is wholly new.

    The link mailed before would say yes to what the mail around it did not ask.
    """
    if after.starts_at < before.ends_at and before.starts_at < after.ends_at:
        return {}
    asked = [a for a in staying if a.state == AssignmentState.PROPOSED]
    links = {}
    for assignment in asked:
        assignment.answer_nonce = answers.new_nonce()
        assignment.save(update_fields=["answer_nonce"])
        links[assignment.expert_id] = answers.link_for_assignment(assignment)
    for offer in offers:
        offer.answer_nonce = answers.new_nonce()
        offer.save(update_fields=["answer_nonce"])
        links[offer.expert_id] = answers.link_for_offer(offer)
    return links
