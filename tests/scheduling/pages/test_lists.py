"""Lists take the same number of queries with three rows as with many."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scheduling.models import Assignment, SessionState
from scheduling.services import assignments, bookings, offers
from tests.cast import Cast
from tests.scheduling.makers import DAY, NOW, claim_seat, make_session
from tests.scheduling.pages.world import details

pytestmark = pytest.mark.django_db


def fill(cast: Cast, *, first: int, count: int) -> None:
    """Bookings, coming and past shifts, proposals and offers of Aino at Sastamala."""
    aino = cast.aino.expert
    for number in range(first, first + count):
        day = dt.date(2027, 3, 8) + dt.timedelta(days=number)
        held = make_session(
            cast.sastamala, f"{day - dt.timedelta(days=60)} 09:30", state=SessionState.HELD
        )
        Assignment.objects.create(
            session=held, expert=aino, seat=1, state="held", proposed_at=NOW, changed_at=NOW
        )
        claim_seat(
            make_session(cast.sastamala, f"{day} 09:30", hours=2), expert=aino, by=None, now=NOW
        )
        assignments.propose(
            make_session(cast.sastamala, f"{day} 13:00", hours=1),
            expert=aino,
            overrules={},
            by=None,
            now=NOW,
        )
        offers.send(
            make_session(cast.sastamala, f"{day} 15:00", hours=1),
            experts=[aino],
            expires_at=NOW + DAY,
            by=None,
            now=NOW,
        )
        bookings.request(details(cast), key=uuid.uuid4(), by=cast.sari, now=NOW)


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("coordinator", "/bookings/"),
        ("coordinator", "/board/?week=2027-W10"),
        ("sari", "/bookings/"),
        ("sari", "/unit/"),
        ("sari", "/unit/sessions/"),
        ("sari", "/unit/sessions/past/"),
        ("aino", "/me/"),
        ("aino", "/shifts/"),
        ("aino", "/shifts/past/"),
    ],
)
def test_queries_do_not_grow_with_rows(
    ready: Cast, sign_in: Callable[[Any], Client], who: str, address: str
) -> None:
    client = sign_in(ready.everybody[who])

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    fill(ready, first=0, count=2)
    queries()
    few = queries()
    fill(ready, first=2, count=6)

    assert queries() == few


def test_the_time_zone_of_a_unit_decides_its_days(
    ready: Cast, sign_in: Callable[[Any], Client]
) -> None:
    """In Helsinki it is Friday already, at the unit still Thursday."""
    unit = ready.sastamala.unit
    unit.zone_name = "America/New_York"
    unit.save()
    make_session(ready.sastamala, "2027-03-05 01:00", hours=2, zone_name="America/New_York")

    page = sign_in(ready.sari).get("/unit/sessions/").content.decode()

    assert "to 4.3." in page
    assert "18.00–20.00" in page.replace("\xa0", " ")
