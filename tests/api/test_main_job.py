"""The main job through the API alone: booked, staffed, held, approved, exported."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from rest_framework.test import APIClient

from api.models import ApiToken
from billing.models import FeeLine, FeeRule
from experts.services import readiness
from tests.api.conftest import Caller
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


@pytest.fixture
def ready(cast: Cast, time_machine: Any) -> Cast:
    """Aino is trained, signed off and knows the place; a lobby hour is worth 25 euros."""
    time_machine.move_to(NOW)
    aino = cast.aino.expert
    aino.kinds.add(cast.kinds["lobby_shift"])
    aino.confidentiality_signed_on = aino.tax_card_seen_on = dt.date(2026, 1, 1)
    aino.save()
    points = readiness.FourPoints(True, True, True, True)
    details = readiness.TrainingDetails(name="Peruskoulutus", completed_on=dt.date(2025, 1, 1))
    readiness.add_training(aino, details, by=cast.coordinator, now=NOW)
    readiness.sign_off(aino, points, by=cast.coordinator, now=NOW)
    readiness.orient(
        aino, unit=cast.sastamala.unit, on=dt.date(2026, 1, 1), by=cast.coordinator, now=NOW
    )
    FeeRule.objects.create(
        kind=cast.kinds["lobby_shift"], basis="hour", amount=25, starts_on=dt.date(2026, 1, 1)
    )
    return cast


def wanted(cast: Cast) -> dict[str, Any]:
    return {
        "kind": cast.kinds["lobby_shift"].pk,
        "unit": cast.sastamala.unit.pk,
        "site": cast.sastamala.lobby.pk,
        "starts_on": "2027-03-04",
        "starts_time": "09:30",
        "minutes": 240,
    }


def test_from_booking_to_export(ready: Cast, calling: Caller, time_machine: Any) -> None:
    clinic, coordinator = calling(ready.sari), calling(ready.coordinator)
    expert, finance = calling(ready.aino.user), calling(ready.finance)

    seen = ok(clinic.post("/api/v1/bookings/preview/", wanted(ready), format="json"))
    assert seen["estimate"] == "100.00"
    assert seen["missing"] == []
    booking = ok(clinic.post("/api/v1/bookings/", wanted(ready), format="json"), 201)
    ok(coordinator.post(f"/api/v1/bookings/{booking['id']}/accept/", {}, format="json"))
    session = ok(coordinator.get("/api/v1/sessions/"))["results"][0]
    assert session["starts_at"] == "2027-03-04T09:30:00+02:00"

    found = ok(coordinator.get(f"/api/v1/sessions/{session['id']}/candidates/"))
    ours = next(one for one in found if one["expert"]["name"] == "Aino Testilä")
    overrules = {
        one["code"]: "sovittu puhelimessa" for one in ours["reasons"] if one["level"] == "ask"
    }
    asked = ok(
        coordinator.post(
            f"/api/v1/sessions/{session['id']}/propose/",
            {"expert": ours["expert"]["id"], "overrules": overrules},
            format="json",
        ),
        201,
    )
    mine = ok(expert.get("/api/v1/assignments/"))["results"]
    assert [one["id"] for one in mine] == [asked["id"]]
    assert ok(expert.post(f"/api/v1/assignments/{asked['id']}/confirm/"))["state"] == "confirmed"

    time_machine.move_to(dt.datetime(2027, 3, 5, 8, tzinfo=dt.UTC))
    ok(expert.put(f"/api/v1/assignments/{asked['id']}/tally/", {"client_before": 4}, format="json"))
    times = {"actual_starts_at": session["starts_at"], "actual_ends_at": session["ends_at"]}
    closed = ok(clinic.post(f"/api/v1/sessions/{session['id']}/close/", times, format="json"))
    assert closed["state"] == "closed"

    (line,) = ok(finance.get("/api/v1/fee-lines/?state=open"))["results"]
    assert (line["amount"], line["minutes"]) == ("100.00", 240)
    chosen = {"lines": [line["id"]]}
    approved = ok(finance.post("/api/v1/fee-lines/approve/", chosen, format="json"))
    assert approved == {"approved": 1, "moved": 0}
    batch = ok(finance.post("/api/v1/batches/", {"period_on": "2027-03-31"}, format="json"), 201)
    assert batch["total"] == "100.00"
    ok(finance.post(f"/api/v1/batches/{batch['number']}/export/"))
    file = finance.get(f"/api/v1/batches/{batch['number']}/files/csv/")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["Nimi"], row["Yhteensä €"]) for row in rows] == [("Aino Testilä", "100,00")]


def test_the_same_key_books_once(ready: Cast, calling: Caller) -> None:
    clinic = calling(ready.sari)
    first = clinic.post("/api/v1/bookings/", wanted(ready), format="json", HTTP_IDEMPOTENCY_KEY="a")
    again = clinic.post("/api/v1/bookings/", wanted(ready), format="json", HTTP_IDEMPOTENCY_KEY="a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = clinic.post(
        "/api/v1/bookings/",
        {**wanted(ready), "minutes": 60},
        format="json",
        HTTP_IDEMPOTENCY_KEY="a",
    )
    assert other.status_code == 422
    assert other.json()["code"] == "key_used"
    assert ok(clinic.get("/api/v1/bookings/"))["count"] == 1


def test_a_key_of_one_person_says_nothing_to_another(ready: Cast, calling: Caller) -> None:
    sari, ilkka = calling(ready.sari), calling(ready.ilkka)
    ok(sari.post("/api/v1/bookings/", wanted(ready), format="json", HTTP_IDEMPOTENCY_KEY="a"), 201)
    other = ilkka.post("/api/v1/bookings/", wanted(ready), format="json", HTTP_IDEMPOTENCY_KEY="a")
    assert other.status_code == 400  # not Ilkka's unit
    assert other.json()["errors"].keys() == {"unit"}


def test_refusals_are_problem_details(ready: Cast, calling: Caller) -> None:
    past = {**wanted(ready), "starts_on": "2020-01-01"}
    answer = calling(ready.sari).post("/api/v1/bookings/", past, format="json")
    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (409, "in_the_past")
    assert body["detail"]
    finnish = calling(ready.sari).get("/api/v1/bookings/999/", HTTP_ACCEPT_LANGUAGE="fi").json()
    assert finnish["code"] == "not_found"


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer nothing", "Bearer vuoro_x", "Basic x", "Bearer ä"]
)
def test_without_a_good_token_there_is_nothing(cast: Cast, header: str | None) -> None:
    client = APIClient()
    if header:
        client.credentials(HTTP_AUTHORIZATION=header)
    answer = client.get("/api/v1/me/")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_revoked_token_and_an_inactive_person_are_strangers(cast: Cast, calling: Caller) -> None:
    client = calling(cast.aino.user)
    assert client.get("/api/v1/me/").status_code == 200
    cast.aino.user.is_active = False
    cast.aino.user.save()
    assert client.get("/api/v1/me/").status_code == 401
    cast.aino.user.is_active = True
    cast.aino.user.save()
    ApiToken.objects.update(revoked_at=NOW)
    assert client.get("/api/v1/me/").status_code == 401


def test_experts_see_their_own_only(ready: Cast, calling: Caller) -> None:
    aino = calling(ready.aino.user)
    for address in ("experts", "batches", "fee-rules", "bookings"):
        assert aino.get(f"/api/v1/{address}/").status_code == 403, address
    for address in ("sessions", "assignments", "offers", "fee-lines", "absences", "units"):
        assert ok(aino.get(f"/api/v1/{address}/"))["count"] == 0, address
    days = {"starts_on": "2027-03-10", "ends_on": "2027-03-12"}
    ok(aino.post("/api/v1/absences/", days, format="json"), 201)
    eero = calling(ready.eero.user)
    assert ok(eero.get("/api/v1/absences/"))["count"] == 0
    theirs = {**days, "expert": ready.eero.expert.pk}
    assert aino.post("/api/v1/absences/", theirs, format="json").status_code == 404
    assert FeeLine.objects.count() == 0
