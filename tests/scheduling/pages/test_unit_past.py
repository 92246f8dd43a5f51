"""A unit's past sessions: how each went, who was there, how many were met."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from scheduling.models import Assignment, AssignmentState, Session, SessionState, Tally
from scheduling.queries import unit_past
from tests.cast import Cast, CastUnit
from tests.scheduling.makers import NOW, make_session

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
PAST = "/unit/sessions/past/"


def _over(cast: Cast, place: CastUnit, starts: str, state: SessionState) -> Session:
    """A session of two seats; a closed one was held as planned."""
    session = make_session(place, starts, seats=2)
    session.state = state
    if state == SessionState.CLOSED:
        session.closed_at, session.closed_by = NOW, cast.coordinator
        session.actual_starts_at, session.actual_ends_at = session.starts_at, session.ends_at
    session.save()
    return session


def _sat(session: Session, person: Any, state: AssignmentState, seat: int = 1) -> Assignment:
    return Assignment.objects.create(
        session=session,
        expert=person.expert,
        seat=seat,
        state=state,
        proposed_at=NOW,
        changed_at=NOW,
    )


@pytest.fixture
def sessions(ready: Cast) -> dict[str, Session]:
    """One of each outcome at Sastamala, one at another unit, one that is ahead."""
    made = {
        name: _over(ready, ready.sastamala, f"2027-02-{day} 09:30", state)
        for name, day, state in (
            ("held", 22, SessionState.CLOSED),
            ("no_show", 18, SessionState.CLOSED),
            ("cancelled", 17, SessionState.CANCELLED),
            ("due", 16, SessionState.HELD),
            ("superseded", 15, SessionState.OPEN),
        )
    }
    counted = _sat(made["held"], ready.aino, AssignmentState.HELD)
    Tally.objects.create(assignment=counted, client_before=4, relative_after=1, changed_at=NOW)
    _sat(made["held"], ready.eero, AssignmentState.NO_SHOW, seat=2)
    _sat(made["no_show"], ready.eero, AssignmentState.NO_SHOW)
    _sat(made["due"], ready.onni, AssignmentState.CONFIRMED)
    _over(ready, ready.nokia, "2027-02-22 09:30", SessionState.CLOSED)
    make_session(ready.sastamala, "2027-03-04 09:30")
    make_session(ready.sastamala, "2027-02-12 09:30", state=SessionState.DRAFT)
    return made


def test_each_past_session_says_how_it_went(
    ready: Cast, sign_in: SignIn, sessions: dict[str, Session]
) -> None:
    response: Any = sign_in(ready.sari).get(PAST)

    lines: list[unit_past.PastLine] = response.context["lines"]
    assert [(one.session, one.look) for one in lines] == [(s, name) for name, s in sessions.items()]
    assert [one.word for one in lines] == [
        "pidetty",
        "kukaan ei tullut",
        "peruttu",
        "kirjaamatta",
        "jäi tyhjäksi",
    ]
    held = lines[0]
    assert (held.came, held.missing, held.met) == (["Aino Testilä"], ["Eero Kokeilu"], 5)
    assert [one.met for one in lines[1:]] == [None] * 4
    assert "Ei tullut: Eero Kokeilu" in response.content.decode()


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("held", ["held"]),
        ("cancelled", ["cancelled"]),
        ("no_show", ["held", "no_show"]),
        ("waiting", ["due"]),
        ("rubbish", ["held", "no_show", "cancelled", "due", "superseded"]),
    ],
)
def test_the_list_narrows(
    ready: Cast, sign_in: SignIn, sessions: dict[str, Session], show: str, names: list[str]
) -> None:
    response: Any = sign_in(ready.sari).get(f"{PAST}?show={show}")

    assert [one.session for one in response.context["lines"]] == [sessions[name] for name in names]


def test_an_empty_list_says_what_will_come_here(ready: Cast, sign_in: SignIn) -> None:
    client = sign_in(ready.sari)

    assert "Menneitä vuoroja ei vielä ole." in client.get(PAST).content.decode()
    assert "Näytä kaikki" in client.get(f"{PAST}?show=held").content.decode()


def test_the_list_has_pages(ready: Cast, sign_in: SignIn) -> None:
    session = _over(ready, ready.sastamala, "2027-02-22 09:30", SessionState.CLOSED)
    for _number in range(25):
        session.pk = None
        session.save()
    client = sign_in(ready.sari)

    first: Any = client.get(PAST)
    second: Any = client.get(f"{PAST}?page=2")
    assert (len(first.context["lines"]), len(second.context["lines"])) == (25, 1)


def test_the_way_there_stands_on_the_list_of_coming_sessions(ready: Cast, sign_in: SignIn) -> None:
    assert f'href="{PAST}"' in sign_in(ready.sari).get("/unit/sessions/").content.decode()
