"""A period planned by the API, from asking for it to what came of publishing it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from coordination.models import PersonalDataView
from experts.models import Absence, Expert
from experts.models.expert import ExpertStatus
from scheduling.models import Assignment, PlanDefaults, PlanRun, PlanSeat, PlanState, Session
from scheduling.services import plan_defaults, plan_publish, plan_work
from tests.api.conftest import Caller
from tests.api.test_main_job import ok
from tests.cast import Cast
from tests.scheduling.makers import NOW, claim_seat, make_session
from tests.scheduling.plans.makers import make_people, make_sessions, run, start

pytestmark = pytest.mark.django_db
PLANS = "/api/v1/plans/"
WEIGHTS = f"{PLANS}weights/"
MARCH = {"starts_on": "2027-03-01", "ends_on": "2027-03-31"}


@pytest.fixture(autouse=True)
def _only_ours(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    Expert.objects.update(status=ExpertStatus.ENDED, ended_on="2027-01-01")


@pytest.fixture
def desk(cast: Cast, calling: Caller) -> APIClient:
    cast.coordinator.language = "fi"
    cast.coordinator.save()
    return calling(cast.coordinator)


def post(client: APIClient, address: str, data: Any = None, **headers: Any) -> Any:
    return client.post(address, data or {}, format="json", **headers)


Workers = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def workers(django_capture_on_commit_callbacks: Any) -> Workers:
    """`workers(ask)`: does it, then what it wakes the planner's workers for; answers as it does."""

    def do(ask: Callable[[], Any]) -> Any:
        with django_capture_on_commit_callbacks() as sent:
            answer = ask()
        for task, _expires, said in (one.args for one in sent):
            if task.name.startswith("scheduling.tasks.plan_"):
                do(partial(task, **said))
        return answer

    return do


def test_from_asking_to_published(cast: Cast, desk: APIClient, workers: Workers) -> None:
    one, two = make_people(cast, 2)
    first, second, third = make_sessions(cast, 3)
    held = claim_seat(first, expert=one, by=None, now=NOW)
    asked = MARCH | {"seconds": 10, "free_people": [one.pk], "weights": {"share": 9}}
    made = ok(workers(lambda: post(desk, PLANS, asked)), 201)
    row = PlanRun.objects.get()
    assert (row.seconds, row.freed, row.made_by) == (10, [held.pk], cast.coordinator)
    assert row.weights == plan_defaults.usual() | {"share": 9} == made["weights"]
    assert (made["id"], made["state"], made["made_by"]) == (
        row.pk,
        "queued",
        "Kaisa Koordinaattori",
    )
    here = f"{PLANS}{row.pk}/"

    draft = ok(desk.get(here))
    assert draft["state"] == "done"
    progress = draft["progress"]
    assert (progress["seats"], progress["filled"]) == (3, 3)
    assert progress["objective"] >= progress["bound"] > 0
    assert (progress["gap"], draft["outcome"]) == (0.0, None)
    assert [(seat["id"], seat["expert"]["id"]) for seat in draft["freed"]] == [(held.pk, one.pk)]
    difference = draft["difference"]
    assert (difference["empty"], difference["on_drafts"]) == (0, 0)
    assert difference["asked"] + difference["kept"] == 3
    seats = ok(desk.get(f"{here}seats/"))
    assert [seat["session"] for seat in seats["results"]] == [first.pk, second.pk, third.pk]
    assert {seat["outcome"] for seat in seats["results"]} == {"waiting"}
    assert not Assignment.objects.filter(state="proposed").exists()

    absent = next(s for s in seats["results"] if s["is_new"])
    gone = Expert.objects.get(pk=absent["expert"]["id"])
    Absence.objects.create(expert=gone, starts_on="2027-03-01", ends_on="2027-03-31")
    assert ok(post(desk, f"{here}publish/"), 202)["is_publishing"] is True
    assert ok(workers(lambda: post(desk, f"{here}publish/")), 202)["is_publishing"] is True
    done = ok(desk.get(here))
    assert (done["state"], done["difference"]) == ("published", None)
    outcome = done["outcome"]
    refused = outcome["refused"]
    assert absent["id"] in {seat["id"] for seat in refused}
    assert all(gone.name in seat["why"] and "poissa" in seat["why"] for seat in refused)
    counts = [outcome[name] for name in ("asked", "kept")]
    assert sum(counts) + len(refused) == 3
    assert Assignment.objects.filter(state="proposed").count() == outcome["asked"]
    assert post(desk, f"{here}publish/").json()["code"] == "wrong_state"
    looks = PersonalDataView.objects.filter(viewer=cast.coordinator, page="api")
    assert set(looks.values_list("subject_id", flat=True)) == {one.pk, two.pk}


