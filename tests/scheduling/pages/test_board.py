"""The week board: who sees it, what it shows, how many queries it takes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scheduling.models import SessionState
from scheduling.services import assignments
from tests.cast import Cast
from tests.scheduling.makers import NOW, make_experts, make_session

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_only_coordinators_see_the_board(cast: Cast, sign_in: SignIn) -> None:
    seen = {name: sign_in(user).get("/board/").status_code for name, user in cast.everybody.items()}

    assert seen == {name: 200 if name == "coordinator" else 403 for name in cast.everybody}


def test_strangers_are_sent_to_sign_in(db: None, client: Client) -> None:
    assert client.get("/board/").status_code == 302


def test_each_seat_says_its_state_in_a_word(ready: Cast, sign_in: SignIn) -> None:
    session = make_session(ready.sastamala, seats=3)
    asked = assignments.propose(session, expert=ready.aino.expert, overrules={}, by=None, now=NOW)
    assignments.propose(session, expert=ready.eero.expert, overrules={}, by=None, now=NOW)
    assignments.confirm(asked, by=None, now=NOW)

    page = text_of(sign_in(ready.coordinator).get("/board/"))

    assert 'A. Testilä<span class="visually-hidden">, vahvistettu' in page
    assert 'E. Kokeilu<span class="visually-hidden">, ehdotettu' in page
    assert page.count(">avoin<") == 1


def test_the_week_lives_in_the_address(ready: Cast, sign_in: SignIn) -> None:
    session = make_session(ready.nokia, "2027-03-10 09:30")
    client, link = sign_in(ready.coordinator), f"/sessions/{session.pk}/"

    assert link not in text_of(client.get("/board/"))
    assert link in text_of(client.get("/board/?week=2027-W10"))
    assert client.get("/board/?week=rubbish&unit=x&kind=-1").status_code == 200


def test_only_open_leaves_out_what_is_full(ready: Cast, sign_in: SignIn) -> None:
    full, free = make_session(ready.nokia), make_session(ready.sastamala)
    assignments.propose(full, expert=ready.aino.expert, overrules={}, by=None, now=NOW)

    page = text_of(sign_in(ready.coordinator).get("/board/?open=on"))

    assert f"/sessions/{full.pk}/" not in page
    assert f"/sessions/{free.pk}/" in page


def test_a_cancelled_session_stays_struck_through(ready: Cast, sign_in: SignIn) -> None:
    make_session(ready.nokia, state=SessionState.CANCELLED)

    page = text_of(sign_in(ready.coordinator).get("/board/"))

    assert page.count('data-shape="struck"') == 1


def test_a_late_evening_stands_on_its_local_day(ready: Cast, sign_in: SignIn) -> None:
    # 23.30 UTC on Sunday is Monday in Helsinki, and belongs to the next week
    session = make_session(ready.nokia, "2027-03-08 01:30")
    client = sign_in(ready.coordinator)

    assert f"/sessions/{session.pk}/" not in text_of(client.get("/board/?week=2027-W09"))
    assert f"/sessions/{session.pk}/" in text_of(client.get("/board/?week=2027-W10"))


def test_queries_do_not_grow_with_sessions(ready: Cast, sign_in: SignIn) -> None:
    client = sign_in(ready.coordinator)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get("/board/").status_code == 200
        return len(found)

    people = make_experts(30, units=[ready.nokia.unit], kinds=ready.kinds.values())
    for expert in people[:3]:
        one = make_session(ready.nokia)
        assignments.propose(one, expert=expert, overrules={}, by=None, now=NOW)
    queries()  # warms the caches of a first request
    few = queries()
    for expert in people[3:]:
        one = make_session(ready.nokia)
        assignments.propose(one, expert=expert, overrules={}, by=None, now=NOW)

    assert queries() == few
