"""Money's own factories: closed sessions with somebody who held them."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from billing.models import FeeBasis, FeeRule
from coordination.models import ActivityKind, Agreement, FundingProject, Organisation, Unit, User
from experts.models import Expert, ExpertStatus
from scheduling.models import Assignment, AssignmentState, Session, SessionState

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = dt.datetime(2027, 4, 2, 9, 0, tzinfo=dt.UTC)


def local(text: str) -> dt.datetime:
    """`2027-03-04 09:30` in Helsinki, as an aware moment."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


@pytest.fixture
def finance(db: None) -> User:
    return User.objects.create_user("tiina.talous@example.org", name="Tiina Talous")


@pytest.fixture
def lobby(db: None) -> ActivityKind:
    kind, _ = ActivityKind.objects.get_or_create(
        code="lobby_shift",
        defaults={
            "name_fi": "aulatapaaminen",
            "name_sv": "möte i aulan",
            "name_en": "lobby shift",
            "place_kinds": ["site"],
        },
    )
    return kind


@pytest.fixture
def county(db: None) -> Organisation:
    return Organisation.objects.create(name="Pirkanmaan hyvinvointialue", kind="wellbeing_county")


@pytest.fixture
def sastamala(county: Organisation) -> Unit:
    return Unit.objects.create(
        organisation=county,
        name="Sastamalan psykiatrian poliklinikka",
        slug="sastamala",
        municipality="Sastamala",
        cost_centre="4100",
    )


@pytest.fixture
def project(db: None) -> FundingProject:
    return FundingProject.objects.create(
        code="S21275",
        name="Kehittämishanke",
        starts_on=dt.date(2025, 1, 1),
        ends_on=dt.date(2027, 3, 31),
    )


@pytest.fixture
def agreement(sastamala: Unit, project: FundingProject, lobby: ActivityKind) -> Agreement:
    made = Agreement.objects.create(unit=sastamala, starts_on=dt.date(2025, 1, 1), project=project)
    made.kinds.add(lobby)
    return made


@pytest.fixture
def hourly(lobby: ActivityKind) -> FeeRule:
    return FeeRule.objects.create(
        kind=lobby,
        basis=FeeBasis.HOUR,
        amount=Decimal("25.00"),
        income_type="216",
        starts_on=dt.date(2026, 1, 1),
    )


@pytest.fixture
def aino(db: None) -> Expert:
    return Expert.objects.create(
        name="Aino Testilä", status=ExpertStatus.ACTIVE, payroll_number="1001"
    )


MakeHeld = Callable[..., Assignment]


@pytest.fixture
def make_held(sastamala: Unit, lobby: ActivityKind, aino: Expert, finance: User) -> MakeHeld:
    """Make a closed session with one held assignment: `make_held("2027-03-04 09:30", "2027-03-04 13:30")`."""

    def make(
        starts: str,
        ends: str,
        *,
        expert: Expert | None = None,
        unit: Unit | None = None,
        kind: ActivityKind | None = None,
        state: AssignmentState = AssignmentState.HELD,
    ) -> Assignment:
        session = Session.objects.create(
            kind=kind or lobby,
            unit=unit or sastamala,
            starts_at=local(starts),
            ends_at=local(ends),
            state=SessionState.CLOSED,
            actual_starts_at=local(starts),
            actual_ends_at=local(ends),
            closed_at=NOW,
            closed_by=finance,
        )
        return Assignment.objects.create(
            session=session,
            expert=expert or aino,
            seat=1,
            state=state,
            proposed_at=NOW,
            changed_at=NOW,
        )

    return make
