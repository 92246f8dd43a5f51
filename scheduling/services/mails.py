"""The mails of scheduling. Each is a row in the outbox, written in the transaction that caused it.

A key names the cause: the thing, the moment of its change and the person, so each exists once.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils import translation

from coordination import formats
from coordination.models import User
from coordination.models.activity import PlaceKind
from coordination.models.messages import Haste
from coordination.services import messages
from scheduling import occurrences
from scheduling.models import Assignment, Booking, Offer, Session
from scheduling.services import answers, recipients
from scheduling.services.recipients import Recipient

ASKS = frozenset({"assignment_proposed", "offer", "offers_ran_out", "booking_requested"})
"""Kinds in which somebody waits for an answer."""

AT_ONCE = frozenset({"assignment_released_staff"})
"""Kinds that never wait: a seat became empty, and every hour counts."""

URGENT = dt.timedelta(hours=24)
"""What begins sooner than this is urgent (design.md, "How it looks and speaks")."""


def proposed(assignment: Assignment, *, by: User | None, now: dt.datetime) -> None:
    """The expert is asked, with a link that answers without logging in."""
    link = messages.absolute_url(answers.link_for_assignment(assignment))
    _about_assignment("assignment_proposed", assignment, by=by, now=now, more={"link": link})


def confirmed(assignment: Assignment, *, by: User | None, now: dt.datetime) -> None:
    """The expert and whoever asked them hear that it is settled; whoever said so does not."""
    _about_assignment("assignment_confirmed", assignment, by=by, now=now)
    _to_asker("assignment_confirmed_staff", assignment, by=by, now=now)


def declined(assignment: Assignment, *, by: User | None, now: dt.datetime) -> None:
    """Whoever asked hears that the seat is free again; the expert only if somebody else said so."""
    _to_asker("assignment_declined_staff", assignment, by=by, now=now)


def released(assignment: Assignment, *, by: User | None, now: dt.datetime) -> None:
    """All coordinators, never with a reason; the expert when a coordinator did it for them."""
    _to_coordinators("assignment_released_staff", assignment, by=by, now=now)
    _about_assignment("assignment_released", assignment, by=by, now=now)


def taken_back(assignment: Assignment, *, by: User | None, now: dt.datetime) -> None:
    """All coordinators: the person comes after all."""
    _to_coordinators("assignment_taken_back_staff", assignment, by=by, now=now)
    _about_assignment("assignment_confirmed", assignment, by=by, now=now)


def cancelled(
    assignment: Assignment, *, session_is_off: bool, by: User | None, now: dt.datetime
) -> None:
    """The expert: the shift is off, or off for them."""
    kind = "session_cancelled" if session_is_off else "assignment_cancelled"
    _about_assignment(kind, assignment, by=by, now=now)


def session_cancelled_unit(session: Session, *, by: User | None, now: dt.datetime) -> None:
    """The unit's contacts."""
    who = recipients.clinic_contacts(session.unit, on=_day(session))
    _send("session_cancelled_unit", session, who, key=_key(session, now), by=by, now=now)


def changed(
    session: Session,
    before: Session,
    people: Iterable[Recipient],
    *,
    by: User | None,
    now: dt.datetime,
    links: Mapping[str, str] | None = None,
) -> None:
    """What it was and what it is, to everybody who is coming or was asked, and to the unit.

    `links`, by address in small letters: the new path on which somebody answers.
    """
    who = [*people, *recipients.clinic_contacts(session.unit, on=_day(session))]
    key = _key(session, now)
    _send("session_changed", session, who, key=key, by=by, now=now, before=before, links=links)


def offered(offer: Offer, *, now: dt.datetime) -> None:
    """An open seat, until when to answer, and a link that answers without logging in."""
    link = messages.absolute_url(answers.link_for_offer(offer))
    who = recipients.of_expert(offer.expert)
    more = {"link": link, "until": offer.expires_at}
    _send("offer", offer.session, who, key=f"offer:{offer.pk}", by=None, now=now, more=more)


def offer_filled(offer: Offer, *, now: dt.datetime) -> None:
    """Somebody else was quicker, or the session is off: no answer is needed any more."""
    who = recipients.of_expert(offer.expert)
    _send("offer_filled", offer.session, who, key=f"offer:{offer.pk}", by=None, now=now)


