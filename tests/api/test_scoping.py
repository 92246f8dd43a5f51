"""What a caller must not learn: the API shows no more than the pages do."""

import datetime as dt

import pytest

from coordination import clock
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from scheduling.models.assignments import SEATED
from tests.api.conftest import Caller
from tests.cast import Cast, CastExpert

pytestmark = pytest.mark.django_db


def _session(cast: Cast) -> Session:
    starts_at = clock.now() + dt.timedelta(days=7)
    return Session.objects.create(
        kind=cast.kinds["lobby_shift"],
        unit=cast.sastamala.unit,
        site=cast.sastamala.lobby,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        state=SessionState.OPEN,
    )


def _seat(cast: Cast, who: CastExpert, state: AssignmentState) -> Assignment:
    now = clock.now()
    return Assignment.objects.create(
        session=_session(cast),
        expert=who.expert,
        seat=1,
        state=state,
        proposed_at=now,
        changed_at=now,
    )


@pytest.mark.parametrize("state", AssignmentState)
def test_a_unit_sees_who_comes_and_not_who_said_no(
    cast: Cast, calling: Caller, state: AssignmentState
) -> None:
    row = _seat(cast, cast.aino, state)
    here = 1 if state in SEATED else 0
    for user, seen in (
        (cast.sari, here),
        (cast.ilkka, 0),
        (cast.coordinator, 1),
        (cast.aino.user, 1),
        (cast.eero.user, 0),
    ):
        client = calling(user)
        assert client.get("/api/v1/assignments/").json()["count"] == seen, user
        status = client.get(f"/api/v1/assignments/{row.pk}/").status_code
        assert status == (200 if seen else 404), user
    names = calling(cast.sari).get("/api/v1/sessions/").content.decode()
    assert ("Aino" in names) == bool(here)
