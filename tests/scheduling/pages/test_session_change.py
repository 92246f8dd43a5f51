"""The page that changes a session: who would not fit is shown with why, taken off by a tick, and told."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from coordination.models import OutboxMessage, User
from coordination.permissions import Role
from experts.models import AvailabilityPattern
from scheduling.models import Assignment, AssignmentState, Session
from scheduling.services import assignments, sessions
from tests.cast import Cast, CastExpert, make_user
from tests.scheduling.makers import NOW, local, mails, make_session

pytestmark = pytest.mark.django_db
Fields = dict[str, Any]


@pytest.fixture
def kaisa(ready: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(ready.coordinator)


def confirmed(session: Session, person: CastExpert) -> Assignment:
    row = assignments.propose(session, expert=person.expert, overrules={}, by=None, now=NOW)
    return assignments.confirm(row, by=None, now=NOW)


@pytest.fixture
def session(ready: Cast) -> Session:
    """Thursday at Sastamala with Aino and Eero; on Friday at the same time Aino is at Nokia."""
    made = make_session(ready.sastamala, seats=3)
    confirmed(made, ready.aino)
    confirmed(made, ready.eero)
    confirmed(make_session(ready.nokia, "2027-03-05 09:30"), ready.aino)
    OutboxMessage.objects.all().delete()
    return made


def address(session: Session) -> str:
    return f"/sessions/{session.pk}/edit/"


def form_of(response: Any) -> Fields:
    """What a browser would send back beside the session's own fields: hidden fields and ticks."""
    page = response.content.decode()
    hidden = re.findall(r'<input type="hidden" name="(version|shown)" value="([^"]*)"', page)
    boxes = re.findall(r'<input type="checkbox" name="(release_\d+)"([^>]*)>', page)
    return {**dict(hidden), **{name: "on" for name, more in boxes if "checked" in more}}


def ticked(sent: Fields) -> list[str]:
    return [name for name in sent if name.startswith("release_")]


def friday(cast: Cast, **fields: Any) -> Fields:
    return {
        "kind": "lobby_shift",
        "unit": str(cast.sastamala.unit.pk),
        "starts_on": "5.3.2027",
        "starts_time": "9.30",
        "ends_time": "13.30",
        "where": f"site-{cast.sastamala.lobby.pk}",
        "seats": "3",
        "language": "fi",
        **fields,
    }


def where_it_is(session: Session) -> tuple[dt.datetime, dict[str, str]]:
    session.refresh_from_db()
    rows = session.assignments.select_related("expert")
    return session.starts_at, {row.expert.name: str(row.state) for row in rows}


FRIDAY, THURSDAY = local("2027-03-05 09:30"), local("2027-03-04 09:30")


def test_who_cannot_come_is_ticked_and_named_before_anything_is_saved(
    ready: Cast, kaisa: Client, session: Session
) -> None:
    opened = form_of(kaisa.get(address(session)))

    asked = kaisa.post(address(session), friday(ready, **opened))

    page = " ".join(asked.content.decode().split())
    aino = session.assignments.get(expert=ready.aino.expert)
    assert asked.status_code == 422
    assert where_it_is(session) == (
        THURSDAY,
        {"Aino Testilä": "confirmed", "Eero Kokeilu": "confirmed"},
    )
    assert mails() == []
    assert ticked(form_of(asked)) == [f"release_{aino.pk}"]
    assert "Poista vuorosta ja kerro: Aino Testilä" in page
    assert "päällekkäin" in page.lower()
    assert "2 muuta saa viestin muutoksesta: Eero Kokeilu, Sari Sastamala." in page

    done = kaisa.post(address(session), friday(ready, **form_of(asked)))

    assert done.status_code == 302
    assert where_it_is(session) == (
        FRIDAY,
        {"Aino Testilä": "cancelled", "Eero Kokeilu": "confirmed"},
    )
    assert sorted(mails()) == [
        ("assignment_cancelled", ready.aino.expert.email),
        ("session_changed", ready.eero.expert.email),
        ("session_changed", ready.sari.email),
    ]


def test_a_blocked_person_left_on_the_seat_keeps_the_change_from_being_saved(
    ready: Cast, kaisa: Client, session: Session
) -> None:
    asked = form_of(kaisa.post(address(session), friday(ready)))

    refused = kaisa.post(address(session), friday(ready, shown=asked["shown"]))

    assert refused.status_code == 422
    assert "Aino Testilä ei enää pääsisi" in refused.content.decode()
    assert ticked(form_of(refused)) == []  # what was chosen is not changed behind one's back
    assert where_it_is(session)[0] == THURSDAY


