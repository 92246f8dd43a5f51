"""How much filling a session counts in a plan, through the API."""

import datetime as dt
from typing import Any

import pytest

from scheduling.models import Session
from tests.api.conftest import Caller
from tests.cast import Cast
from tests.scheduling.makers import NOW

pytestmark = pytest.mark.django_db


def test_priority_is_read_given_and_changed(cast: Cast, calling: Caller, time_machine: Any) -> None:
    time_machine.move_to(NOW)
    client = calling(cast.coordinator)
    wanted = {
        "kind": cast.kinds["lobby_shift"].pk,
        "unit": cast.sastamala.unit.pk,
        "site": cast.sastamala.lobby.pk,
        "starts_at": NOW + dt.timedelta(days=3),
        "ends_at": NOW + dt.timedelta(days=3, hours=4),
    }
    plain = client.post("/api/v1/sessions/", wanted, format="json").json()
    first = client.post("/api/v1/sessions/", {**wanted, "priority": 2}, format="json").json()
    assert (plain["priority"], first["priority"]) == (1, 2)
    address = f"/api/v1/sessions/{plain['id']}/"
    assert client.patch(address, {"priority": 2}, format="json").json()["priority"] == 2
    assert client.patch(address, {"notes": "Hei"}, format="json").json()["priority"] == 2
    assert client.patch(address, {"priority": 3}, format="json").status_code == 400
    assert set(Session.objects.values_list("priority", flat=True)) == {2}