def test_what_is_left_out_is_as_saved_and_again_as_it_was(cast: Cast, desk: APIClient) -> None:
    make_people(cast, 1)
    make_sessions(cast, 1)
    usual = plan_defaults.usual()
    assert ok(desk.get(WEIGHTS)) == usual
    saved = usual | {"share": 9, "gap": 0}
    assert ok(desk.put(WEIGHTS, saved, format="json")) == saved == ok(desk.get(WEIGHTS))
    made = ok(post(desk, PLANS, MARCH | {"weights": {"distance": 7}}), 201)
    assert (made["weights"], made["seconds"]) == (saved | {"distance": 7}, 60)
    stopped = ok(post(desk, f"{PLANS}{made['id']}/stop/"))
    assert stopped["state"] == "stopped"
    again = ok(post(desk, PLANS, {"again": made["id"], "seconds": 10}), 201)
    assert (again["weights"], again["seconds"]) == (made["weights"], 10)
    assert (again["starts_on"], again["ends_on"]) == (made["starts_on"], made["ends_on"])
    assert ok(desk.get(f"{PLANS}{made['id']}/"))["state"] == "discarded"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("starts_on", None),
        ("seconds", 11),
        ("share", 11),
        ("fill", 0),
        ("free_people", [999_999]),
        ("free_seats", [999_999]),
        ("again", 999_999),
    ],
)
def test_a_bad_value_gets_the_sentence_of_the_page(
    cast: Cast, desk: APIClient, client: Client, name: str, value: Any
) -> None:
    asked = MARCH | {"seconds": 60} | plan_defaults.usual() | {name: value}
    client.force_login(cast.coordinator)
    given = {key: one for key, one in asked.items() if one is not None}
    page = client.post("/plans/", given)
    weights = {key: given.pop(key) for key in plan_defaults.usual()}
    problem = post(desk, PLANS, given | {"weights": weights})
    assert (problem.status_code, problem.json()["code"]) == (400, "invalid")
    said = problem.json()["errors"]
    assert (
        said.get("weights", said)
        == page.context["form"].errors
        == {name: said.get("weights", said)[name]}
    )
    assert not PlanRun.objects.exists()


def test_a_value_of_another_type_is_said_where_it_is(desk: APIClient) -> None:
    for wrong in ({"weights": {"gap": "paljon"}}, {"weights": [1]}, {"starts_on": "maalis"}):
        problem = post(desk, PLANS, MARCH | wrong)
        assert (problem.status_code, list(problem.json()["errors"])) == (400, list(wrong))


@pytest.mark.parametrize(
    ("days", "code", "sentence"),
    [
        ({"starts_on": "2027-03-31", "ends_on": "2027-03-01"}, "days", "Viimeinen päivä ei voi"),
        ({"starts_on": "2027-01-01", "ends_on": "2027-01-31"}, "past", "Nämä päivät ovat menneet"),
        ({"starts_on": "2027-04-01", "ends_on": "2027-04-30"}, "nothing_to_fill", "ei ole mitään"),
        ({"starts_on": "2027-03-01", "ends_on": "2029-03-31"}, "too_long", "enintään vuosi"),
    ],
)
def test_what_cannot_be_planned_is_refused_as_on_the_page(
    cast: Cast, desk: APIClient, days: dict[str, str], code: str, sentence: str
) -> None:
    make_people(cast, 1)
    make_sessions(cast, 1)
    problem = post(desk, PLANS, days)
    assert (problem.status_code, problem.json()["code"]) == (409, code)
    assert sentence in problem.json()["detail"]


