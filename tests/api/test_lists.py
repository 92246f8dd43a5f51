"""Every list takes the same number of queries, however long it is."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import FeeLine, FeeRule
from billing.services import batches, fee_lines
from coordination import clock
from coordination.models import User
from experts.models import Absence, Expert
from scheduling.models import Assignment, AssignmentState, Booking, Offer, Session, SessionState
from tests.api.conftest import Caller
from tests.cast import Cast

pytestmark = pytest.mark.django_db
MONTH = dt.date(2025, 1, 1)


def fill(cast: Cast, numbers: range) -> None:
    """One more of everything a list shows, for each number."""
    kind, unit, now = cast.kinds["lobby_shift"], cast.sastamala.unit, clock.now()
    people = Expert.objects.bulk_create(Expert(name=f"Testi {n}") for n in numbers)
    for person in people:
        person.kinds.add(kind)
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
    rate = {"basis": "hour", "amount": 25, "starts_on": dt.date(2024, 1, 1)}
    FeeRule.objects.get_or_create(kind=kind, defaults=rate)
    fee_lines.make_missing(fee_lines.unpaid_yet(), now=now)
    for line in FeeLine.objects.filter(state="open").order_by("pk")[:2]:
        fee_lines.approve([line.pk], by=cast.finance, now=now)
        batches.lock(period_on=line.session_on, by=cast.finance, now=now)


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
    ("units", lambda cast: cast.coordinator, False),
    ("experts", lambda cast: cast.coordinator, True),
    ("absences", lambda cast: cast.aino.user, True),
    ("supervisions", lambda cast: cast.coordinator, False),
    ("bookings", lambda cast: cast.sari, True),
    ("sessions", lambda cast: cast.coordinator, True),
    ("sessions", lambda cast: cast.aino.user, True),
    ("assignments", lambda cast: cast.sari, True),
    ("offers", lambda cast: cast.coordinator, True),
    ("fee-lines", lambda cast: cast.finance, True),
    ("fee-lines", lambda cast: cast.aino.user, True),
    ("fee-rules", lambda cast: cast.finance, False),
    ("batches", lambda cast: cast.finance, False),
]


def test_queries_do_not_grow_with_the_list(cast: Cast, calling: Caller) -> None:
    def count(name: str, user: User) -> tuple[int, int]:
        client: Any = calling(User.objects.get(pk=user.pk))
        client.get("/api/v1/me/")  # notes the use of the key
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/api/v1/{name}/?limit=200")
        assert answer.status_code == 200, name
        return len(queries), len(answer.json()["results"])

    fill(cast, range(3))
    few = [count(name, reader(cast)) for name, reader, _grows in LISTS]
    fill(cast, range(3, 60))
    many = [count(name, reader(cast)) for name, reader, _grows in LISTS]
    for (name, _reader, grows), (before, short), (after, long) in zip(
        LISTS, few, many, strict=True
    ):
        assert before == after, f"{name}: {before} queries for {short} rows, {after} for {long}"
        assert not grows or long > short, name
