"""Nights, rhythms and counts, typed the way people type them; and a second press."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from coordination.models import User
from scheduling.models import Booking, Session, SessionState
from tests.cast import Cast
from tests.scheduling.makers import NOW, local, make_session
from tests.scheduling.pages.test_session_page import new_session
from tests.scheduling.services.test_series_changes import make_series

SignIn = Callable[[User], Client]


@pytest.fixture
def kaisa(ready: Cast, sign_in: SignIn) -> Client:
    return sign_in(ready.coordinator)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_an_end_before_the_start_is_the_next_morning(ready: Cast, kaisa: Client) -> None:
    kaisa.post("/sessions/new/", new_session(ready, starts_time="22", ends_time="2"))
    made = Session.objects.get()
    assert (made.starts_at, made.ends_at) == (local("2027-03-04 22:00"), local("2027-03-05 02:00"))


def _edit(client: Client, session: Session, **fields: str) -> Any:
    page = client.get(f"/sessions/{session.pk}/edit/").context["form"]
    shown = {name: page[name].value() for name in page.fields}
    data = {name: value for name, value in shown.items() if value not in (None, False)}
    return client.post(f"/sessions/{session.pk}/edit/", {**data, **fields, "version": 0})


@pytest.mark.parametrize(
    "starts",
    ["2027-03-27 22:00", "2027-10-30 22:00", "2027-10-31 01:30"],
)
def test_a_note_on_a_night_of_a_clock_change_moves_nothing(
    ready: Cast, kaisa: Client, starts: str
) -> None:
    session = make_session(ready.sastamala, starts, hours=3)
    was = (session.starts_at, session.ends_at)
    answer = _edit(kaisa, session, notes="Kahvit")
    session.refresh_from_db()
    assert answer.status_code == 302
    assert (session.starts_at, session.ends_at, session.notes) == (*was, "Kahvit")


def test_a_second_press_makes_no_second_session(ready: Cast, kaisa: Client) -> None:
    key = str(kaisa.get("/sessions/new/").context["form"]["key"].value())
    for _ in range(2):
        answer = kaisa.post("/sessions/new/", new_session(ready, key=key))
    made = Session.objects.get()
    assert answer["Location"] == f"/sessions/{made.pk}/"


def _booking(cast: Cast, client: Client, **fields: Any) -> dict[str, Any]:
    key = client.get("/book/").context["form"]["key"].value()
    base = new_session(cast, key=str(key), starts_time="10", ends_time="12", seats="1")
    return {**base, "repeats": "1", **fields}


@pytest.mark.parametrize(
    ("fields", "rule", "days"),
    [
        ({"weekdays": ["1", "3"], "times": "4"}, "FREQ=WEEKLY;BYDAY=TU,TH", [4, 9, 11, 16]),
        ({"repeats": "2", "times": "2"}, "FREQ=WEEKLY;INTERVAL=2", [4, 18]),
        ({"repeats": "100", "times": "2"}, "FREQ=MONTHLY;BYDAY=1TH", [4, 1]),
        ({"weekdays": ["3"], "ends_on": "11.3.2027"}, "FREQ=WEEKLY", [4, 11]),
    ],
)
def test_a_booking_in_any_rhythm(
    ready: Cast, sign_in: SignIn, fields: dict[str, Any], rule: str, days: list[int]
) -> None:
    sari, kaisa = sign_in(ready.sari), sign_in(ready.coordinator)
    answer = sari.post("/book/", _booking(ready, sari, **fields))
    assert answer.status_code == 302, answer.context["form"].errors
    booking = Booking.objects.get()
    assert kaisa.post(f"/bookings/{booking.pk}/decide/", {"accept": "1"}).status_code == 302
    series = booking.series.get()
    made = series.sessions.order_by("starts_at")
    assert (series.recurrence, [s.starts_at.day for s in made]) == (rule, days)
    assert sari.get(f"/bookings/{booking.pk}/").status_code == 200


def test_eleven_weekly_meetings_of_a_pair_are_worth_a_word(ready: Cast, sign_in: SignIn) -> None:
    sari = sign_in(ready.sari)
    sari.cookies["django_language"] = "fi"
    typed = _booking(ready, sari, kind="individual_meeting", times="11", preview="1")
    page = sari.post("/book/", typed, headers={"accept-language": "fi"})
    notes = page.context["preview"].notes
    assert any("huhtikuu 2027" in note and "1–2" in note for note in notes), notes
    assert any("Ammattilainen" in note for note in notes)


def test_today_tells_of_drafts_a_series_in_one_line(ready: Cast, kaisa: Client) -> None:
    row = make_series(ready)
    row.sessions.update(state=SessionState.DRAFT)
    alone = make_session(ready.sastamala, state=SessionState.DRAFT)
    page = text_of(kaisa.get("/", follow=True))
    assert f"/series/{row.pk}/" in page
    assert f"/sessions/{alone.pk}/" in page
    assert "12 luonnosta sarjassa" in page
    Session.objects.update(state=SessionState.OPEN, starts_at=NOW - dt.timedelta(days=1))
    assert "luonnosta" not in text_of(kaisa.get("/", follow=True))
