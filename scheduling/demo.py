"""Half a year of shifts: series booked by the clinics, staffed week by week, one person who cannot come."""

import datetime as dt
import uuid

from coordination import clock
from coordination.demo import World, step
from coordination.models import ActivityKind, Unit
from coordination.models.places import SiteKind
from scheduling import eligibility
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from scheduling.services import assignments, bookings, offers, plan_runs, plan_work, series
from scheduling.services.bookings import BookingDetails

# unit, kind, weekday, starts, minutes, every n weeks, experts, responsible professional
SERIES = (
    (0, "lobby_shift", 0, "09:00", 180, 1, 1, ""),
    (0, "lobby_shift", 2, "09:00", 180, 1, 1, ""),
    (0, "group_session", 3, "10:00", 240, 1, 1, "Maija Sosiaaliohjaaja"),
    (0, "individual_meeting", 4, "13:00", 120, 2, 1, ""),
    (1, "lobby_shift", 1, "13:00", 120, 1, 1, ""),
    (1, "group_session", 4, "12:00", 240, 1, 2, "Olavi Ohjaaja"),
    (2, "lobby_shift", 3, "09:00", 180, 1, 1, ""),
    (2, "group_session", 1, "12:00", 240, 2, 1, "Päivi Palveluohjaaja"),
    (2, "reception", 2, "13:00", 180, 2, 1, ""),
)
STAFFED_AHEAD = dt.timedelta(days=31)


@step(order=40, says="Series and bookings …")
def book(world: World) -> None:
    kinds = {kind.code: kind for kind in ActivityKind.objects.all()}
    for unit, code, weekday, starts, minutes, weeks, seats, responsible in SERIES:
        first = world.began.date() + dt.timedelta(days=7 + weekday)
        details = _details(
            world.units[unit],
            kinds[code],
            first,
            dt.time.fromisoformat(starts),
            minutes=minutes,
            seats=seats,
            responsible=responsible,
            every_weeks=weeks,
            ends_on=clock.today(world.now) + dt.timedelta(days=91),
        )
        _accepted(world, details, at=world.began)
    for made in {one.series for one in Session.objects.filter(series__isnull=False)}:
        if made is not None:
            series.extend(made, now=world.now)


def _details(
    unit: Unit,
    kind: ActivityKind,
    on: dt.date,
    starts: dt.time,
    *,
    minutes: int,
    seats: int = 1,
    responsible: str = "",
    every_weeks: int = 1,
    ends_on: dt.date | None = None,
) -> BookingDetails:
    lobby = kind.code == "lobby_shift"
    site = unit.sites.filter(kind=SiteKind.LOBBY if lobby else SiteKind.ROOM).first()
    return BookingDetails(
        kind=kind,
        unit=unit,
        site=site,
        place_kind="site",
        seats=seats,
        responsible_professional=responsible,
        support_person="Tuija Tukeva",
        support_phone="+358401234567",
        professional_present=False,
        with_minors=False,
        language="fi",
        notes="",
        starts_on=on,
        starts_time=starts,
        minutes=minutes,
        every_weeks=every_weeks,
        ends_on=ends_on,
    )


def _key(world: World) -> uuid.UUID:
    return uuid.UUID(int=world.random.getrandbits(128), version=4)


def _accepted(world: World, details: BookingDetails, *, at: dt.datetime) -> None:
    asked = bookings.request(details, key=_key(world), by=world.contact_of(details.unit), now=at)
    bookings.accept(asked, by=world.coordinator, now=at + dt.timedelta(hours=20))


@step(order=50, says="Who takes which shift …")
def staff(world: World) -> None:
    """Past shifts are confirmed but for a few; those ahead thin out, as they do."""
    aino = world.users["aino@example.org"]
    sessions = (
        Session.objects.filter(state=SessionState.OPEN, starts_at__lt=world.now + STAFFED_AHEAD)
        .select_related("unit", "kind", "site")
        .order_by("starts_at", "id")
    )
    for session in sessions:
        asked_at = min(world.now, max(world.began, session.starts_at - dt.timedelta(days=14)))
        fits = [
            one for one in eligibility.candidates(session, now=asked_at) if one.verdict == "fits"
        ]
        for candidate in fits[: session.seats]:
            if candidate.expert.user_id != aino.pk and _left_empty(world, session):
                continue
            made = assignments.propose(
                session, expert=candidate.expert, overrules={}, by=world.coordinator, now=asked_at
            )
            if candidate.expert.user_id == aino.pk or _answered(world, session):
                assignments.confirm(made, by=candidate.expert.user, now=asked_at)


def _left_empty(world: World, session: Session) -> bool:
    ahead = (session.starts_at - world.now).days
    return world.random.random() < (0.06 if ahead < 0 else 0.12 + ahead / 100)


def _answered(world: World, session: Session) -> bool:
    return session.starts_at < world.now or world.random.random() < 0.8


@step(order=70, says="Today: bookings asked for, somebody who cannot come …")
def today(world: World) -> None:
    kinds = {kind.code: kind for kind in ActivityKind.objects.all()}
    day = clock.today(world.now)
    monday = day + dt.timedelta(days=14 - day.weekday())
    yesterday = world.now - dt.timedelta(hours=20)
    wanted = (
        _details(world.units[2], kinds["lobby_shift"], monday, dt.time(13), minutes=120,
                 ends_on=monday + dt.timedelta(days=84)),
        _details(world.units[1], kinds["talk"], monday + dt.timedelta(days=2), dt.time(14), minutes=90),
    )  # fmt: skip
    for details in wanted:
        bookings.request(details, key=_key(world), by=world.contact_of(details.unit), now=yesterday)
    _cannot_come(world)


def _cannot_come(world: World) -> None:
    """The next confirmed shift at least two days ahead becomes free, and three people are asked."""
    soon = (
        Assignment.objects.filter(
            state=AssignmentState.CONFIRMED,
            session__starts_at__gt=world.now + dt.timedelta(days=2),
        )
        .exclude(expert__user=world.users["aino@example.org"])
        .order_by("session__starts_at")
        .first()
    )
    if soon is None:
        return
    assignments.release(soon, by=soon.expert.user, now=world.now - dt.timedelta(minutes=50))
    session = Session.objects.get(pk=soon.session_id)
    found = eligibility.candidates(session, now=world.now)
    fits = [one.expert for one in found if one.verdict == "fits" and one.expert != soon.expert]
    if fits:
        offers.send(
            session,
            experts=fits[:3],
            expires_at=min(world.now + dt.timedelta(hours=20), session.starts_at - dt.timedelta(hours=1)),
            by=world.coordinator,
            now=world.now - dt.timedelta(minutes=40),
        )  # fmt: skip


@step(order=75, says="A draft plan of the weeks nobody has been asked for yet …")
def draft(world: World) -> None:
    """Four weeks from the Monday after what is staffed; the board shows them as planned."""
    after = clock.today(world.now) + STAFFED_AHEAD
    monday = after + dt.timedelta(days=7 - after.weekday())
    made = plan_runs.start(
        starts_on=monday,
        ends_on=monday + dt.timedelta(days=27),
        weights={},
        seconds=5,
        by=world.coordinator,
        now=world.now,
    )
    for part in plan_work.prepare(made.pk, now=world.now):
        plan_work.plan_part(part, now=world.now)