def test_weights_out_of_range_are_not_saved(cast: Cast, desk: APIClient) -> None:
    for bad in ({"share": 11}, {"gap": -1}, {"fill": 0}, {"wishes": None}):
        problem = desk.put(WEIGHTS, plan_defaults.usual() | bad, format="json")
        assert (problem.status_code, list(problem.json()["errors"])) == (400, list(bad))
    assert not PlanDefaults.objects.exists()


def test_a_key_sent_twice_makes_one_plan(cast: Cast, desk: APIClient) -> None:
    make_people(cast, 1)
    make_sessions(cast, 1)
    first, second = (post(desk, PLANS, MARCH, HTTP_IDEMPOTENCY_KEY="maaliskuu") for _ in "ab")
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert post(desk, PLANS, MARCH).json()["code"] == "running"
    assert PlanRun.objects.count() == 1


def test_an_empty_seat_and_a_person_have_their_reasons(cast: Cast, desk: APIClient) -> None:
    one, two = make_people(cast, 2)
    [session] = make_sessions(cast, 1, seats=2)
    Absence.objects.create(expert=two, starts_on="2027-03-01", ends_on="2027-03-31")
    here = f"{PLANS}{run(cast).pk}/"
    [gap] = ok(desk.get(here))["gaps"]
    assert (gap["session"], gap["seats"]) == (session.pk, 1)
    [why] = gap["whys"]
    assert (why["code"], why["people"]) == ("absent", 1)
    assert why["sentence"] == "on ilmoittanut olevansa poissa sinä päivänä"
    [seat] = ok(desk.get(f"{here}seats/"))["results"]
    assert (seat["expert"]["name"], seat["is_new"], seat["was"]) == (one.name, True, None)
    assert "already_here" not in {reason["code"] for reason in seat["reasons"]}
    assert ok(desk.get(f"/api/v1/plan-seats/{seat['id']}/")) == seat
    people = ok(desk.get(f"{here}candidates/?session={session.pk}"))
    assert [(p["expert"]["id"], p["fits"]) for p in people][-1] == (two.pk, False)
    assert people[-1]["reasons"][0]["code"] == "absent"
    elsewhere = make_session(cast.sastamala, "2027-04-20 09:30")
    assert desk.get(f"{here}candidates/?session={elsewhere.pk}").status_code == 404
    assert desk.get(f"{here}candidates/").status_code == 400


def test_a_seat_is_given_pinned_and_taken_off(cast: Cast, desk: APIClient) -> None:
    people, [session] = make_people(cast, 3), make_sessions(cast, 1)
    here = f"{PLANS}{run(cast).pk}/"
    [seat] = ok(desk.get(f"{here}seats/"))["results"]
    other = next(p for p in people if p.pk != seat["expert"]["id"])
    wanted = {"session": session.pk, "expert": other.pk}
    assert post(desk, f"{here}seats/", wanted).json()["code"] == "full"
    old = f"/api/v1/plan-seats/{seat['id']}/"
    assert desk.delete(old).status_code == 204
    assert desk.get(old).status_code == 404
    [gap] = ok(desk.get(here))["gaps"]
    assert (gap["session"], gap["whys"]) == (session.pk, [])
    given = ok(post(desk, f"{here}seats/", wanted), 201)
    assert (given["expert"]["id"], given["is_pinned"]) == (other.pk, True)
    assert post(desk, f"{here}seats/", wanted).json()["code"] == "taken"
    one = f"/api/v1/plan-seats/{given['id']}/"
    for pinned in (False, False, True):
        assert ok(desk.patch(one, {"is_pinned": pinned}, format="json"))["is_pinned"] is pinned
    assert ok(desk.get(f"{here}seats/?session={session.pk}"))["count"] == 1
    assert ok(desk.get(f"{here}seats/?outcome=refused"))["count"] == 0
    assert desk.get(f"{here}seats/?outcome=luck").status_code == 400
    elsewhere = make_session(cast.sastamala, "2027-04-20 09:30")
    strange = {"session": elsewhere.pk, "expert": other.pk}
    assert post(desk, f"{here}seats/", strange).status_code == 404
    ended = wanted | {"expert": cast.aino.expert.pk}
    assert "expert" in post(desk, f"{here}seats/", ended).json()["errors"]
    assert ok(post(desk, f"{here}discard/"))["state"] == "discarded"
    assert desk.delete(one).json()["code"] == "wrong_state"


