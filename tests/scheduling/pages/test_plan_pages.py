"""Planning a period, as a coordinator does it on the pages."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coordination.models import OutboxMessage, User
from experts.models import Absence, Expert
from scheduling.models import (
    Assignment,
    PlanRun,
    PlanState,
    SeatOutcome,
    Session,
    SessionState,
)
from scheduling.planner.problem import Weights
from scheduling.queries import plans as query
from scheduling.services import plan_problem, plan_publish, plan_runs, plan_work
from tests.cast import Cast
from tests.scheduling.makers import NOW, claim_seat, make_session
from tests.scheduling.plans.makers import make_people, make_sessions, run, start

SignIn = Callable[[User], Client]


@pytest.fixture
def kaisa(cast: Cast, sign_in: SignIn) -> Client:
    cast.coordinator.language = "fi"
    cast.coordinator.save()
    Expert.objects.update(status="ended", ended_on="2027-01-01")
    return sign_in(cast.coordinator)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def filled(client: Client, address: str = "/plans/", **fields: Any) -> dict[str, Any]:
    """The form as the page shows it, with some fields typed anew."""
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value()}
    return {**data, **fields}


MARCH = {"starts_on": "1.3.2027", "ends_on": "31.3.2027"}


def test_from_the_form_to_published(cast: Cast, kaisa: Client) -> None:
    people, sessions = make_people(cast, 2), make_sessions(cast, 3)
    response = kaisa.post("/plans/", filled(kaisa, **MARCH))
    made = PlanRun.objects.get()
    assert response.headers["Location"] == f"/plans/{made.pk}/"
    page = text_of(kaisa.get(f"/plans/{made.pk}/"))
    assert 'http-equiv="refresh"' in page
    assert f"/plans/{made.pk}/progress/" in page
    for part in plan_work.prepare(made.pk, now=NOW):
        assert "0/3" in text_of(kaisa.get(f"/plans/{made.pk}/progress/"))
        plan_work.plan_part(part, now=NOW)
    assert kaisa.get(f"/plans/{made.pk}/progress/").headers["HX-Refresh"] == "true"
    page = text_of(kaisa.get(f"/plans/{made.pk}/"))
    for person in people:
        assert person.name in page
    assert Assignment.objects.count() == OutboxMessage.objects.count() == 0
    assert kaisa.get(f"/plans/{made.pk}/publish/").status_code == 200
    for _press in range(2):
        assert kaisa.post(f"/plans/{made.pk}/publish/").headers["Location"] == f"/plans/{made.pk}/"
    plan_publish.work(made.pk, now=NOW)
    assert Assignment.objects.filter(state="proposed").count() == len(sessions)
    assert OutboxMessage.objects.count() == 2
    assert kaisa.get(f"/plans/{made.pk}/").status_code == 200
    kaisa.post(f"/plans/{made.pk}/publish/")
    assert OutboxMessage.objects.count() == 2


def test_an_empty_seat_and_a_person_have_their_reasons_in_words(cast: Cast, kaisa: Client) -> None:
    one, two = make_people(cast, 2)
    session = make_sessions(cast, 1, seats=2)[0]
    Absence.objects.create(expert=two, starts_on="2027-03-01", ends_on="2027-03-31")
    made = run(cast)
    assert (made.filled, made.seats) == (1, 2)
    seat = made.planned.get()
    assert seat.expert == one
    page = text_of(kaisa.get(f"/plans/{made.pk}/?show=empty"))
    assert "1: on ilmoittanut olevansa poissa sinä päivänä" in page
    assert "on jo tässä vuorossa" not in page
    page = text_of(kaisa.get(f"/plans/{made.pk}/{session.pk}/"))
    assert f"Miksi {one.name}?" in page
    assert "on ilmoittanut olevansa poissa sinä päivänä" in page


def test_who_can_no_longer_be_asked_is_said_beside_the_planned_seat(
    cast: Cast, kaisa: Client
) -> None:
    [one], [session] = make_people(cast, 1), make_sessions(cast, 1)
    made = run(cast)
    Expert.objects.filter(pk=one.pk).update(status="on_break")
    page = text_of(kaisa.get(f"/plans/{made.pk}/{session.pk}/"))
    assert f"Miksi {one.name}?" in page
    assert "Mikään ei puhu" not in page
    assert "on tauolla" in page


def test_a_seat_is_changed_by_hand_pinned_and_stays_in_the_next_plan(
    cast: Cast, kaisa: Client
) -> None:
    people, [session] = make_people(cast, 3), make_sessions(cast, 1)
    made = run(cast)
    seat = made.planned.get()
    other = next(p for p in people if p != seat.expert)
    give = f"/plans/{made.pk}/{session.pk}/give/"
    kaisa.post(give, {"expert": other.pk})
    assert made.planned.get() == seat, "the seat is taken"
    kaisa.post(f"/plan-seats/{seat.pk}/take/")
    assert not made.planned.exists()
    assert "jätti" in text_of(kaisa.get(f"/plans/{made.pk}/{session.pk}/"))
    for _press in range(2):
        kaisa.post(give, {"expert": other.pk})
    pinned = made.planned.get()
    assert (pinned.expert, pinned.is_pinned) == (other, True)
    kaisa.post(f"/plan-seats/{pinned.pk}/pin/")
    pinned.refresh_from_db()
    assert not pinned.is_pinned
    kaisa.post(f"/plan-seats/{pinned.pk}/pin/", {"stays": "1"})
    kaisa.post("/plans/", filled(kaisa, f"/plans/?again={made.pk}", seconds="10"))
    again = PlanRun.objects.first()
    assert again is not None
    assert again.pins == [[session.pk, other.pk]]
    for part in plan_work.prepare(again.pk, now=NOW):
        plan_work.plan_part(part, now=NOW)
    found = again.planned.get()
    assert (found.expert, found.is_pinned) == (other, True)
    made.refresh_from_db()
    assert made.state == PlanState.DISCARDED


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_on": "31.3.2027", "ends_on": "1.3.2027"}, "Viimeinen päivä ei voi olla"),
        ({"starts_on": "1.1.2027", "ends_on": "31.1.2027"}, "Nämä päivät ovat menneet"),
        ({"starts_on": "1.4.2027", "ends_on": "30.4.2027"}, "ei ole mitään suunniteltavaa"),
        ({"starts_on": "1.3.2027", "ends_on": "31.3.2029"}, "enintään vuosi"),
        ({**MARCH, "share": "11"}, "10"),
        ({**MARCH, "fill": "0"}, "1"),
        ({**MARCH, "share": "paljon"}, "kokonaisluku"),
    ],
)
def test_what_cannot_be_planned_is_said(
    cast: Cast, kaisa: Client, fields: dict[str, str], sentence: str
) -> None:
    make_people(cast, 1)
    make_sessions(cast, 1)
    response = kaisa.post("/plans/", filled(kaisa, **fields))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not PlanRun.objects.exists()


def test_nobody_at_all_is_said(cast: Cast, kaisa: Client) -> None:
    make_sessions(cast, 1)
    response = kaisa.post("/plans/", filled(kaisa, **MARCH))
    assert response.status_code == 422
    assert "ei ole ketään" in text_of(response)


def test_more_than_one_plan_takes_is_said_with_what_to_do(
    cast: Cast, kaisa: Client, settings: Any
) -> None:
    make_people(cast, 1)
    make_sessions(cast, 3)
    settings.PLAN_MOST_SESSIONS = 2
    response = kaisa.post("/plans/", filled(kaisa, **MARCH))
    assert response.status_code == 422
    assert "on 3 täytettävää vuoroa, ja yhteen suunnitelmaan mahtuu enintään 2" in text_of(response)
    assert not PlanRun.objects.exists()
    short = {"starts_on": "8.3.2027", "ends_on": "9.3.2027"}
    assert kaisa.post("/plans/", filled(kaisa, **short)).status_code == 302


def test_more_pairs_than_a_worker_plans_are_said_when_they_are_known(
    cast: Cast, kaisa: Client, settings: Any
) -> None:
    make_people(cast, 2)
    make_sessions(cast, 3)
    settings.PLAN_MOST_PAIRS = 5
    made = run(cast)
    assert (made.state, made.parts.count()) == (PlanState.FAILED, 0)
    page = text_of(kaisa.get(f"/plans/{made.pk}/"))
    assert "Suunnittele lyhyempi jakso" in page
    assert f"/plans/?again={made.pk}" in page
    settings.PLAN_MOST_PAIRS = 6
    assert run(cast).state == PlanState.DONE


def test_the_seats_of_one_session_are_freed_and_all_others_stay(cast: Cast, kaisa: Client) -> None:
    one, two = make_people(cast, 2)
    first, second = make_sessions(cast, 2, seats=2)
    held = [claim_seat(first, expert=e, by=None, now=NOW) for e in (one, two)]
    kept = claim_seat(second, expert=one, by=None, now=NOW)
    page = text_of(kaisa.get(f"/sessions/{first.pk}/"))
    address = f"/plans/?session={first.pk}"
    assert f'href="{address}"' in page
    form = kaisa.get(address).context["form"]
    assert form["free_seats"].value() == [row.pk for row in held]
    assert "ma 8.3. klo 9.30" in text_of(kaisa.get(address))
    data = filled(kaisa, address, ends_on="9.3.2027", free_seats=[held[0].pk, kept.pk])
    assert kaisa.post("/plans/", {**data, "free_seats": [held[0].pk]}).status_code == 302
    made = PlanRun.objects.get()
    assert made.freed == [held[0].pk]
    question = plan_problem.make(
        plan_problem.plannable(made.starts_on, dt.date(2027, 3, 10), now=NOW, freed=made.freed),
        days=2,
        weights=Weights(),
        now=NOW,
        freed=made.freed,
    )
    assert question.problem.current == {(first.pk, one.pk)}
    assert {s.id: s.seats for s in question.problem.sessions} == {first.pk: 1, second.pk: 1}


def test_a_seat_is_freed_from_the_draft_and_only_if_it_is_ones_own_to_free(
    cast: Cast, kaisa: Client
) -> None:
    [one] = make_people(cast, 1)
    session, other = make_sessions(cast, 2, seats=2)
    held = claim_seat(session, expert=one, by=None, now=NOW)
    late = claim_seat(
        make_session(cast.sastamala, "2027-04-20 09:30"), expert=one, by=None, now=NOW
    )
    made = run(cast)
    made.planned.create(session=session, expert=make_people_more(cast))
    address = f"/plans/?again={made.pk}&seat={held.pk}"
    assert address.replace("&", "&amp;") in text_of(kaisa.get(f"/plans/{made.pk}/{session.pk}/"))
    data = filled(kaisa, address, seconds="10")
    assert data["free_seats"] == [held.pk]
    assert kaisa.post("/plans/", {**data, "free_seats": ["999999"]}).status_code == 422
    assert kaisa.post("/plans/", {**data, "free_seats": [held.pk, late.pk]}).status_code == 302
    again = PlanRun.objects.first()
    assert again is not None
    assert again.freed == [held.pk], "a seat outside the days stays"
    assert other.assignments.count() == 0


def make_people_more(cast: Cast) -> Expert:
    Expert.objects.update(email="")
    return make_people(cast, 1)[0]


def test_two_at_once_make_one_plan(cast: Cast, kaisa: Client) -> None:
    make_people(cast, 1)
    make_sessions(cast, 1)
    data = filled(kaisa, **MARCH)
    assert kaisa.post("/plans/", data).status_code == 302
    response = kaisa.post("/plans/", data)
    assert response.status_code == 422
    assert "suunnitellaan jo" in text_of(response)
    assert PlanRun.objects.count() == 1


def test_stopping_keeps_the_best_so_far_and_discarding_forgets_it(
    cast: Cast, kaisa: Client
) -> None:
    make_people(cast, 1)
    make_sessions(cast, 2)
    made = start(cast)
    parts = plan_work.prepare(made.pk, now=NOW)
    kaisa.post(f"/plans/{made.pk}/stop/")
    for part in parts:
        plan_work.plan_part(part, now=NOW)
    made.refresh_from_db()
    assert (made.state, made.filled) == (PlanState.STOPPED, 2)
    kaisa.post(f"/plans/{made.pk}/discard/")
    made.refresh_from_db()
    assert made.state == PlanState.DISCARDED
    assert kaisa.get(f"/plans/{made.pk}/").status_code == 200


def test_a_failed_run_says_that_it_can_be_started_again(cast: Cast, kaisa: Client) -> None:
    make_people(cast, 1)
    make_sessions(cast, 1)
    made = start(cast)
    plan_work.prepare(made.pk, now=NOW)
    plan_work.fail(made.pk, code="lost_with_worker", now=NOW)
    page = text_of(kaisa.get(f"/plans/{made.pk}/"))
    assert f"/plans/?again={made.pk}" in page
    response = kaisa.post("/plans/", filled(kaisa, f"/plans/?again={made.pk}", seconds="10"))
    assert response.status_code == 302
    assert PlanRun.objects.filter(state=PlanState.QUEUED).count() == 1


def test_pages_ask_as_much_for_many_sessions_as_for_few(cast: Cast, kaisa: Client) -> None:
    make_people(cast, 3)
    make_sessions(cast, 2)
    made = run(cast)
    kaisa.get(f"/plans/{made.pk}/")
    with CaptureQueriesContext(connection) as few:
        kaisa.get(f"/plans/{made.pk}/")
    plan_runs.discard(made, by=cast.coordinator)
    make_sessions(cast, 16)
    made = run(cast)
    with CaptureQueriesContext(connection) as many:
        kaisa.get(f"/plans/{made.pk}/")
    assert len(many) == len(few)


def test_seats_of_unpublished_sessions_are_planned_and_not_asked_for(
    cast: Cast, kaisa: Client
) -> None:
    make_people(cast, 1)
    [draft] = make_sessions(cast, 1, state=SessionState.DRAFT)
    made = run(cast)
    assert made.filled == 1
    page = text_of(kaisa.get(f"/plans/{made.pk}/publish/"))
    assert "Niistä 1 on vuorossa, joka on vielä luonnos" in page
    kaisa.post(f"/plans/{made.pk}/publish/")
    plan_publish.work(made.pk, now=NOW)
    seat = made.planned.get()
    assert (seat.outcome, Assignment.objects.count()) == (SeatOutcome.REFUSED, 0)
    page = text_of(kaisa.get(f"/plans/{made.pk}/?show=refused"))
    assert seat.why in page
    assert f"/plans/{made.pk}/{draft.pk}/" in page
    # once it has been published, the next plan asks
    Session.objects.update(state=SessionState.OPEN)
    made = run(cast)
    page = text_of(kaisa.get(f"/plans/{made.pk}/publish/"))
    assert "vielä luonnos" not in page


def test_who_has_no_address_is_listed_for_a_call(cast: Cast, kaisa: Client) -> None:
    one, _two = make_people(cast, 2)
    make_sessions(cast, 2)
    Expert.objects.filter(pk=one.pk).update(email="")
    made = run(cast)
    assert "Soita itse" not in text_of(kaisa.get(f"/plans/{made.pk}/"))
    kaisa.post(f"/plans/{made.pk}/publish/")
    plan_publish.work(made.pk, now=NOW)
    assert query.to_call(made) == [one.name]
    assert f"sähköpostiosoitetta ei ole: {one.name}." in text_of(kaisa.get(f"/plans/{made.pk}/"))


def test_who_is_taken_off_and_has_no_address_is_listed_for_a_call(
    cast: Cast, kaisa: Client
) -> None:
    one, two = make_people(cast, 2)
    [session] = make_sessions(cast, 1)
    claim_seat(session, expert=one, by=cast.coordinator, now=NOW)
    Expert.objects.filter(pk=one.pk).update(email="")
    made = run(cast, free_people=[one.pk])
    made.planned.update(expert=two, was=None)
    kaisa.post(f"/plans/{made.pk}/publish/")
    plan_publish.work(made.pk, now=NOW)
    assert query.to_call(made) == [one.name]
