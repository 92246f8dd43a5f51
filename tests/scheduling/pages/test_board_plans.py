"""The week board beside a draft plan: who would be asked, who taken off, what stays empty, and why."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coordination.models import User
from experts.models import Absence, Expert
from scheduling.models import PlanRun
from scheduling.services import plan_publish, plan_runs
from tests.cast import Cast
from tests.scheduling.makers import NOW, claim_seat, make_session
from tests.scheduling.pages.test_plan_pages import text_of
from tests.scheduling.plans.makers import make_people, run

BOARD = "/board/?week=2027-W10"


@pytest.fixture
def kaisa(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    cast.coordinator.language = "fi"
    cast.coordinator.save()
    Expert.objects.update(status="ended", ended_on="2027-01-01")
    return sign_in(cast.coordinator)


def test_a_draft_stands_on_the_board_as_planned_with_the_way_to_why(
    cast: Cast, kaisa: Client
) -> None:
    one, away = make_people(cast, 2)
    Absence.objects.create(expert=away, starts_on="2027-03-01", ends_on="2027-03-31")
    session = make_session(cast.sastamala, "2027-03-09 09:30", seats=2)
    made = run(cast)
    why = f"/plans/{made.pk}/{session.pk}/"

    page = text_of(kaisa.get(BOARD))

    assert f'<a class="seat" href="{why}" data-tone="sky" data-shape="drafted">' in page
    assert 'T. 0000 <span class="muted">suunniteltu</span>' in page
    assert f'<a class="seat" href="{why}" data-tone="amber" data-shape="outlined">' in page
    assert "1 jää tyhjäksi" in page
    assert f'<a href="/plans/{made.pk}/">' in page
    assert ">avoin<" not in page
    assert f"Miksi {one.name}?" in text_of(kaisa.get(why))


def test_who_would_be_taken_off_is_struck_and_who_stays_is_as_now(
    cast: Cast, kaisa: Client
) -> None:
    one, two = make_people(cast, 2)
    session = make_session(cast.sastamala, "2027-03-09 09:30", seats=2)
    claim_seat(session, expert=one, by=None, now=NOW)
    claim_seat(session, expert=two, by=None, now=NOW)
    made = run(cast, free_people=[one.pk, two.pk])
    made.planned.filter(expert=two).delete()

    page = text_of(kaisa.get(BOARD))

    assert page.count('data-shape="struck"') == 1
    assert "1 otettaisiin pois" in page
    assert page.count(", vahvistettu</span>") == 1


def test_published_and_discarded_plans_are_not_on_the_board(cast: Cast, kaisa: Client) -> None:
    make_people(cast, 1)
    make_session(cast.sastamala, "2027-03-09 09:30")
    made = run(cast)
    plan_runs.discard(made, by=cast.coordinator)
    assert "drafted" not in text_of(kaisa.get(BOARD))
    made = run(cast)
    assert "drafted" in text_of(kaisa.get(BOARD))
    assert "drafted" not in text_of(kaisa.get("/board/?week=2027-W11"))
    plan_runs.ask_to_publish(made, by=cast.coordinator, now=NOW)
    plan_publish.work(made.pk, now=NOW)
    page = text_of(kaisa.get(BOARD))
    assert "drafted" not in page
    assert ", ehdotettu</span>" in page


def test_of_two_drafts_the_newer_one_speaks(cast: Cast, kaisa: Client) -> None:
    one, two = make_people(cast, 2)
    session = make_session(cast.sastamala, "2027-03-09 09:30")
    for expert in (one, two):
        made = run(cast)
        made.planned.update(expert=expert)
    page = text_of(kaisa.get(BOARD))
    assert page.count('data-shape="drafted"') == 1
    assert f"/plans/{PlanRun.objects.order_by('pk').last().pk}/{session.pk}/" in page  # type: ignore[union-attr]  # two were made
    assert "T. 0001" in page


def test_an_open_seat_leads_to_why_it_is_open(cast: Cast, kaisa: Client) -> None:
    session = make_session(cast.sastamala, "2027-03-09 09:30")
    assert f'href="/sessions/{session.pk}/#who"' in text_of(kaisa.get(BOARD))
    assert 'id="who"' in text_of(kaisa.get(f"/sessions/{session.pk}/"))


def test_a_draft_of_many_sessions_takes_as_many_queries_as_one_of_few(
    cast: Cast, kaisa: Client
) -> None:
    make_people(cast, 3)
    make_session(cast.sastamala, "2027-03-08 09:30")
    made = run(cast)
    kaisa.get(BOARD)
    with CaptureQueriesContext(connection) as few:
        kaisa.get(BOARD)
    plan_runs.discard(made, by=cast.coordinator)
    for day in range(8, 13):
        for hour in (8, 12, 16):
            make_session(cast.sastamala, f"2027-03-{day:02} {hour:02}:30", 2)
    run(cast)
    with CaptureQueriesContext(connection) as many:
        page = text_of(kaisa.get(BOARD))
    assert page.count('data-shape="drafted"') > 10
    assert len(many) == len(few)
