"""The main job without script, as five people do it by forms and links on a phone, one after another.

That every control of every page has such a way is read from the pages themselves: contracts/test_plain.py.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine as tm
from playwright.sync_api import Page, expect

from billing.models import FeeBasis, FeeRule
from coordination.models import User
from scheduling.models import Assignment, Booking, Session
from tests.browser.money import approve_and_export
from tests.browser.reading import PHONE
from tests.cast import SINCE, Cast
from tests.scheduling.conftest import ready  # noqa: F401 — a fixture
from tests.scheduling.makers import NOW, local

pytestmark = pytest.mark.django_db(transaction=True)
AFTER = local("2027-03-05 10:00")
Login = Callable[[Page, User], None]


def test_the_main_job_without_script(
    live_server: Any,
    ready: Cast,  # noqa: F811
    open_page: Callable[..., Page],
    login: Login,
    time_machine: tm.TimeMachineFixture,
    tmp_path: Path,
) -> None:
    time_machine.move_to(NOW)
    FeeRule.objects.create(
        kind=ready.kinds["lobby_shift"], basis=FeeBasis.HOUR, amount=Decimal(25), starts_on=SINCE
    )
    page = open_page(viewport=PHONE, java_script_enabled=False)

    another_language_and_back(page)
    login(page, ready.sari)
    book(page)
    login(page, ready.coordinator)
    accept_and_assign(page, "Aino Testilä")
    login(page, ready.aino.user)
    take_it_give_it_up_and_take_it_back(page)
    time_machine.move_to(AFTER)
    login(page, ready.aino.user)
    count(page)
    login(page, ready.sari)
    record_what_was_held(page)
    login(page, ready.finance)
    rows = approve_and_export(page, tmp_path, month="2027-03")
    sign_out(page)

    assert [(row["Nimi"], row["Minuutit"], row["Yhteensä €"]) for row in rows] == [
        ("Aino Testilä", "240", "100,00")
    ]


def another_language_and_back(page: Page) -> None:
    """The drop-down boxes above open by themselves."""
    page.goto("/account/login/")
    for now, name, language in (("FI", "svenska", "sv"), ("SV", "suomi", "fi")):
        page.locator("header summary", has_text=now).click()
        page.get_by_role("button", name=name).click()
        expect(page.locator("html")).to_have_attribute("lang", language)


def book(page: Page) -> None:
    page.goto("/unit/")
    page.get_by_text("Lisää", exact=True).click()  # the rest of the menu
    expect(page.get_by_role("link", name="Kalenteri")).to_be_visible()
    page.get_by_role("link", name="Tilaa").click()
    page.get_by_role("button", name="Lähetä tilaus").click()
    expect(page.get_by_text("Tarkista nämä")).to_be_visible()
    page.get_by_role("link", name="Päivä").click()  # the summary of errors leads to the field
    page.get_by_role("radio", name="aulatapaaminen").check()
    page.get_by_label("Päivä", exact=True).fill("4.3.")
    page.get_by_label("Alkaa").fill("930")
    page.get_by_label("Päättyy").fill("13.30")
    page.get_by_label("Paikka").select_option(label="Aula, 1. kerros")
    page.get_by_role("button", name="Näytä, mitä tilauksesta tulee").click()
    expect(page.get_by_role("complementary")).to_contain_text("100,00")
    page.get_by_role("button", name="Lähetä tilaus").click()
    expect(page.locator("#messages")).to_contain_text("Kiitos")
    assert Booking.objects.get().starts_on == dt.date(2027, 3, 4)


def accept_and_assign(page: Page, name: str) -> None:
    page.goto("/bookings/")
    page.get_by_role("link", name="Aulatapaaminen").click()
    page.get_by_role("button", name="Hyväksy", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("Hyväksytty")
    page.goto(f"/sessions/{Session.objects.get().pk}/")
    page.get_by_role("button", name=f"Valitse {name}").click()
    expect(page.locator("#messages")).to_contain_text("saa viestin")


def take_it_give_it_up_and_take_it_back(page: Page) -> None:
    page.goto(f"/shifts/{Assignment.objects.get().pk}/")
    page.get_by_role("button", name="Otan vuoron").click()
    page.goto("/me/")
    page.get_by_role("link", name="En pääse").click()
    page.get_by_role("button", name="Kyllä, en pääse").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kiitos, että kerroit")
    page.get_by_role("button", name="Pääsenkin sittenkin").click()
    expect(page.get_by_role("link", name="En pääse")).to_be_visible()


def count(page: Page) -> None:
    """The field itself is the counter: its buttons are gone."""
    page.goto("/me/")
    page.get_by_role("link", name="Kirjaa kohtaamiset").click()
    expect(page.get_by_role("button", name="Yksi lisää")).to_have_count(0)
    page.get_by_label("Asiakkaita ennen vastaanottoa").fill("3")
    page.get_by_text("Halutessasi myös nämä").click()
    page.get_by_label("Ohjattu eteenpäin").fill("1")
    page.get_by_role("button", name="Valmis").click()
    page.wait_for_load_state()
    tally = Assignment.objects.select_related("tally").get(state="confirmed").tally
    assert (tally.client_before, tally.guided_onward) == (3, 1)


def record_what_was_held(page: Page) -> None:
    page.goto("/unit/")
    page.get_by_role("link", name="Kirjaa").first.click()
    page.get_by_role("button", name="Kirjaa").click()
    expect(page.locator("#messages")).to_contain_text("Kirjattu. Kiitos.")
    page.goto("/unit/sessions/past/")
    expect(page.get_by_role("row", name="aulatapaaminen")).to_contain_text("Aino Testilä")


def sign_out(page: Page) -> None:
    page.locator("header summary", has_text="Oma tili").click()
    page.get_by_role("button", name="Kirjaudu ulos").click()
    expect(page.get_by_role("button", name="Kirjaudu sisään")).to_be_visible()