def offer_accepted(offer: Offer, *, by: User | None, now: dt.datetime) -> None:
    """Whoever sent the offer hears who took the seat."""
    if offer.sent_by is not None:
        who = [recipients.of_user(offer.sent_by)]
        more: dict[str, object] = {"name": offer.expert.name}
        _send(
            "offer_accepted_staff",
            offer.session,
            who,
            key=f"offer:{offer.pk}",
            by=by,
            now=now,
            more=more,
        )


def offers_ran_out(session: Session, sender: User, *, now: dt.datetime) -> None:
    """Nobody took the seat in time: whoever offered it decides what next."""
    who = [recipients.of_user(sender)]
    _send("offers_ran_out", session, who, key=_key(session, now), by=None, now=now)


def reminder(assignment: Assignment, *, now: dt.datetime) -> None:
    """The day before; a moved session is reminded of again."""
    session = assignment.session
    key = f"assignment:{assignment.pk}:{session.starts_at:%Y%m%dT%H%M}"
    who = recipients.of_expert(assignment.expert)
    _send("reminder", session, who, key=key, by=None, now=now, more=_own(assignment))


def closeout_prompt(session: Session, *, now: dt.datetime) -> None:
    """The unit's contacts and the coordinators: was it held, and by whom."""
    on = _day(session)
    who = [*recipients.clinic_contacts(session.unit, on=on), *recipients.coordinators(on=on)]
    _send("closeout_prompt", session, who, key=f"session:{session.pk}", by=None, now=now)


def booking_requested(booking: Booking, *, by: User | None, now: dt.datetime) -> None:
    """All coordinators: somebody asks for sessions."""
    on = now.astimezone(booking.unit.zone).date()
    _about_booking("booking_requested", booking, recipients.coordinators(on=on), by=by, now=now)


def booking_decided(booking: Booking, *, by: User | None, now: dt.datetime) -> None:
    """Whoever asked hears the decision and the word with it."""
    who = [recipients.of_user(booking.requested_by)] if booking.requested_by else []
    _about_booking(f"booking_{booking.state}", booking, who, by=by, now=now)


def booking_withdrawn(booking: Booking, *, by: User | None, now: dt.datetime) -> None:
    on = now.astimezone(booking.unit.zone).date()
    _about_booking("booking_withdrawn", booking, recipients.coordinators(on=on), by=by, now=now)


# -- how they are written ------------------------------------------------------------------------


def _about_assignment(
    kind: str,
    assignment: Assignment,
    *,
    by: User | None,
    now: dt.datetime,
    more: dict[str, object] | None = None,
) -> None:
    who = recipients.of_expert(assignment.expert)
    key = f"assignment:{assignment.pk}:{now.timestamp():.6f}"
    more = {**_own(assignment), **(more or {})}
    _send(kind, assignment.session, who, key=key, by=by, now=now, more=more)


def _own(assignment: Assignment) -> dict[str, object]:
    """Where the expert sees the shift."""
    return {"shift_url": messages.absolute_url(f"/shifts/{assignment.pk}/")}


def _to_asker(kind: str, assignment: Assignment, *, by: User | None, now: dt.datetime) -> None:
    who = [recipients.of_user(assignment.proposed_by)] if assignment.proposed_by else []
    _staff(kind, assignment, who, by=by, now=now)


def _to_coordinators(
    kind: str, assignment: Assignment, *, by: User | None, now: dt.datetime
) -> None:
    on = now.astimezone(assignment.session.zone).date()
    _staff(kind, assignment, recipients.coordinators(on=on), by=by, now=now)


def _staff(
    kind: str,
    assignment: Assignment,
    who: Iterable[Recipient],
    *,
    by: User | None,
    now: dt.datetime,
) -> None:
    key = f"assignment:{assignment.pk}:{now.timestamp():.6f}"
    more: dict[str, object] = {"name": assignment.expert.name}
    _send(kind, assignment.session, who, key=key, by=by, now=now, more=more)


