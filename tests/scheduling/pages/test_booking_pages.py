"""Booking by a unit, and the coordinator's answer."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from scheduling.models import Booking, BookingState, Session
from scheduling.services import bookings
from tests.cast import Cast
from tests.scheduling.makers import NOW
from tests.scheduling.pages.world import details

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def typed(cast: Cast, **fields: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "kind": "group_session",
        "unit": str(cast.sastamala.unit.pk),
        "starts_on": "11.3.2027",
        "starts_time": "klo 10",
        "ends_time": "12.00",
        "repeats": "1",
        "ends_on": "27.5.2027",
        "where": f"site-{cast.sastamala.room.pk}",
        "seats": "1",
        "responsible_professional": "Kerttu Keksitty",
        "language": "fi",
        **fields,
    }


def test_a_unit_books_a_weekly_series(ready: Cast, sign_in: SignIn) -> None:
    response = sign_in(ready.sari).post("/book/", typed(ready), follow=True)

    made = Booking.objects.get()
    assert response.redirect_chain == [(f"/bookings/{made.pk}/", 302)]
    assert (made.starts_on, made.starts_time, made.minutes, made.every_weeks, made.ends_on) == (
        dt.date(2027, 3, 11),
        dt.time(10),
        120,
        1,
        dt.date(2027, 5, 27),
    )
    assert (made.state, made.requested_by) == (BookingState.REQUESTED, ready.sari)


def test_a_double_click_books_once(ready: Cast, sign_in: SignIn) -> None:
    client, form = sign_in(ready.sari), typed(ready)

    addresses = {client.post("/book/", form)["Location"] for _ in range(2)}

    assert addresses == {f"/bookings/{Booking.objects.get().pk}/"}


@pytest.mark.parametrize("by_button", [True, False])
def test_the_preview_names_the_days_and_saves_nothing(
    ready: Cast, sign_in: SignIn, by_button: bool
) -> None:
    address = "/book/" if by_button else "/book/preview/"
    response = sign_in(ready.sari).post(address, typed(ready, preview="1"))

    page = text_of(response)
    assert response.status_code == 200
    # twelve Thursdays, Ascension Day (6.5.2027) left out
    assert "<strong>11 kertaa</strong>" in page
    assert "<s>to 6.5.2027</s> Helatorstai" in page
    assert not Booking.objects.exists()


def test_the_preview_tells_what_is_missing_in_the_unit(ready: Cast, sign_in: SignIn) -> None:
    ready.sastamala.insurance.ends_on = dt.date(2027, 4, 1)
    ready.sastamala.insurance.save()

    page = sign_in(ready.sari).post("/book/preview/", typed(ready))

    assert [reason.code for reason in page.context["preview"].missing] == ["no_insurance"]


def test_an_unfinished_form_previews_as_a_hint(ready: Cast, sign_in: SignIn) -> None:
    response = sign_in(ready.sari).post("/book/preview/", {"kind": "lobby_shift"})

    assert response.status_code == 200
    assert response.context["preview"] is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_on": ""}, "ends_on"),
        ({"ends_on": "1.3.2027"}, "ends_on"),
        ({"ends_on": "1.6.2029"}, "ends_on"),
        ({"kind": ""}, "kind"),
        ({"starts_on": "31.2.2027"}, "starts_on"),
        ({"where": ""}, "where"),
    ],
)
def test_forms_name_the_field_that_is_wrong(
    ready: Cast, sign_in: SignIn, fields: dict[str, str], field: str
) -> None:
    response = sign_in(ready.sari).post("/book/", typed(ready, **fields))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Booking.objects.exists()


def test_a_rule_that_says_no_stands_on_the_form(ready: Cast, sign_in: SignIn) -> None:
    past = typed(ready, starts_on="25.2.2027", notes="Kahvit tarjolla")

    response = sign_in(ready.sari).post("/book/", past)

    assert response.status_code == 422
    assert "__all__" in response.context["form"].errors
    assert "Kahvit tarjolla" in text_of(response)


def test_once_needs_no_last_day(ready: Cast, sign_in: SignIn) -> None:
    sign_in(ready.sari).post("/book/", typed(ready, repeats="0", ends_on="", ends_time=""))

    made = Booking.objects.get()
    assert (made.ends_on, made.minutes) == (None, ready.kinds["group_session"].default_minutes)


def test_a_unit_cannot_book_for_another(ready: Cast, sign_in: SignIn) -> None:
    other = typed(ready, unit=str(ready.nokia.unit.pk), where=f"site-{ready.nokia.room.pk}")

    response = sign_in(ready.sari).post("/book/", other)

    assert set(response.context["form"].errors) == {"unit", "where"}
    assert not Booking.objects.exists()


def test_accepting_makes_the_sessions_and_lists_what_was_left_out(
    ready: Cast, sign_in: SignIn
) -> None:
    booking = bookings.request(details(ready), key=uuid.uuid4(), by=ready.sari, now=NOW)
    kaisa = sign_in(ready.coordinator)

    response = kaisa.post(
        f"/bookings/{booking.pk}/decide/", {"accept": "1", "note": "Hienoa"}, follow=True
    )

    page = text_of(response)
    assert Session.objects.filter(booking=booking).count() == 11
    assert "to 6.5.2027" in page
    assert "Hienoa" in page

    skipped = booking.series.get().skipped.get()
    kaisa.post(f"/skipped/{skipped.pk}/add/")
    assert Session.objects.filter(booking=booking, occurrence_on="2027-05-06").count() == 1


def test_declining_needs_a_word(ready: Cast, sign_in: SignIn) -> None:
    booking = bookings.request(details(ready), key=uuid.uuid4(), by=ready.sari, now=NOW)
    kaisa, address = sign_in(ready.coordinator), f"/bookings/{booking.pk}/decide/"

    assert kaisa.post(address, {"decline": "1"}).status_code == 422
    booking.refresh_from_db()
    assert booking.state == BookingState.REQUESTED

    kaisa.post(address, {"decline": "1", "note": "Ei tekijöitä torstaisin"})
    booking.refresh_from_db()
    assert (booking.state, booking.decision_note) == (
        BookingState.DECLINED,
        "Ei tekijöitä torstaisin",
    )


def test_withdrawing_after_a_decision_is_told_and_changes_nothing(
    ready: Cast, sign_in: SignIn
) -> None:
    booking = bookings.request(details(ready), key=uuid.uuid4(), by=ready.sari, now=NOW)
    sari, address = sign_in(ready.sari), f"/bookings/{booking.pk}/withdraw/"
    bookings.accept(booking, by=ready.coordinator, now=NOW)

    page = text_of(sari.post(address, follow=True))

    booking.refresh_from_db()
    assert booking.state == BookingState.ACCEPTED
    assert 'data-tone="amber"' in page
