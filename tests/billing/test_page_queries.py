"""Money pages with three rows and with three hundred: the same queries, and pages of a bearable length."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.models import FeeLine, FeeRule, PayBatch
from billing.services import batches, fee_lines
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from tests.billing.conftest import NOW
from tests.cast import Cast

pytestmark = pytest.mark.django_db

FIRST = dt.datetime(2020, 1, 2, 8, 0, tzinfo=dt.UTC)
FEW, MANY = 3, 300
_number = count()


@pytest.fixture
def rule(cast: Cast) -> FeeRule:
    return FeeRule.objects.create(
        kind=cast.kinds["lobby_shift"],
        basis="hour",
        amount=Decimal("25.00"),
        starts_on=dt.date(2020, 1, 1),
    )


def _sessions(cast: Cast, number: int, *, closed: bool) -> None:
    """So many sessions, a day and a unit each, half of them Aino's and half Eero's."""
    times = [FIRST + dt.timedelta(days=next(_number)) for _ in range(number)]
    units = [cast.sastamala.unit, cast.nokia.unit, cast.ikaalinen.unit]
    closing: dict[str, Any] = {"state": SessionState.OPEN}
    if closed:
        closing = {"state": SessionState.CLOSED, "closed_at": NOW, "closed_by": cast.coordinator}
    made = Session.objects.bulk_create(
        Session(
            kind=cast.kinds["lobby_shift"],
            unit=units[place % 3] if closed else cast.sastamala.unit,
            starts_at=at,
            ends_at=at + dt.timedelta(hours=4),
            actual_starts_at=at if closed else None,
            actual_ends_at=at + dt.timedelta(hours=4) if closed else None,
            **closing,
        )
        for place, at in enumerate(times)
    )
    people = [cast.aino.expert, cast.eero.expert]
    Assignment.objects.bulk_create(
        Assignment(
            session=session,
            expert=people[place % 2],
            seat=1,
            state=AssignmentState.HELD if closed else AssignmentState.CONFIRMED,
            proposed_at=NOW,
            changed_at=NOW,
        )
        for place, session in enumerate(made)
    )


def _lines(cast: Cast, number: int) -> None:
    _sessions(cast, number, closed=True)
    fee_lines.make_missing(fee_lines.unpaid_yet(), now=NOW)


def _open_sessions(cast: Cast, number: int) -> None:
    _sessions(cast, number, closed=False)


def _rules(cast: Cast, number: int) -> None:
    for _rule in range(number):
        at = dt.date(2000, 1, 1) + dt.timedelta(days=next(_number))
        FeeRule.objects.create(
            kind=cast.kinds["training"] if "training" in cast.kinds else cast.kinds["lobby_shift"],
            basis="hour",
            amount=Decimal("20.00"),
            starts_on=at,
            ends_on=at,
        )


def _batches(cast: Cast, number: int) -> None:
    for _batch in range(number):
        _lines(cast, 1)
        _approve(cast)
        batches.lock(period_on=dt.date(2027, 3, 1), by=cast.finance, now=NOW)
    _lines(cast, 3)
    _approve(cast)  # these wait


def _approve(cast: Cast) -> None:
    waiting = FeeLine.objects.filter(state="open").values_list("pk", flat=True)
    fee_lines.approve(list(waiting), by=cast.finance, now=NOW)


PAGES: dict[str, tuple[Callable[[Cast, int], None], str, int]] = {
    "/fees/": (_lines, "finance", MANY),
    "/fees/?state=open": (_lines, "finance", MANY),
    "/earnings/": (_lines, "aino", MANY),
    "/closeout/": (_open_sessions, "sari", MANY),
    "/fee-rules/": (_rules, "finance", MANY),
    "/batches/": (_batches, "finance", 30),
}


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("address", PAGES)
def test_many_rows_take_no_more_queries_than_three(
    cast: Cast, client: Client, rule: FeeRule, address: str, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    make, reader, many = PAGES[address]
    person = getattr(cast, reader)
    client.force_login(getattr(person, "user", person))
    client.get(address)  # what is found once a process
    make(cast, FEW)
    few = _queries(client, address)
    make(cast, many - FEW)
    assert _queries(client, address) == few


def test_a_batch_page_by_page(cast: Cast, client: Client, rule: FeeRule, time_machine: Any) -> None:
    """The sums are of all lines; the lines come in pages of a hundred, in as many queries as three lines."""
    time_machine.move_to(NOW, tick=False)
    client.force_login(cast.finance)
    numbers = []
    for lines in (FEW, MANY):
        _lines(cast, lines)
        _approve(cast)
        made = batches.lock(period_on=dt.date(2027, 3, 1), by=cast.finance, now=NOW)
        numbers.append(made.number)
    few = _queries(client, f"/batches/{numbers[0]}/")
    assert _queries(client, f"/batches/{numbers[1]}/") == few
    seen: set[int] = set()
    for page in (1, 2, 3):
        answer = client.get(f"/batches/{numbers[1]}/?page={page}")
        shown = {line.pk for line in answer.context["page"]}
        assert len(shown) == 100
        seen |= shown
        assert answer.context["total"] == Decimal(30000)
    assert seen == set(PayBatch.objects.get(number=numbers[1]).lines.values_list("pk", flat=True))