def test_how_far_it_is_while_workers_are_at_it(cast: Cast, desk: APIClient) -> None:
    make_people(cast, 1)
    make_sessions(cast, 2)
    made = start(cast)
    parts = plan_work.prepare(made.pk, now=NOW)
    listed = ok(desk.get(f"{PLANS}?state=running"))["results"]
    shown = ok(desk.get(f"{PLANS}{made.pk}/"))
    assert [one["progress"] for one in listed] == [shown["progress"]]
    assert (shown["progress"]["seats"], shown["progress"]["filled"]) == (2, 0)
    assert ok(desk.get(f"{PLANS}?state=done"))["results"] == []
    stopping = ok(post(desk, f"{PLANS}{made.pk}/stop/"))
    assert (stopping["state"], stopping["stop_asked_at"] is None) == ("running", False)
    for part in parts:
        plan_work.plan_part(part, now=NOW)
    shown = ok(desk.get(f"{PLANS}{made.pk}/"))
    assert (shown["state"], shown["progress"]["filled"]) == (PlanState.STOPPED, 2)
    assert post(desk, f"{PLANS}{made.pk}/stop/").json()["code"] == "wrong_state"


def test_what_was_published_is_not_counted_twice(cast: Cast, desk: APIClient) -> None:
    """Once the draft is in the diaries, a person's own shifts no longer speak against them."""
    [one] = make_people(cast, 1)
    make_sessions(cast, 2)
    Expert.objects.filter(pk=one.pk).update(weekly_hours=8)
    here = f"{PLANS}{run(cast).pk}/"
    before = [seat["reasons"] for seat in ok(desk.get(f"{here}seats/"))["results"]]
    post(desk, f"{here}publish/")
    plan_publish.work(PlanRun.objects.get().pk, now=NOW)
    after = ok(desk.get(f"{here}seats/"))["results"]
    assert [seat["outcome"] for seat in after] == ["asked", "asked"]
    assert [seat["reasons"] for seat in after] == before


def test_seats_ask_as_much_for_many_as_for_few(cast: Cast, desk: APIClient) -> None:
    make_people(cast, 3)
    made = run_by_hand(cast, make_sessions(cast, 2))

    def count(rows: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ok(desk.get(f"{PLANS}{made.pk}/seats/"))["count"] == rows
        return len(queries)

    count(2)
    few = count(2)
    run_by_hand(cast, make_sessions(cast, 20)[2:], made)
    assert count(20) == few


def run_by_hand(cast: Cast, sessions: list[Session], made: PlanRun | None = None) -> PlanRun:
    """A draft with a seat in each of these sessions, the people in turn."""
    made = made or PlanRun.objects.create(
        starts_on="2027-03-01",
        ends_on="2027-03-31",
        seconds=10,
        state=PlanState.DONE,
        made_at=NOW,
        made_by=cast.coordinator,
    )
    people = list(Expert.objects.active())
    PlanSeat.objects.bulk_create(
        PlanSeat(run=made, session=one, expert=people[number % len(people)])
        for number, one in enumerate(sessions)
    )
    return made
