"""Days that nobody can mean, in addresses and forms: a page, never a failure."""

from typing import Any

import pytest
from django.test import Client

from scheduling.models import Session
from tests.billing.conftest import NOW
from tests.cast import Cast

pytestmark = pytest.mark.django_db

WILD_MONTHS = ("9999-12", "0001-01", "1999-12", "2200-01", "0000-00", "²", "2027-13", "")
WILD_WEEKS = ("9999-W52", "0001-W01", "1999-W01", "2200-W10", "0000-W00", "x", "2027-W54")


@pytest.fixture
def today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.mark.parametrize("month", WILD_MONTHS)
def test_a_wild_month_is_the_last_one(cast: Cast, client: Client, today: None, month: str) -> None:
    client.force_login(cast.finance)
    answer = client.get("/batches/", {"period": month})
    assert (answer.status_code, f"{answer.context['period_on']}") == (200, "2027-03-01")
    if month:
        assert client.get(f"/batches/lock/{month}/").status_code == 200
        assert client.post(f"/batches/lock/{month}/").status_code == 302
    assert client.get("/fees/", {"month": month}).status_code == 200


@pytest.mark.parametrize("month", ["2000-01", "2199-12"])
def test_the_first_and_the_last_month(cast: Cast, client: Client, today: None, month: str) -> None:
    client.force_login(cast.finance)
    assert client.get("/batches/", {"period": month}).status_code == 200


def test_a_month_to_come_cannot_be_locked(cast: Cast, client: Client, today: None) -> None:
    client.force_login(cast.finance)
    answer = client.get("/batches/lock/2031-07/", follow=True)
    assert "ei ole vielä alkanut" in answer.content.decode()
    assert "kesken" in client.get("/batches/lock/2027-04/").content.decode()
    assert "kesken" not in client.get("/batches/lock/2027-03/").content.decode()


@pytest.mark.parametrize("week", WILD_WEEKS)
def test_a_wild_week_is_this_one(cast: Cast, client: Client, today: None, week: str) -> None:
    client.force_login(cast.coordinator)
    answer = client.get("/board/", {"week": week})
    assert answer.status_code == 200
    assert answer.context["form"].initial["week"] == "2027-W13"


@pytest.mark.parametrize("week", ["2000-W02", "2199-W52"])
def test_the_first_and_the_last_week(cast: Cast, client: Client, today: None, week: str) -> None:
    client.force_login(cast.coordinator)
    answer = client.get("/board/", {"week": week})
    assert answer.context["form"].initial["week"] == week


@pytest.mark.parametrize("line", ["²", "x", "-1", "9" * 30, "٣"])
def test_a_wild_line_is_nobodys(cast: Cast, client: Client, line: str) -> None:
    client.force_login(cast.finance)
    assert client.post("/fees/approve/", {"line": line}).status_code == 302


@pytest.mark.parametrize("day", ["1.1.0001", "31.12.9999", "9999-12-31", "31.12.1999", "1.1.2200"])
def test_a_wild_day_in_a_form_is_told(cast: Cast, client: Client, day: str) -> None:
    lobby = cast.sastamala
    filled = {
        "kind": cast.kinds["lobby_shift"].pk,
        "unit": lobby.unit.pk,
        "site": lobby.lobby.pk,
        "place_kind": "site",
        "starts_on": day,
        "starts_time": "9.30",
        "ends_time": "13.30",
        "ends_on": day,
        "seats": "1",
        "repeat": "weekly",
        "language": "fi",
    }
    client.force_login(cast.coordinator)
    for address in ("/sessions/new/", "/book/"):
        answer = client.post(address, filled)
        assert answer.status_code == 422
        assert "2000 ja 2199" in answer.content.decode()
    assert client.post("/book/preview/", filled).status_code == 200
    assert not Session.objects.exists()
