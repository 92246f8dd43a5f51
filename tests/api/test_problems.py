"""Whatever goes wrong below /api/ is told as problem details (RFC 9457), also where no view is reached."""

from typing import Any

import pytest
from django.test import Client

from coordination.models import Unit
from tests.api.conftest import Caller
from tests.cast import Cast

pytestmark = pytest.mark.django_db
TYPE = "application/problem+json"


@pytest.mark.parametrize("address", ["v1/nothing/", "v1/units/x/y/", "v2/units/", ""])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_address_is_a_problem(
    cast: Cast, calling: Caller, address: str, method: str
) -> None:
    for client in (Client(), calling(cast.coordinator)):
        answer: Any = getattr(client, method)(
            f"/api/{address}", HTTP_ACCEPT_LANGUAGE="fi", follow=True
        )
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, TYPE)
        assert (answer.json()["status"], answer.json()["code"]) == (404, "not_found")
        assert answer.json()["detail"].startswith("Tällaista ei ole")


def test_a_fault_of_ours_is_a_problem_and_tells_nothing(
    cast: Cast, calling: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(Unit.objects, "visible_to", broken)
    client = calling(cast.coordinator)
    client.raise_request_exception = False
    answer: Any = client.get("/api/v1/units/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, TYPE)
    assert answer.json()["code"] == "server_error"
    assert "secret" not in answer.content.decode()


def test_people_still_get_pages(client: Client, cast: Cast) -> None:
    client.force_login(cast.coordinator)
    answer = client.get("/nothing/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "<h1" in answer.content.decode()
