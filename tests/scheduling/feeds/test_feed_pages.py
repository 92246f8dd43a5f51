"""The pages where people get a calendar's address, once, and end it."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from coordination.permissions import Role
from scheduling.feeds import tokens
from scheduling.models import FeedToken
from tests.cast import Cast, make_user
from tests.scheduling.feeds.makers import NOW, make_address, make_shifts

pytestmark = pytest.mark.django_db

OWN = "/feeds/own/"


def text(response: Any) -> str:
    """What stands on the page, entities resolved."""
    return unescape(response.content.decode())


def address_on(response: Any) -> str:
    """The address in the field that is there to be copied."""
    (found,) = re.findall(r'id="feed-address"[^>]* value="([^"]+)"', text(response))
    return str(found)


@pytest.fixture
def aino(cast: Cast, client: Client) -> Client:
    client.force_login(cast.aino.user)
    return client


def test_an_expert_gets_an_address_that_works_and_sees_it_once(
    cast: Cast, aino: Client, settings: Any
) -> None:
    settings.BASE_URL = "https://vuoro.example.org"
    make_shifts(cast.sastamala, cast.aino.expert, 2)
    assert "Luo osoite" in text(aino.get(OWN))
    made = aino.post(OWN)
    address = address_on(made)
    path = address.removeprefix("https://vuoro.example.org")
    assert Client().get(path).content.count(b"BEGIN:VEVENT") == 2
    secret = path.removeprefix("/feeds/").removesuffix(".ics")
    assert secret not in text(aino.get(OWN))
    assert (made["Cache-Control"], made["Referrer-Policy"]) == ("private, no-store", "same-origin")


def test_the_links_are_those_programs_know(cast: Cast, aino: Client, settings: Any) -> None:
    settings.BASE_URL = "https://vuoro.example.org"
    made = aino.post(OWN)
    address = address_on(made)
    links = re.findall(r'href="([^"]+)"', text(made))
    secret = address.rpartition("/")[2]
    coded = f"https%3A%2F%2Fvuoro.example.org%2Ffeeds%2F{secret}&name=Omat+vuorot+%28Vuoro%29"
    assert [link for link in links if link.startswith(("webcal:", "https:"))] == [
        f"webcal://vuoro.example.org/feeds/{secret}",
        "https://calendar.google.com/calendar/u/0/r/settings/addbyurl",
        f"https://outlook.office.com/calendar/0/addfromweb?url={coded}",
        f"https://outlook.live.com/calendar/0/addfromweb?url={coded}",
    ]


def test_the_page_tells_when_and_by_what_it_was_fetched(
    cast: Cast, aino: Client, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    address = make_address(cast.aino.expert)
    assert "ei vielä" in text(aino.get(OWN))
    Client().get(address, headers={"user-agent": "iOS/18.1 (22B83) dataaccessd/1.0"})
    assert "ma 1.3.2027 klo 10.00, Apple" in text(aino.get(OWN))


def test_renewing_asks_first_and_then_ends_the_old_address(cast: Cast, aino: Client) -> None:
    old = make_address(cast.aino.expert)
    token = tokens.current(cast.aino.expert, of=cast.aino.user)
    assert token is not None
    asked = aino.get(f"{OWN}renew/")
    assert "Vanha osoite lakkaa heti toimimasta." in text(asked)
    assert Client().get(old).status_code == 200
    assert f'name="instead_of" value="{token.pk}"' in text(asked)
    new = address_on(aino.post(f"{OWN}renew/", {"instead_of": token.pk}))
    assert Client().get(old).status_code == 404
    assert Client().get(new[new.index("/feeds/") :]).status_code == 200


def test_a_form_sent_twice_keeps_the_address_the_first_one_showed(cast: Cast, aino: Client) -> None:
    first = address_on(aino.post(OWN))
    again = aino.post(OWN, follow=True)
    assert "Uusi osoite luotiin juuri äsken." in text(again)
    assert Client().get(first[first.index("/feeds/") :]).status_code == 200


def test_ending_asks_first_and_then_the_address_is_gone(cast: Cast, aino: Client) -> None:
    address = make_address(cast.aino.expert)
    aino.get(f"{OWN}end/")
    assert Client().get(address).status_code == 200
    ended = aino.post(f"{OWN}end/", follow=True)
    assert "Osoite ei ole enää käytössä." in text(ended)
    assert "Luo osoite" in text(ended)
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("value", ["", "x", "-1", "99999999999999999999"])
def test_a_mangled_form_makes_nothing(cast: Cast, aino: Client, value: str) -> None:
    address = make_address(cast.aino.expert)
    aino.post(f"{OWN}renew/", {"instead_of": value})
    assert Client().get(address).status_code == 200


def test_a_unit_s_contact_gets_an_address_in_the_language_of_the_page(
    cast: Cast, client: Client
) -> None:
    cast.sari.language = "sv"
    cast.sari.save(update_fields=["language"])
    client.force_login(cast.sari)
    landed = client.get("/feeds/", follow=True)
    page = f"/feeds/units/{cast.sastamala.unit.pk}/"
    assert landed.redirect_chain == [(page, 302)]
    address = address_on(client.post(page))
    assert address.endswith(".ics?lang=sv")


def test_a_coordinator_chooses_among_the_units(cast: Cast, client: Client) -> None:
    client.force_login(cast.coordinator)
    page = text(client.get("/feeds/"))
    units = (cast.sastamala.unit, cast.ikaalinen.unit, cast.nokia.unit)
    assert set(re.findall(r'href="(/feeds/[^"]+)"', page)) >= {
        f"/feeds/units/{unit.pk}/" for unit in units
    }
    assert client.get(OWN).status_code == 404  # no expert, no own calendar


@pytest.mark.parametrize("end", ["", "renew/", "end/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_unit_s_calendar_is_not_there(
    cast: Cast, client: Client, end: str, method: str
) -> None:
    address = make_address(cast.ikaalinen.unit, by=cast.ilkka)
    client.force_login(cast.sari)
    page = f"/feeds/units/{cast.ikaalinen.unit.pk}/{end}"
    assert getattr(client, method)(page).status_code == 404
    client.force_login(cast.aino.user)
    assert getattr(client, method)(page).status_code == 404
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize("page", ["/feeds/", OWN, f"{OWN}renew/", f"{OWN}end/"])
def test_a_role_without_calendars_is_sent_away_and_a_stranger_to_the_log_in(
    cast: Cast, client: Client, page: str
) -> None:
    stranger = client.get(page)
    assert (stranger.status_code, stranger["Location"].split("?")[0]) == (302, "/account/login/")
    client.force_login(cast.tuula)
    assert client.get(page).status_code == 403
    assert FeedToken.objects.count() == 0


def test_an_expert_not_yet_in_the_register_reads_what_to_do(client: Client) -> None:
    client.force_login(make_user(role=Role.EXPERT))
    assert "Pyydä koordinaattoria" in text(client.get("/feeds/"))