def _send(
    kind: str,
    session: Session,
    who: Iterable[Recipient],
    *,
    key: str,
    by: User | None,
    now: dt.datetime,
    more: dict[str, object] | None = None,
    before: Session | None = None,
    links: Mapping[str, str] | None = None,
) -> None:
    for person in recipients.but_not(who, by):
        with translation.override(person.language):
            context = {**told(session, now=now), **_texts(more or {}, session)}
            if before is not None:
                context["before"] = told(before, now=now)
        if path := (links or {}).get(person.email.lower()):
            context["link"] = messages.absolute_url(path)
        messages.enqueue(
            kind=kind,
            key=f"{kind}:{key}:{person.email.lower()}"[:200],
            to_email=person.email,
            language=person.language,
            user=person.user,
            context={**context, "recipient": person.name},
            now=now,
            haste=_haste(kind, asks="link" in context),
            about_at=_next_moment(session, before, more, now=now),
        )


def _haste(kind: str, *, asks: bool) -> Haste:
    """A mail with a link to answer asks, whatever else it tells."""
    if kind in AT_ONCE:
        return Haste.NOW
    return Haste.ASK if asks or kind in ASKS else Haste.NEWS


def _next_moment(
    session: Session,
    before: Session | None,
    more: Mapping[str, object] | None,
    *,
    now: dt.datetime,
) -> dt.datetime | None:
    """What comes first: the session, what it was moved from, or the end of the time to answer."""
    until = (more or {}).get("until")
    moments = [session.starts_at, before.starts_at if before else None, until]
    return min((m for m in moments if isinstance(m, dt.datetime) and m > now), default=None)


def told(session: Session, *, now: dt.datetime) -> dict[str, object]:
    """What mails say of a session, in the language of the moment."""
    when = formats.when(session.starts_at, session.ends_at, zone=session.zone, year=False)
    site = session.site
    at_unit = session.place_kind == PlaceKind.SITE
    place = [str(session.unit), site.name, site.room, site.address] if site and at_unit else []
    return {
        "when": when,
        "town": _town(session),
        "unit": str(session.unit),
        "kind": session.kind.name,
        "place": ", ".join(filter(None, place))
        or f"{session.unit}, {session.get_place_kind_display()}",
        "arrival": site.arrival_notes if site and at_unit else "",
        "support": session.support_person,
        "support_phone": session.support_phone,
        "notes": session.notes,
        "is_urgent": now <= session.starts_at < now + URGENT,
        "session_url": messages.absolute_url(f"/sessions/{session.pk}/"),
        "closeout_url": messages.absolute_url(f"/closeout/{session.pk}/"),
    }


def _town(session: Session) -> str:
    """Where, in a word that fits a subject line."""
    if session.place_kind == PlaceKind.ONLINE:
        return str(session.get_place_kind_display())
    return (session.site.municipality if session.site else "") or session.unit.municipality


def _texts(more: dict[str, object], session: Session) -> dict[str, object]:
    return {
        name: formats.when(value, zone=session.zone, year=False)
        if isinstance(value, dt.datetime)
        else value
        for name, value in more.items()
    }


def _about_booking(
    kind: str,
    booking: Booking,
    who: Iterable[Recipient],
    *,
    by: User | None,
    now: dt.datetime,
) -> None:
    for person in recipients.but_not(who, by):
        with translation.override(person.language):
            context: dict[str, object] = {
                "unit": str(booking.unit),
                "kind": booking.kind.name,
                "first": formats.day(booking.starts_on, year=False),
                "last": formats.day(booking.ends_on, year=False) if booking.ends_on else "",
                "time": formats.clock(booking.starts_time),
                "note": booking.decision_note,
                "recipient": person.name,
                "url": messages.absolute_url(f"/bookings/{booking.pk}/"),
            }
        messages.enqueue(
            kind=kind,
            key=f"{kind}:booking:{booking.pk}:{person.email.lower()}"[:200],
            to_email=person.email,
            language=person.language,
            user=person.user,
            context=context,
            now=now,
            haste=_haste(kind, asks="link" in context),
            about_at=occurrences.moment(
                booking.starts_on, booking.starts_time, booking.unit.zone_name
            ),
        )


def _day(session: Session) -> dt.date:
    return session.starts_at.astimezone(session.zone).date()


def _key(session: Session, now: dt.datetime) -> str:
    return f"session:{session.pk}:{now.timestamp():.6f}"
