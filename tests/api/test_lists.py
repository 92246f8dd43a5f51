"""Every list takes the same number of queries, however long it is."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.urls import router
from billing.models import FeeLine, FeeRule
from billing.services import batches, fee_lines
from coordination import clock
from coordination import models as places
from coordination.models import User
from coordination.permissions import Role
from experts import models as people
from experts.models import Absence, Expert
from scheduling.models import (
    Assignment,
    AssignmentState,
    Booking,
    FeedToken,
    Offer,
    PlanPart,
    PlanRun,
    PlanSeat,
    PlanState,
    PreferredPerson,
    Series,
    Session,
    SessionState,
    SkippedOccurrence,
)
from scheduling.services import plan_defaults
from tests.api.conftest import Caller
from tests.cast import SINCE, Cast

pytestmark = pytest.mark.django_db
MONTH = dt.date(2025, 1, 1)
POINTS = ("own_experience", "enough_training", "works_independently", "looks_after_self")


def fill(cast: Cast, numbers: range) -> None:
    """One more of everything a list shows, for each number."""
    kind, unit, now = cast.kinds["lobby_shift"], cast.sastamala.unit, clock.now()
    experts = Expert.objects.bulk_create(Expert(name=f"Testi {n}") for n in numbers)
    for person in experts:
        person.kinds.add(kind)
    _papers_of(experts)
    _repeating(cast, numbers)
    _places(cast, numbers)
    Absence.objects.bulk_create(
        Absence(expert=cast.aino.expert, starts_on=day, ends_on=day)
        for day in (MONTH + dt.timedelta(days=2 * n) for n in numbers)
    )
    Booking.objects.bulk_create(
        Booking(
            kind=kind,
            unit=unit,
            key=f"00000000-0000-4000-8000-{n:012}",
            starts_on=MONTH,
            starts_time=dt.time(9),
            minutes=60,
            requested_at=now,
        )
        for n in numbers
    )
    sessions = Session.objects.bulk_create(_closed(cast, n) for n in numbers)
    Assignment.objects.bulk_create(
        Assignment(
            session=one,
            expert=cast.aino.expert,
            seat=1,
            state=AssignmentState.HELD,
            proposed_at=now,
            changed_at=now,
        )
        for one in sessions
    )
    Offer.objects.bulk_create(
        Offer(
            session=one,
            expert=cast.aino.expert,
            sent_at=now,
            expires_at=now + dt.timedelta(hours=1),
        )
        for one in sessions
    )
    _plans(cast, sessions, numbers)
    rate = {"basis": "hour", "amount": 25, "starts_on": dt.date(2024, 1, 1)}
    FeeRule.objects.get_or_create(kind=kind, defaults=rate)
    fee_lines.make_missing(fee_lines.unpaid_yet(), now=now)
    for line in FeeLine.objects.filter(state="open").order_by("pk")[:2]:
        fee_lines.approve([line.pk], by=cast.finance, now=now)
        batches.lock(period_on=line.session_on, by=cast.finance, now=now)


def _plans(cast: Cast, sessions: list[Session], numbers: range) -> None:
    """A plan that workers are at and a draft for each, of days of their own."""
    days = [MONTH + dt.timedelta(days=n) for n in numbers]
    states = (PlanState.RUNNING, PlanState.DONE)
    plans = PlanRun.objects.bulk_create(
        PlanRun(
            state=state,
            starts_on=day,
            ends_on=day,
            weights=plan_defaults.usual(),
            seconds=10,
            made_at=clock.now(),
            made_by=cast.coordinator,
        )
        for day in days
        for state in states
    )
    PlanPart.objects.bulk_create(
        PlanPart(run=one, number=0, problem=b"", seconds=10) for one in plans
    )
    PlanSeat.objects.bulk_create(
        PlanSeat(run=one, session=session, expert=cast.aino.expert)
        for one, session in zip(plans[1::2], sessions, strict=True)
    )


def _papers_of(experts: list[Expert]) -> None:
    """What makes each of them ready, and a supervision they were at."""
    yes = dict.fromkeys(POINTS, True)
    people.Training.objects.bulk_create(
        people.Training(expert=one, name="Koulutus") for one in experts
    )
    people.SignOff.objects.bulk_create(
        people.SignOff(expert=one, signed_at=clock.now(), **yes) for one in experts
    )
    starts_at = dt.datetime(2025, 1, 1, 9, tzinfo=dt.UTC)
    sessions = people.SupervisionSession.objects.bulk_create(
        people.SupervisionSession(
            form="group",
            starts_at=starts_at + dt.timedelta(days=number),
            ends_at=starts_at + dt.timedelta(days=number, hours=1),
            outside_supervisor="Olli Ohjaaja",
        )
        for number, _one in enumerate(experts)
    )
    people.SupervisionRule.objects.bulk_create(
        people.SupervisionRule(starts_on=MONTH + dt.timedelta(days=one.pk)) for one in experts
    )
    people.SupervisionAttendance.objects.bulk_create(
        people.SupervisionAttendance(session=session, expert=one)
        for session, one in zip(sessions, experts, strict=True)
    )


def _repeating(cast: Cast, numbers: range) -> None:
    kind, unit = cast.kinds["lobby_shift"], cast.sastamala.unit
    rows = Series.objects.bulk_create(
        Series(kind=kind, unit=unit, starts_on=MONTH, starts_time=dt.time(9), minutes=60)
        for _number in numbers
    )
    PreferredPerson.objects.bulk_create(
        PreferredPerson(series=one, expert=cast.aino.expert) for one in rows
    )
    SkippedOccurrence.objects.bulk_create(
        SkippedOccurrence(series=one, occurrence_on=MONTH, code="holiday") for one in rows
    )


def _places(cast: Cast, numbers: range) -> None:
    """Units with all that belongs to one, which Sari sees too; uploads and addresses of the coordinator."""
    units = places.Unit.objects.bulk_create(
        places.Unit(
            organisation=cast.county, name=f"Yksikkö {n}", slug=f"y-{n}", municipality="Nokia"
        )
        for n in numbers
    )
    places.RoleGrant.objects.bulk_create(
        places.RoleGrant(user=cast.sari, role=Role.CLINIC_CONTACT, unit=one, starts_on=SINCE)
        for one in units
    )
    places.Site.objects.bulk_create(places.Site(unit=one, name="Aula") for one in units)
    places.UnitContact.objects.bulk_create(
        places.UnitContact(unit=one, kind="contact", name="Kerttu", starts_on=SINCE)
        for one in units
    )
    places.SpaceAgreement.objects.bulk_create(
        places.SpaceAgreement(unit=one, agreed_with="osastonhoitaja", starts_on=SINCE)
        for one in units
    )
    places.InsurancePolicy.objects.bulk_create(
        places.InsurancePolicy(unit=one, starts_on=SINCE) for one in units
    )
    agreements = places.Agreement.objects.bulk_create(
        places.Agreement(unit=one, starts_on=SINCE) for one in units
    )
    covers = places.Agreement.kinds.through
    covers.objects.bulk_create(
        covers(agreement_id=one.pk, activitykind_id=cast.kinds["lobby_shift"].pk)
        for one in agreements
    )
    FeedToken.objects.bulk_create(
        FeedToken(unit=one, made_by=cast.sari, token_hash=f"{one.pk:064}", created_at=clock.now())
        for one in units
    )
    people.Orientation.objects.bulk_create(
        people.Orientation(unit=one, expert=cast.aino.expert, oriented_on=MONTH) for one in units
    )
    places.FundingProject.objects.bulk_create(
        places.FundingProject(code=f"P{n}", name=f"Hanke {n}", starts_on=SINCE) for n in numbers
    )
    places.Organisation.objects.bulk_create(
        places.Organisation(name=f"Järjestö {n}", kind="ngo") for n in numbers
    )
    places.RegisterImport.objects.bulk_create(
        places.RegisterImport(
            key=f"00000000-0000-4000-9000-{n:012}",
            file_name="r.xlsx",
            content=b"x",
            uploaded_by=cast.coordinator,
            uploaded_at=clock.now(),
        )
        for n in numbers
    )


def _closed(cast: Cast, number: int) -> Session:
    starts_at = dt.datetime(2025, 1, 1, 9, tzinfo=dt.UTC) + dt.timedelta(days=number)
    ends_at = starts_at + dt.timedelta(hours=2)
    return Session(
        kind=cast.kinds["lobby_shift"],
        unit=cast.sastamala.unit,
        starts_at=starts_at,
        ends_at=ends_at,
        state=SessionState.CLOSED,
        actual_starts_at=starts_at,
        actual_ends_at=ends_at,
        closed_at=clock.now(),
        closed_by=cast.coordinator,
    )


Reader = Callable[[Cast], User]
LISTS: list[tuple[str, Reader, bool]] = [
    ("activity-kinds", lambda cast: cast.coordinator, False),
    ("units", lambda cast: cast.coordinator, True),
    ("units", lambda cast: cast.sari, True),
    ("sites", lambda cast: cast.sari, True),
    ("contacts", lambda cast: cast.sari, True),
    ("spaces", lambda cast: cast.coordinator, True),
    ("insurances", lambda cast: cast.finance, True),
    ("agreements", lambda cast: cast.sari, True),
    ("projects", lambda cast: cast.finance, True),
    ("organisations", lambda cast: cast.administrator, True),
    ("register-imports", lambda cast: cast.coordinator, True),
    ("experts", lambda cast: cast.coordinator, True),
    ("absences", lambda cast: cast.aino.user, True),
    ("trainings", lambda cast: cast.coordinator, True),
    ("sign-offs", lambda cast: cast.coordinator, True),
    ("orientations", lambda cast: cast.coordinator, True),
    ("supervisions", lambda cast: cast.coordinator, True),
    ("supervision-rules", lambda cast: cast.administrator, True),
    ("bookings", lambda cast: cast.sari, True),
    ("series", lambda cast: cast.sari, True),
    ("preferred-people", lambda cast: cast.coordinator, True),
    ("skipped-days", lambda cast: cast.coordinator, True),
    ("sessions", lambda cast: cast.coordinator, True),
    ("sessions", lambda cast: cast.aino.user, True),
    ("assignments", lambda cast: cast.sari, True),
    ("plans", lambda cast: cast.coordinator, True),
    ("offers", lambda cast: cast.coordinator, True),
    ("feeds", lambda cast: cast.sari, True),
    ("fee-lines", lambda cast: cast.finance, True),
    ("fee-lines", lambda cast: cast.aino.user, True),
    ("fee-rules", lambda cast: cast.finance, False),
    ("batches", lambda cast: cast.finance, False),
]
FEW, MANY = 3, 300


def test_every_list_of_the_api_is_here() -> None:
    """A list that is not counted here fails; who one is (`me`, `own-profile`) is no list."""
    registered = {prefix for prefix, view, _name in router.registry if hasattr(view, "list")}
    assert {name for name, _reader, _grows in LISTS} == registered - {"me", "own-profile"}


def test_queries_do_not_grow_with_the_list(cast: Cast, calling: Caller) -> None:
    def count(name: str, user: User) -> tuple[int, int]:
        client: Any = calling(User.objects.get(pk=user.pk))
        client.get("/api/v1/me/")  # notes the use of the key
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/api/v1/{name}/?limit=200&offset=0")
        assert answer.status_code == 200, name
        return len(queries), len(answer.json()["results"])

    fill(cast, range(FEW))
    few = [count(name, reader(cast)) for name, reader, _grows in LISTS]
    fill(cast, range(FEW, MANY))
    many = [count(name, reader(cast)) for name, reader, _grows in LISTS]
    for (name, _reader, grows), (before, short), (after, long) in zip(
        LISTS, few, many, strict=True
    ):
        assert before == after, f"{name}: {before} queries for {short} rows, {after} for {long}"
        assert not grows or long > short, name
