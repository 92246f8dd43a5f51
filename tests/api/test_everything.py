"""What pages do beside the main job, by the API: a register, papers, series, supervision, calendars."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from billing.models import FeeLine
from coordination.models import FormerName, RegisterImport, Unit
from coordination.services import register_imports
from experts.models import AvailabilityPattern, Expert
from scheduling.models import FeedToken, Offer, Overrule, Series, Session
from tests.api.conftest import Caller
from tests.api.test_main_job import NOW, ok, wanted
from tests.cast import Cast
from tests.contracts.routes import billing
from tests.coordination.register_import.helpers import edited, few
from tests.scheduling.makers import claim_seat, make_ready, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine: Any) -> None:
    time_machine.move_to(NOW)


@pytest.fixture
def ready(cast: Cast) -> Cast:
    """Nothing speaks against Aino and Eero."""
    units = [cast.sastamala.unit, cast.nokia.unit]
    people = [cast.aino.expert, cast.eero.expert]
    make_ready(people, units=units, kinds=[cast.kinds["lobby_shift"]])
    return cast


def test_a_person_becomes_ready(cast: Cast, calling: Caller) -> None:
    desk = calling(cast.coordinator)
    made = ok(desk.post("/api/v1/experts/", {"name": "Uusi Tekijä"}, format="json"), 201)
    me = f"/api/v1/experts/{made['id']}"
    for status in ("in_training", "active"):
        moved = ok(desk.post(f"{me}/status/", {"status": status}, format="json"))
        assert moved["status"] == status
    assert desk.post(f"{me}/status/", {"status": "applicant"}, format="json").status_code == 409

    papers = {
        "extract_seen_on": None,
        "extract_seen_by": "",
        "tax_card_seen_on": "2027-02-01",
        "confidentiality_signed_on": "2027-02-02",
    }
    ok(desk.put(f"{me}/papers/", papers, format="json"))
    assert ok(desk.get(f"{me}/papers/")) == papers

    training = {"expert": made["id"], "name": "Peruskoulutus", "completed_on": "2026-05-01"}
    kept = ok(desk.post("/api/v1/trainings/", training, format="json"), 201)
    mended = {"name": "Peruskoulutus", "provider": "Mielen ry", "completed_on": "2026-05-02"}
    ok(desk.put(f"/api/v1/trainings/{kept['id']}/", mended, format="json"))
    (seen,) = ok(desk.get(f"/api/v1/trainings/?expert={made['id']}"))["results"]
    assert (seen["provider"], seen["completed_on"]) == ("Mielen ry", "2026-05-02")

    points = ("own_experience", "enough_training", "works_independently", "looks_after_self")
    some = dict.fromkeys(points, True) | {"works_independently": False}
    refused = desk.post(f"{me}/sign-off/", some, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "points_missing")
    ok(desk.post(f"{me}/sign-off/", dict.fromkeys(points, True), format="json"), 201)
    assert ok(desk.post(f"{me}/withdraw-sign-off/"))["withdrawn_at"]

    shown = {"unit": cast.sastamala.unit.pk, "expert": made["id"], "oriented_on": "2027-02-01"}
    ok(desk.post("/api/v1/orientations/", shown, format="json"), 201)
    both = shown | {"professional_name": "Sari Sastamala"}
    assert desk.post("/api/v1/orientations/", both, format="json").status_code == 400


def test_a_person_says_when_they_can(cast: Cast, calling: Caller) -> None:
    aino = calling(cast.aino.user)
    mine = f"/api/v1/experts/{cast.aino.expert.pk}/availability/"
    hours = [{"weekday": 3, "start": "09:00", "end": "15:00", "weeks": "even"}]
    asked = {"from_day": "2027-03-02", "hours": hours}
    kept = ok(aino.put(mine, asked, format="json"))
    said = {(one["weekday"], one["starts_time"], one["every_weeks"]) for one in kept}
    assert said == {(3, "09:00:00", 2)}  # in pieces, where a year has 53 weeks
    assert ok(aino.get(mine)) == kept
    past = asked | {"from_day": "2027-02-01"}
    assert aino.put(mine, past, format="json").json()["code"] == "past_day"
    theirs = f"/api/v1/experts/{cast.eero.expert.pk}/availability/"
    assert aino.get(theirs).status_code == aino.put(theirs, asked, format="json").status_code == 404
    assert AvailabilityPattern.objects.filter(expert=cast.eero.expert).count() == 0


def test_supervision_is_planned_held_and_seen_by_who_may(cast: Cast, calling: Caller) -> None:
    desk, tuula, aino = calling(cast.coordinator), calling(cast.tuula), calling(cast.aino.user)
    people = [cast.aino.expert.pk, cast.eero.expert.pk]
    asked = {
        "form": "group",
        "starts_at": "2027-03-03T09:00:00+02:00",
        "ends_at": "2027-03-03T11:00:00+02:00",
        "supervisor": cast.tuula.pk,
        "cost": "180.00",
        "experts": people,
    }
    made = ok(desk.post("/api/v1/supervisions/", asked, format="json"), 201)
    assert (made["cost"], len(made["attendances"])) == ("180.00", 2)
    one = f"/api/v1/supervisions/{made['id']}/"
    later = asked | {"ends_at": "2027-03-03T12:00:00+02:00"}
    assert ok(desk.put(one, later, format="json"))["ends_at"].startswith("2027-03-03T12:00")

    seen = ok(aino.get(one))
    assert [row["expert"] for row in seen["attendances"]] == [cast.aino.expert.pk]
    assert seen["cost"] is None
    seen = ok(tuula.get(one))
    assert (len(seen["attendances"]), seen["cost"]) == (2, None)

    there = {"attended": [cast.aino.expert.pk]}
    assert tuula.post(f"{one}held/", there, format="json").json()["code"] == "not_begun"


def test_marking_who_was_there(cast: Cast, calling: Caller, time_machine: Any) -> None:
    from tests.contracts.routes.api_people import _supervision

    (pk,) = _supervision(cast.aino, cast.tuula)
    time_machine.move_to(NOW + dt.timedelta(days=4))
    tuula, there = calling(cast.tuula), {"attended": [cast.aino.expert.pk]}
    held = ok(tuula.post(f"/api/v1/supervisions/{pk}/held/", there, format="json"))
    assert (held["state"], held["attendances"][0]["state"]) == ("held", "attended")
    nobody: dict[str, list[int]] = {"attended": []}
    mended = ok(tuula.put(f"/api/v1/supervisions/{pk}/attendance/", nobody, format="json"))
    assert mended["attendances"][0]["state"] == "not_present"


def test_a_session_is_looked_at_changed_and_not_overwritten(ready: Cast, calling: Caller) -> None:
    desk = calling(ready.coordinator)
    session = make_session(ready.sastamala)
    seat = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    one = f"/api/v1/sessions/{session.pk}/"
    seen = ok(desk.get(one))["sequence"]
    moved = {
        "starts_at": "2027-03-04T10:30:00+02:00",
        "ends_at": "2027-03-04T14:30:00+02:00",
        "seen": seen,
    }
    told = ok(desk.post(f"{one}preview-change/", moved, format="json"))["told"]
    assert [person["name"] for person in told] == ["Aino Testilä"]
    session.refresh_from_db()
    assert session.sequence == seen  # a look changes nothing
    changed = ok(desk.patch(one, moved, format="json"))
    assert changed["starts_at"] == moved["starts_at"]
    assert changed["seats"] == session.seats  # what is left out stays
    assert changed["assignments"][0]["id"] == seat.pk
    again = desk.patch(one, moved, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "changed_meanwhile")


def test_offers_say_why_all_the_same(ready: Cast, calling: Caller) -> None:
    desk = calling(ready.coordinator)
    Expert.objects.filter(pk=ready.eero.expert.pk).update(
        max_km=1
    )  # too far: a coordinator decides
    session = make_session(ready.sastamala)
    asked: dict[str, Any] = {
        "experts": [ready.eero.expert.pk],
        "expires_at": "2027-03-02T12:00:00+02:00",
    }
    refused = desk.post(f"/api/v1/sessions/{session.pk}/offer/", asked, format="json")
    assert refused.json()["code"] == "needs_why"
    found = ok(desk.get(f"/api/v1/sessions/{session.pk}/candidates/"))
    eero = next(one for one in found if one["expert"]["id"] == ready.eero.expert.pk)
    whys = {one["code"]: "sovittu puhelimessa" for one in eero["reasons"] if one["level"] == "ask"}
    asked["overrules"] = {str(ready.eero.expert.pk): whys}
    (sent,) = ok(desk.post(f"/api/v1/sessions/{session.pk}/offer/", asked, format="json"), 201)
    offer = Offer.objects.get(pk=sent["id"])
    assert offer.overrules == whys
    ok(calling(ready.eero.user).post(f"/api/v1/offers/{offer.pk}/accept/"))
    assert set(Overrule.objects.values_list("code", flat=True)) == set(whys)
    asked["overrules"] = {"x": whys}
    bad = desk.post(f"/api/v1/sessions/{session.pk}/offer/", asked, format="json")
    assert bad.json()["errors"].keys() == {"overrules"}


def test_a_series_is_seen_changed_and_ended(ready: Cast, calling: Caller) -> None:
    clinic, desk = calling(ready.sari), calling(ready.coordinator)
    weekly = {**wanted(ready), "ends_on": "2027-04-29"}
    booking = ok(clinic.post("/api/v1/bookings/", weekly, format="json"), 201)
    ok(desk.post(f"/api/v1/bookings/{booking['id']}/accept/", {}, format="json"))
    (row,) = ok(clinic.get("/api/v1/series/"))["results"]
    assert ok(calling(ready.ilkka).get("/api/v1/series/"))["count"] == 0
    one = f"/api/v1/series/{row['id']}/"

    later = {"starts_time": "10:30"}
    look = ok(desk.post(f"{one}preview/", later, format="json"))
    assert len(look["changed"]) == Session.objects.count() > 0
    assert Series.objects.get().starts_time == dt.time(9, 30)
    stale = desk.patch(one, later | {"seen": "0" * 16}, format="json")
    assert stale.json()["code"] == "changed_meanwhile"
    changed = ok(desk.patch(one, later | {"seen": look["digest"]}, format="json"))
    assert changed["starts_time"] == "10:30:00"

    (skipped, *_rest) = ok(clinic.get("/api/v1/skipped-days/"))["results"] or [None]
    assert skipped is None  # Thursdays to 29 April have no holiday
    ended = ok(desk.post(f"{one}end/", {"last_on": "2027-03-31"}, format="json"))
    assert ended["cancelled"] == Session.objects.filter(state="cancelled").count() > 0


def test_a_skipped_day_is_added_back(ready: Cast, calling: Caller) -> None:
    clinic, desk = calling(ready.sari), calling(ready.coordinator)
    over_ascension = {**wanted(ready), "ends_on": "2027-05-20"}  # 6.5.2027 is a holiday
    booking = ok(clinic.post("/api/v1/bookings/", over_ascension, format="json"), 201)
    ok(desk.post(f"/api/v1/bookings/{booking['id']}/accept/", {}, format="json"))
    (day,) = ok(clinic.get("/api/v1/skipped-days/"))["results"]
    assert (day["occurrence_on"], day["code"]) == ("2027-05-06", "holiday")
    assert clinic.post(f"/api/v1/skipped-days/{day['id']}/add-back/").status_code == 403
    made = ok(desk.post(f"/api/v1/skipped-days/{day['id']}/add-back/"), 201)
    assert made["starts_at"].startswith("2027-05-06T09:30")
    assert ok(clinic.get("/api/v1/skipped-days/"))["count"] == 0


def test_a_unit_gets_its_papers(cast: Cast, calling: Caller) -> None:
    desk = calling(cast.coordinator)
    asked = {"name": "Uusi yksikkö", "organisation": cast.county.pk, "municipality": "nokia"}
    unit = ok(desk.post("/api/v1/units/", asked, format="json"), 201)
    assert unit["municipality"] == "Nokia"
    here = {"unit": unit["id"], "starts_on": "2027-01-01"}
    site = ok(desk.post("/api/v1/sites/", {"unit": unit["id"], "name": "Aula"}, format="json"), 201)
    assert site["latitude"]
    precise = {"latitude": 61.5, "longitude": 23.5}
    ok(desk.patch(f"/api/v1/sites/{site['id']}/", precise, format="json"))
    kept = ok(desk.patch(f"/api/v1/sites/{site['id']}/", {"room": "2. krs"}, format="json"))
    assert (kept["latitude"], kept["room"]) == (61.5, "2. krs")
    person = {**here, "kind": "contact", "name": "Kerttu", "phone": "040 123 4567"}
    ok(desk.post("/api/v1/contacts/", person, format="json"), 201)
    ok(desk.post("/api/v1/spaces/", {**here, "agreed_with": "esihenkilö"}, format="json"), 201)
    foreign = {**here, "agreed_with": "x", "site": cast.nokia.lobby.pk}
    assert desk.post("/api/v1/spaces/", foreign, format="json").json()["errors"].keys() == {"site"}
    ok(desk.post("/api/v1/insurances/", {**here, "insurer": "Turva"}, format="json"), 201)
    order = {**here, "kinds": [cast.kinds["lobby_shift"].pk], "yearly_budget": "12000.00"}
    made = ok(desk.post("/api/v1/agreements/", order, format="json"), 201)
    assert made["kinds"] == order["kinds"]
    twice = desk.post("/api/v1/agreements/", order, format="json")
    assert (twice.status_code, twice.json()["code"]) == (409, "agreement_one_a_day")
    stays = {"unit": cast.nokia.unit.pk, "reference": "D-1"}
    ok(desk.patch(f"/api/v1/agreements/{made['id']}/", stays, format="json"))
    assert Unit.objects.get(pk=unit["id"]).agreements.get().reference == "D-1"
    unknown = asked | {"name": "Toinen", "municipality": "Nokja"}
    bad = desk.post("/api/v1/units/", unknown, format="json")
    assert bad.json()["errors"].keys() == {"municipality"}


def test_a_register_is_uploaded_looked_at_and_written(cast: Cast, calling: Caller) -> None:
    desk = calling(cast.coordinator)
    file = SimpleUploadedFile("register.xlsx", edited(few).getvalue())
    made = ok(desk.post("/api/v1/register-imports/", {"file": file}, format="multipart"), 201)
    one = f"/api/v1/register-imports/{made['key']}/"
    early = desk.post(f"{one}confirm/", {}, format="json")
    assert early.json()["code"] == "wrong_state"
    register_imports.work(RegisterImport.objects.get().pk, now=NOW)  # what the worker does
    look = ok(desk.get(one))
    assert look["state"] == "ready"
    assert look["errors"] == sum(problem["severity"] == "error" for problem in look["problems"])
    assert look["errors"] > 0
    assert all(problem["sheet"] and problem["message"] for problem in look["problems"])
    assert look["outcomes"]["Kokemusasiantuntijat"] == {"new": 1, "error": 1}
    refused = desk.post(f"{one}confirm/", {}, format="json")
    assert refused.json()["code"] == "has_errors"
    ok(desk.post(f"{one}confirm/", {"skip_errors": True}, format="json"))
    assert calling(cast.administrator).get(one).status_code == 404


def test_a_calendar_address_is_made_renewed_and_ended(
    cast: Cast, calling: Caller, client: Client
) -> None:
    sari = calling(cast.sari)
    whose = {"unit": cast.sastamala.unit.pk}
    made = ok(sari.post("/api/v1/feeds/", whose, format="json"), 201)

    def reads(address: str) -> int:
        return client.get("/feeds/" + address.split("/feeds/")[1]).status_code

    assert reads(made["address"]) == 200
    assert sari.post("/api/v1/feeds/", whose, format="json").json()["code"] == "feed_changed"
    renewed = whose | {"instead_of": made["id"]}
    new = ok(sari.post("/api/v1/feeds/", renewed, format="json"), 201)
    assert (reads(made["address"]), reads(new["address"])) == (404, 200)
    (listed,) = ok(sari.get("/api/v1/feeds/"))["results"]
    assert listed["id"] == new["id"]
    assert "address" not in listed
    theirs = {"unit": cast.nokia.unit.pk}
    assert sari.post("/api/v1/feeds/", theirs, format="json").status_code == 400
    assert sari.delete(f"/api/v1/feeds/{new['id']}/").status_code == 204
    assert reads(new["address"]) == 404
    assert FeedToken.objects.filter(revoked_at=None).count() == 0


def test_an_approval_is_taken_back(cast: Cast, calling: Caller) -> None:
    finance = calling(cast.finance)
    (pk,) = billing.a_line(cast)
    ok(finance.post("/api/v1/fee-lines/approve/", {"lines": [pk]}, format="json"))
    assert FeeLine.objects.get().state == "approved"
    back = ok(finance.post(f"/api/v1/fee-lines/{pk}/take-back-approval/"))
    assert (back["state"], back["approved_at"]) == ("open", None)


def test_an_organisation_is_made_renamed_and_succeeded(cast: Cast, calling: Caller) -> None:
    desk = calling(cast.administrator)
    asked = {"name": "Uusi hyvinvointialue", "kind": "wellbeing_county", "business_id": "12345671"}
    made = ok(desk.post("/api/v1/organisations/", asked, format="json"), 201)
    assert made["business_id"] == "1234567-1"
    one = f"/api/v1/organisations/{made['id']}/"
    wrong = desk.patch(one, {"business_id": "1234567-2"}, format="json")
    assert wrong.json()["errors"].keys() == {"business_id"}
    taken = desk.post("/api/v1/organisations/", asked, format="json")
    assert taken.status_code == 400
    kept = ok(desk.patch(one, {"name": "Toinen", "name_sv": "Nytt område"}, format="json"))
    assert (kept["name"], kept["name_sv"]) == ("Uusi hyvinvointialue", "Nytt område")

    new_name = {"name": "Toinen nimi", "on": "2027-03-01"}
    assert ok(desk.post(f"{one}rename/", new_name, format="json"))["name"] == "Toinen nimi"
    again = desk.post(f"{one}rename/", new_name, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "same_name")
    assert FormerName.objects.get().name == "Uusi hyvinvointialue"

    taken_over = {"successor": made["id"], "on": "2027-03-01"}
    old = f"/api/v1/organisations/{cast.county.pk}/"
    after = ok(desk.post(f"{old}succeed/", taken_over, format="json"))
    assert (after["successor"], after["ended_on"]) == (made["id"], "2027-02-28")
    assert Unit.objects.get(pk=cast.sastamala.unit.pk).organisation_id == made["id"]


def test_a_form_of_work_is_made_and_put_out_of_use(cast: Cast, calling: Caller) -> None:
    desk, aino = calling(cast.coordinator), calling(cast.aino.user)
    names = {"name_fi": "Kahvihetki", "name_sv": "Kaffestund", "name_en": "Coffee hour"}
    asked = {**names, "place_kinds": ["site"]}
    made = ok(desk.post("/api/v1/activity-kinds/", asked, format="json"), 201)
    assert made["code"] == "coffee_hour"
    one = f"/api/v1/activity-kinds/{made['id']}/"
    ok(aino.get(one))
    crossed = desk.patch(one, {"monthly_min": 3, "monthly_max": 2}, format="json")
    assert (crossed.status_code, crossed.json()["code"]) == (409, "kind_monthly_range")
    ok(desk.patch(one, {"is_active": False}, format="json"))
    assert (aino.get(one).status_code, desk.get(one).status_code) == (404, 200)


def test_who_was_there_is_recorded_and_mended(
    ready: Cast, calling: Caller, time_machine: Any
) -> None:
    desk, clinic = calling(ready.coordinator), calling(ready.sari)
    billing.a_rule(ready)
    session = make_session(ready.sastamala, seats=2)
    seat = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    asked = {"expert": ready.eero.expert.pk}
    waiting = ok(desk.post(f"/api/v1/sessions/{session.pk}/propose/", asked, format="json"), 201)
    time_machine.move_to(session.ends_at)
    assert FeeLine.objects.count() == 0
    close = f"/api/v1/sessions/{session.pk}/close/"
    really: dict[str, Any] = {
        "actual_starts_at": session.starts_at.isoformat(),
        "actual_ends_at": session.ends_at.isoformat(),
        "came_after_all": [waiting["id"]],
        "counts": {str(seat.pk): {"client_before": 4}},
    }
    early = desk.put(
        f"/api/v1/assignments/{seat.pk}/presence/", {"was_there": False}, format="json"
    )
    assert early.json()["code"] == "not_closed"
    assert clinic.post(close, really, format="json").status_code == 403
    unknown = desk.post(
        close, {**really, "counts": {"999999": {"client_before": 1}}}, format="json"
    )
    assert (unknown.status_code, unknown.json()["code"]) == (409, "unknown_assignment")
    ok(desk.post(close, really, format="json"))
    assert (seat.tally.client_before, FeeLine.objects.count()) == (4, 2)

    mend = f"/api/v1/assignments/{waiting['id']}/presence/"
    assert clinic.put(mend, {"was_there": False}, format="json").status_code == 403
    once = {"Idempotency-Key": "mend-1"}
    for _twice in range(2):
        mended = ok(desk.put(mend, {"was_there": False}, format="json", headers=once))
        assert mended["state"] == "no_show"
    assert (
        sum(FeeLine.objects.filter(assignment=waiting["id"]).values_list("amount", flat=True)) == 0
    )
    assert ok(desk.put(mend, {"was_there": True}, format="json"))["state"] == "held"


def test_small_rules_are_set_and_taken_out(cast: Cast, calling: Caller) -> None:
    desk, finance = calling(cast.coordinator), calling(cast.finance)
    coming = {"starts_on": "2027-05-01", "max_weeks": 6, "max_sessions": 8}
    made = ok(desk.post("/api/v1/supervision-rules/", coming, format="json"), 201)
    past = desk.post(
        "/api/v1/supervision-rules/", coming | {"starts_on": "2027-01-01"}, format="json"
    )
    assert past.json()["code"] == "past_day"
    assert desk.delete(f"/api/v1/supervision-rules/{made['id']}/").status_code == 204
    fee = {"kind": cast.kinds["panel"].pk, "basis": "hour", "amount": "30.00"}
    rule = ok(
        finance.post("/api/v1/fee-rules/", fee | {"starts_on": "2027-01-01"}, format="json"), 201
    )
    assert finance.delete(f"/api/v1/fee-rules/{rule['id']}/").status_code == 204
    (used,) = billing.a_line(cast)
    kept = FeeLine.objects.get(pk=used).rule_id
    refused = finance.delete(f"/api/v1/fee-rules/{kept}/")
    assert (refused.status_code, refused.json()["code"]) == (409, "used")


def test_a_series_has_its_people_and_opens_its_drafts(ready: Cast, calling: Caller) -> None:
    clinic, desk = calling(ready.sari), calling(ready.coordinator)
    weekly = {**wanted(ready), "ends_on": "2027-03-31"}
    booking = ok(clinic.post("/api/v1/bookings/", weekly, format="json"), 201)
    ok(desk.post(f"/api/v1/bookings/{booking['id']}/accept/", {}, format="json"))
    (series,) = Series.objects.all()
    people = [ready.aino.expert.pk, ready.eero.expert.pk]
    listed = [
        ok(
            desk.post(
                "/api/v1/preferred-people/", {"series": series.pk, "expert": pk}, format="json"
            ),
            201,
        )
        for pk in people
    ]
    assert ok(desk.post(f"/api/v1/preferred-people/{listed[1]['id']}/up/"))["order"] == 1
    assert desk.delete(f"/api/v1/preferred-people/{listed[0]['id']}/").status_code == 204
    assert list(series.preferred.values_list("expert", flat=True)) == [people[1]]
    coming = Session.objects.filter(series=series)
    coming.update(state="draft")
    assert ok(desk.post(f"/api/v1/series/{series.pk}/publish/")) == {"published": coming.count()}
    coming.filter(pk=coming.earliest("starts_at").pk).update(state="draft")
    assert ok(desk.post(f"/api/v1/bookings/{booking['id']}/publish/")) == {"published": 1}


def test_people_change_their_own_details(cast: Cast, calling: Caller) -> None:
    aino = calling(cast.aino.user)
    seen = ok(aino.get("/api/v1/own-profile/"))
    assert "payroll_number" not in seen
    told = {"phone": "+358401112223", "themes": "omat sanani", "payroll_number": "1"}
    before = Expert.objects.get(pk=cast.aino.expert.pk).payroll_number
    after = ok(aino.patch("/api/v1/own-profile/change/", told, format="json"))
    assert (after["phone"], after["themes"]) == ("+358401112223", "omat sanani")
    assert Expert.objects.get(pk=cast.aino.expert.pk).payroll_number == before
    assert (
        aino.patch("/api/v1/own-profile/change/", {"email": ""}, format="json").status_code == 400
    )
    assert calling(cast.coordinator).get("/api/v1/own-profile/").status_code == 403
