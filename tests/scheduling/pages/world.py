"""A week with something of everything, made through the services: what pages are looked at with."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from experts.models import Expert
from scheduling.models import Assignment, Booking, Offer, Session, SessionState
from scheduling.services import assignments, bookings, offers, sessions
from scheduling.services.bookings import BookingDetails
from tests.cast import Cast
from tests.scheduling.makers import NOW, make_experts, make_session


@dataclass
class World:
    cast: Cast
    open_session: Session
    """Thursday at Sastamala: one seat, nobody."""
    group: Session
    """Friday at Ikaalinen: two seats, Aino confirmed, Eero proposed."""
    given_up: Session
    """Next Tuesday at Nokia: Onni gave it up, Eero has an offer."""
    past: Session
    """Last Thursday at Sastamala: Aino was there, nothing recorded."""
    draft: Session
    cancelled: Session
    requested: Booking
    accepted: Booking
    aino_shift: Assignment
    eero_proposal: Assignment
    eero_offer: Offer
    others: list[Expert]


SUPPORT: dict[str, Any] = {"support_person": "Tuija Tukeva", "support_phone": "040 123 4567"}


def confirmed(session: Session, expert: Expert) -> Assignment:
    made = assignments.propose(session, expert=expert, overrules={}, by=None, now=NOW)
    return assignments.confirm(made, by=None, now=NOW)


def details(cast: Cast, **fields: Any) -> BookingDetails:
    """A weekly group at Sastamala from March to the end of May; Ascension Day is among its days."""
    defaults: dict[str, Any] = {
        "kind": cast.kinds["group_session"],
        "unit": cast.sastamala.unit,
        "site": cast.sastamala.room,
        "place_kind": "site",
        "seats": 1,
        "responsible_professional": "Kerttu Keksitty",
        "professional_present": True,
        "with_minors": False,
        "language": "fi",
        "notes": "Retki lähimetsään, säänmukaiset vaatteet.",
        "starts_on": dt.date(2027, 3, 11),
        "starts_time": dt.time(10),
        "minutes": 120,
        "every_weeks": 1,
        "ends_on": dt.date(2027, 5, 27),
        **SUPPORT,
    }
    return BookingDetails(**{**defaults, **fields})


def make_world(cast: Cast) -> World:
    """`cast` must be ready (the `ready` fixture)."""
    units = [cast.sastamala, cast.ikaalinen, cast.nokia]
    others = make_experts(12, units=[u.unit for u in units[:2]], kinds=cast.kinds.values())
    aino, eero, onni = (person.expert for person in (cast.aino, cast.eero, cast.onni))
    open_session = make_session(cast.sastamala, **SUPPORT)
    group = make_session(
        cast.ikaalinen,
        "2027-03-05 12:00",
        kind=cast.kinds["group_session"],
        site=cast.ikaalinen.room,
        seats=2,
        responsible_professional="Ilkka Ikaalinen",
        notes="Kahvit tarjolla.",
        **SUPPORT,
    )
    aino_shift = confirmed(group, aino)
    asked = NOW - dt.timedelta(days=3)
    eero_proposal = assignments.propose(
        group, expert=eero, overrules={}, by=cast.coordinator, now=asked
    )
    given_up = make_session(cast.nokia, "2027-03-09 09:30")
    assignments.release(confirmed(given_up, onni), by=cast.onni.user, now=NOW)
    eero_offer = offers.send(
        given_up,
        experts=[eero],
        expires_at=NOW + dt.timedelta(days=1),
        by=cast.coordinator,
        now=NOW,
    )[0]
    for week in range(1, 7):
        day = NOW - dt.timedelta(weeks=week)
        old = make_session(cast.sastamala, f"{day:%Y-%m-%d} 09:30", state=SessionState.HELD)
        if week % 3:
            Assignment.objects.create(
                session=old, expert=aino, seat=1, state="held", proposed_at=day, changed_at=day
            )
    past = Session.objects.filter(state=SessionState.HELD).latest("starts_at")
    draft = make_session(
        cast.sastamala,
        "2027-03-03 13:00",
        kind=cast.kinds["group_session"],
        site=cast.sastamala.room,
        state=SessionState.DRAFT,
    )
    cancelled = make_session(cast.sastamala, "2027-03-02 09:00")
    sessions.cancel(cancelled, by=cast.coordinator, now=NOW)
    for when in ("2027-03-16 09:30", "2027-03-23 09:30"):
        confirmed(make_session(cast.sastamala, when, **SUPPORT), aino)
    requested = bookings.request(details(cast), key=uuid.uuid4(), by=cast.sari, now=NOW)
    accepted = bookings.request(
        details(cast, starts_on=dt.date(2027, 3, 29), starts_time=dt.time(14)),
        key=uuid.uuid4(),
        by=cast.sari,
        now=NOW,
    )
    bookings.accept(accepted, by=cast.coordinator, now=NOW, note="Tervetuloa mukaan.")
    for booking in (requested, accepted):
        booking.refresh_from_db()
    return World(
        cast=cast,
        open_session=open_session,
        group=group,
        given_up=given_up,
        past=past,
        draft=draft,
        cancelled=cancelled,
        requested=requested,
        accepted=accepted,
        aino_shift=aino_shift,
        eero_proposal=eero_proposal,
        eero_offer=eero_offer,
        others=others,
    )