def test_what_must_be_asked_about_is_shown_and_left_to_the_coordinator(
    ready: Cast, kaisa: Client, session: Session
) -> None:
    AvailabilityPattern.objects.filter(expert=ready.eero.expert, weekday=5).delete()
    saturday = {"starts_on": "6.3.2027"}
    eero = session.assignments.get(expert=ready.eero.expert)

    shown = form_of(kaisa.post(address(session), friday(ready, **saturday)))
    assert ticked(shown) == []
    silent = kaisa.post(address(session), friday(ready, **saturday, **shown))
    assert "Kirjoita muutamalla sanalla, miksi." in silent.content.decode()
    assert where_it_is(session)[0] == THURSDAY

    why = {f"why_{eero.pk}_outside_availability": "Sovittu puhelimessa"}
    kaisa.post(address(session), friday(ready, **saturday, **shown, **why))

    assert where_it_is(session) == (
        local("2027-03-06 09:30"),
        {"Aino Testilä": "confirmed", "Eero Kokeilu": "confirmed"},
    )
    assert eero.overrules.get().why == "Sovittu puhelimessa"


def test_who_fits_again_after_another_look_is_not_taken_off(
    ready: Cast, kaisa: Client, session: Session
) -> None:
    asked = form_of(kaisa.post(address(session), friday(ready)))

    later = {"starts_on": "12.3.2027"}  # Aino's box is still ticked
    shown_again = kaisa.post(address(session), friday(ready, **{**asked, **later}))
    kaisa.post(address(session), friday(ready, **{**form_of(shown_again), **later}))

    assert where_it_is(session) == (
        local("2027-03-12 09:30"),
        {"Aino Testilä": "confirmed", "Eero Kokeilu": "confirmed"},
    )


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(
    ready: Cast, kaisa: Client, session: Session, sign_in: Callable[[User], Client]
) -> None:
    """Two coordinators have the page open; the second hears what the first has done."""
    toni = sign_in(make_user(role=Role.COORDINATOR, name="Toni Toinen"))
    kaisas, tonis = form_of(kaisa.get(address(session))), form_of(toni.get(address(session)))
    toni.post(address(session), friday(ready, **{**tonis, "starts_on": "12.3.2027"}))

    late = kaisa.post(address(session), friday(ready, **{**kaisas, "starts_on": "19.3.2027"}))

    assert late.status_code == 422
    page = " ".join(late.content.decode().split())
    assert "Joku muu on muuttanut tätä vuoroa" in page
    assert "pe 12.3.2027 klo 9.30–13.30" in page
    assert where_it_is(session)[0] == local("2027-03-12 09:30")

    kaisa.post(address(session), friday(ready, **{**form_of(late), "starts_on": "19.3.2027"}))
    assert where_it_is(session)[0] == local("2027-03-19 09:30")


def test_somebody_put_on_a_seat_meanwhile_is_shown_before_saving(
    ready: Cast, kaisa: Client, session: Session
) -> None:
    confirmed(make_session(ready.ikaalinen, "2027-03-05 09:30"), ready.onni)
    asked = form_of(kaisa.post(address(session), friday(ready)))
    onni = confirmed(session, ready.onni)  # another coordinator, between two looks

    again = kaisa.post(address(session), friday(ready, **asked))

    assert again.status_code == 422
    assert f"release_{onni.pk}" in ticked(form_of(again))
    assert where_it_is(session)[0] == THURSDAY


def test_somebody_who_gave_up_meanwhile_is_not_told_twice(
    ready: Cast, kaisa: Client, session: Session
) -> None:
    asked = form_of(kaisa.post(address(session), friday(ready)))
    aino = session.assignments.get(expert=ready.aino.expert)
    assignments.release(aino, by=ready.aino.user, now=NOW)
    OutboxMessage.objects.all().delete()

    again = kaisa.post(address(session), friday(ready, **asked))
    kaisa.post(address(session), friday(ready, **form_of(again)))

    aino.refresh_from_db()
    assert (where_it_is(session)[0], aino.state) == (FRIDAY, AssignmentState.RELEASED)
    assert ("assignment_cancelled", ready.aino.expert.email) not in mails()


def test_a_session_cancelled_meanwhile_says_so(
    ready: Cast, kaisa: Client, session: Session
) -> None:
    opened = form_of(kaisa.get(address(session)))
    sessions.cancel(session, by=ready.coordinator, now=NOW)

    late = kaisa.post(address(session), friday(ready, **opened))

    assert late.status_code == 422
    assert where_it_is(session)[0] == THURSDAY
