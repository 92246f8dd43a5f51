"""What a unit's yearly budget has left: spent by lines, promised by sessions, and the booking on top."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
import time_machine as tm
from django.test import Client
from django.utils import translation

from billing import budgets
from billing.models import FeeBasis, FeeRule
from billing.services import fee_lines
from coordination.models import Agreement
from scheduling.models import Assignment, Session, SessionState
from scheduling.services import bookings
from tests.cast import SINCE, Cast
from tests.scheduling.conftest import ready  # noqa: F401  # a fixture
from tests.scheduling.makers import NOW, local, make_session
from tests.scheduling.services.details import details

pytestmark = pytest.mark.django_db


@pytest.fixture
def priced(ready: Cast) -> Cast:  # noqa: F811  # the fixture
    """25 € an hour; 1,000 € a year at Sastamala."""
    kind = ready.kinds["lobby_shift"]
    FeeRule.objects.create(kind=kind, basis=FeeBasis.HOUR, amount=Decimal(25), starts_on=SINCE)
    Agreement.objects.update(yearly_budget=None)
    Agreement.objects.filter(unit=ready.sastamala.unit).update(yearly_budget=1000)
    return ready


def left(cast: Cast, *days: str, minutes: int = 60, seats: int = 1) -> list[tuple[int, Decimal]]:
    found = budgets.left(
        kind=cast.kinds["lobby_shift"],
        unit=cast.sastamala.unit,
        days=[dt.date.fromisoformat(day) for day in days],
        minutes=minutes,
        seats=seats,
        now=NOW,
    )
    return [(one.year, one.left) for one in found]


def closed(cast: Cast, on: str, hours: int = 4) -> Assignment:
    starts_at = local(f"{on} 09:00")
    session = make_session(
        cast.sastamala,
        f"{on} 09:00",
        hours,
        state=SessionState.CLOSED,
        closed_at=NOW,
        closed_by=cast.coordinator,
        actual_starts_at=starts_at,
        actual_ends_at=starts_at + dt.timedelta(hours=hours),
    )
    return Assignment.objects.create(
        session=session,
        expert=cast.aino.expert,
        seat=1,
        state="held",
        proposed_at=NOW,
        changed_at=NOW,
    )


def test_the_booking_itself_is_taken_off(priced: Cast) -> None:
    assert left(priced, "2027-03-10") == [(2027, Decimal(975))]
    assert left(priced, "2027-03-10", "2027-03-17", minutes=90, seats=2) == [(2027, Decimal(850))]


def test_what_was_paid_counts_and_what_was_taken_back_does_not(priced: Cast) -> None:
    lines = fee_lines.make_missing(
        [closed(priced, "2027-02-03"), closed(priced, "2027-02-10")], now=NOW
    )
    assert left(priced, "2027-03-10") == [(2027, Decimal(775))]

    fee_lines.reverse(lines[0], by=priced.finance, now=NOW)
    assert left(priced, "2027-03-10") == [(2027, Decimal(875))]


def test_what_is_promised_counts_by_its_seats(priced: Cast) -> None:
    make_session(priced.sastamala, "2027-05-04 09:00", 2, seats=2)
    make_session(priced.sastamala, "2027-05-05 09:00", 2, state=SessionState.DRAFT)
    make_session(priced.sastamala, "2027-05-06 09:00", 2, state=SessionState.CANCELLED)
    make_session(priced.nokia, "2027-05-04 09:00", 2)
    assert left(priced, "2027-03-10") == [(2027, Decimal(975 - 100 - 50))]


def test_of_what_is_over_only_those_who_came_cost(priced: Cast) -> None:
    make_session(priced.sastamala, "2027-02-02 09:00", 2, seats=3)
    held = make_session(priced.sastamala, "2027-02-03 09:00", 2, seats=3, state=SessionState.HELD)
    for seat, (person, state) in enumerate(((priced.aino, "held"), (priced.eero, "declined")), 1):
        Assignment.objects.create(
            session=held,
            expert=person.expert,
            seat=seat,
            state=state,
            proposed_at=NOW,
            changed_at=NOW,
        )
    assert left(priced, "2027-03-10") == [(2027, Decimal(925))]


def test_each_year_has_its_own_budget_by_the_local_day(priced: Cast) -> None:
    make_session(priced.sastamala, "2027-12-31 23:00", 2)  # the year's last evening, in Helsinki
    make_session(priced.sastamala, "2028-01-01 00:30", 2)
    assert left(priced, "2027-12-30", "2028-01-10") == [
        (2027, Decimal(925)),
        (2028, Decimal(925)),
    ]


def test_an_agreement_that_ends_takes_its_budget_with_it(priced: Cast) -> None:
    Agreement.objects.filter(unit=priced.sastamala.unit).update(ends_on=dt.date(2027, 6, 30))
    make_session(priced.sastamala, "2027-07-01 09:00", 2)
    assert left(priced, "2027-06-30", "2027-07-02") == [(2027, Decimal(975))]


@pytest.mark.parametrize(
    "unknown", ["no budget", "no rule for the booking", "no rule for a session"]
)
def test_what_nobody_can_tell_is_not_told(priced: Cast, unknown: str) -> None:
    day = "2027-03-10"
    if unknown == "no budget":
        Agreement.objects.update(yearly_budget=None)
    elif unknown == "no rule for the booking":
        FeeRule.objects.update(ends_on=dt.date(2027, 3, 9))
    else:
        make_session(priced.sastamala, "2027-05-04 09:00", kind=priced.kinds["panel"])
    assert left(priced, day) == []


def test_the_preview_tells_it_in_words(
    priced: Cast, client: Client, time_machine: tm.TimeMachineFixture
) -> None:
    time_machine.move_to(NOW)
    asked = details(
        priced, kind=priced.kinds["lobby_shift"], starts_on=dt.date(2027, 4, 1), ends_on=None
    )
    preview = bookings.preview(asked, now=NOW)
    assert [budget.left for budget in preview.budgets] == [Decimal(1000) - (preview.estimate or 0)]

    client.force_login(priced.sari)
    form: dict[str, Any] = {
        "key": str(uuid.uuid4()),
        "ends_on": "",
        "kind": "lobby_shift",
        "unit": str(priced.sastamala.unit.pk),
        "starts_on": "8.4.2027",
        "starts_time": "9.00",
        "ends_time": "11.00",
        "where": f"site-{priced.sastamala.lobby.pk}",
        "seats": "1",
        "language": "fi",
        "repeats": "0",
    }
    with translation.override("fi"):
        page = client.post("/book/preview/", form).content.decode()
        assert "budjettia jää 950,00\xa0€" in page
        over = client.post("/book/preview/", {**form, "seats": "30"}).content.decode()
    assert "budjetti ylittyy: 500,00\xa0€" in over
    assert "budjettia jää" not in over


def test_it_takes_as_many_queries_however_much_there_is(
    priced: Cast, django_assert_num_queries: Any
) -> None:
    for month, rows in ((5, 1), (6, 12)):
        for number in range(rows):
            make_session(priced.sastamala, f"2027-0{month}-{number + 10} 09:00")
        with django_assert_num_queries(5):
            left(priced, "2027-11-10")
    assert Session.objects.count() == 13
