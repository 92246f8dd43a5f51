"""The first page of each role, and a world in which every panel of them has something to show.

`start` puts one of everything there, `grow` many more rows of each. Kept by the test of queries
(contracts) and by the one of time (bench).
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from billing.models import FeeBasis, FeeRule
from billing.services import fee_lines
from coordination.models import Invitation, OutboxMessage, Unit
from coordination.models.messages import MessageState
from coordination.permissions import Role
from coordination.web import panels
from experts.models import (
    DiaryEntry,
    DiaryKind,
    Expert,
    ExpertStatus,
    SupervisionAttendance,
    SupervisionSession,
    Training,
)
from experts.models.supervision import SupervisionState
from scheduling.models import Assignment, Booking, Offer, Session, SessionState
from tests.cast import SINCE, Cast, make_unit
from tests.scheduling.makers import DAY, HOUR, NOW, local, make_session
from tests.scheduling.pages.world import World, make_world


@dataclass(frozen=True)
class FirstPage:
    """Who of the cast has the role (and no other), and where that person lands."""

    role: Role
    person: str
    name: panels.Page
    address: str


FIRST_PAGES = (
    FirstPage(Role.ADMINISTRATOR, "administrator", "admin_home", "/administration/"),
    FirstPage(Role.COORDINATOR, "coordinator", "today", "/today/"),
    FirstPage(Role.FINANCE, "finance", "finance_home", "/finance/"),
    FirstPage(Role.CLINIC_CONTACT, "sari", "unit_home", "/unit/"),
    FirstPage(Role.EXPERT, "aino", "expert_home", "/me/"),
    FirstPage(Role.WORK_SUPERVISOR, "tuula", "supervisor_home", "/supervisor/"),
)


def start(cast: Cast) -> World:
    """`cast` must be ready; after this no panel of a first page is empty."""
    world = make_world(cast)
    FeeRule.objects.create(
        kind=cast.kinds["lobby_shift"], basis=FeeBasis.HOUR, amount=Decimal(25), starts_on=SINCE
    )
    grow(world, [1])
    return world


def grow(world: World, numbers: Iterable[int]) -> None:
    """One more row of everything the first pages list for each number; a number is used once."""
    for number in numbers:
        _people(number)
        _waiting(world, number)
        _supervision(world, number)
        _past(world, number)
        _ahead(world, number)


def _people(number: int) -> None:
    """An applicant, somebody unsigned who is due for supervision and whose papers end, an invitation."""
    Expert.objects.create(name=f"Hakija {number}", status=ExpertStatus.APPLICANT)
    busy = Expert.objects.create(
        name=f"Uupunut {number}",
        status=ExpertStatus.ACTIVE,
        extract_seen_on=NOW.date() - 350 * DAY,
    )
    Training.objects.create(
        expert=busy,
        name="Koulutus",
        completed_on=SINCE,
        valid_until=NOW.date() + 20 * DAY,
    )
    long_ago = NOW - 120 * DAY
    DiaryEntry.objects.create(
        expert=busy,
        source=f"assignment:first-{number}",
        kind=DiaryKind.SHIFT,
        starts_at=long_ago,
        ends_at=long_ago + HOUR,
        zone_name="Europe/Helsinki",
        changed_at=long_ago,
    )
    Invitation.objects.create(
        email=f"kutsu{number}@example.org",
        name="Uusi Ihminen",
        role=Role.COORDINATOR,
        token_hash=f"{number:064}",
        created_at=NOW,
        expires_at=NOW + DAY,
    )


def _waiting(world: World, number: int) -> None:
    """A unit without papers and a promised shift there, a message that did not leave, a booking, a
    proposal nobody answers.
    """
    bare = _session(world, 40 + number, unit=make_unit())
    _assignment(bare, world.others[0], "confirmed")
    OutboxMessage.objects.create(
        key=f"first:{number}",
        kind="account_notice",
        to_email="joku@example.org",
        language="fi",
        subject="Asia",
        body="Asia",
        state=MessageState.GIVEN_UP,
        created_at=NOW,
        send_after=NOW,
    )
    booking = Booking.objects.get(pk=world.requested.pk)
    booking.pk, booking.key = None, uuid.uuid4()
    booking.save()
    session = _session(world, 10 + number)
    _assignment(session, world.cast.aino.expert, "proposed", at=NOW - 3 * DAY)


def _supervision(world: World, number: int) -> None:
    """Aino's supervision ahead and one to be marked, both by Tuula."""
    for starts_at in (NOW + number * DAY, NOW - number * DAY):
        session = SupervisionSession.objects.create(
            form="group",
            state=SupervisionState.PLANNED,
            starts_at=starts_at,
            ends_at=starts_at + HOUR,
            supervisor=world.cast.tuula,
        )
        SupervisionAttendance.objects.create(session=session, expert=world.cast.aino.expert)


def _past(world: World, number: int) -> None:
    """Aino's shifts: one nobody closed or counted, two paid for, one without rule, one without agreement."""
    cast, aino = world.cast, world.cast.aino.expert
    _assignment(_session(world, -min(number, 12)), aino, "confirmed")
    someone, bare = Expert.objects.latest("pk"), Unit.objects.latest("pk")
    lobby, panel = cast.kinds["lobby_shift"], cast.kinds["panel"]
    for kind, unit in ((lobby, cast.sastamala.unit), (lobby, bare), (panel, bare)):
        session = _session(world, -30 - number, kind=kind, unit=unit, state=SessionState.CLOSED)
        fee_lines.make_missing([_assignment(session, someone, "held")], now=NOW)
    held = _assignment(_session(world, -60 - number, state=SessionState.CLOSED), aino, "held")
    fee_lines.approve([fee_lines.make_missing([held], now=NOW)[0].pk], by=cast.finance, now=NOW)


def _ahead(world: World, number: int) -> None:
    """An open seat somebody gave up and others are asked for; a shift of Aino's."""
    aino = world.cast.aino.expert
    _assignment(_session(world, 3 + number), aino, "confirmed")
    session = _session(world, 2 + number % 20)
    _assignment(session, world.others[0], "released", at=NOW - HOUR)
    for expert in (aino, world.others[1]):
        Offer.objects.create(
            session=session, expert=expert, sent_at=NOW, expires_at=NOW + DAY, state="sent"
        )


def _session(
    world: World, days: int, *, state: SessionState = SessionState.OPEN, **fields: Any
) -> Session:
    """A lobby shift at Sastamala, so many days from now at nine."""
    day = NOW + days * DAY
    if state == SessionState.CLOSED:
        starts_at = local(f"{day:%Y-%m-%d} 09:00")
        times = {"actual_starts_at": starts_at, "actual_ends_at": starts_at + 2 * HOUR}
        fields |= {"closed_at": NOW, "closed_by": world.cast.coordinator, **times}
    if "unit" in fields:
        fields["site"] = None
    place = world.cast.sastamala
    values = {"unit": place.unit, **fields}
    return make_session(
        replace(place, unit=values.pop("unit")), f"{day:%Y-%m-%d} 09:00", 2, state=state, **values
    )


def _assignment(
    session: Session, expert: Expert, state: str, *, at: dt.datetime = NOW
) -> Assignment:
    return Assignment.objects.create(
        session=session, expert=expert, seat=1, state=state, proposed_at=at, changed_at=at
    )
