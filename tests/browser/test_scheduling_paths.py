"""What people do, as they do it: with and without script, once by keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine as tm
from playwright.sync_api import Page, expect

from coordination.models import User
from scheduling.models import Assignment, AssignmentState, Booking, BookingState, Tally
from scheduling.services import answers
from tests.browser.reading import PHONE
from tests.cast import Cast
from tests.scheduling.conftest import ready  # noqa: F401 — a fixture
from tests.scheduling.makers import NOW, claim_seat, make_session

pytestmark = pytest.mark.django_db(transaction=True)
Login = Callable[[Page, User], None]
OpenPage = Callable[..., Page]


@pytest.fixture
def people(live_server: Any, ready: Cast, time_machine: tm.TimeMachineFixture) -> Cast:  # noqa: F811 — the fixture
    time_machine.move_to(NOW)
    return ready


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def any_page(request: pytest.FixtureRequest, open_page: OpenPage) -> OpenPage:
    """Pages with script and without."""
    return lambda **options: open_page(java_script_enabled=request.param, **options)


def state_of(row: Assignment) -> str:
    row.refresh_from_db()
    return row.state


def test_a_unit_books_and_a_coordinator_accepts(
    people: Cast, any_page: OpenPage, login: Login
) -> None:
    sari = any_page()
    login(sari, people.sari)
    sari.goto("/unit/")
    sari.get_by_role("link", name="Uusi tilaus").first.click()
    sari.get_by_role("radio", name="aulatapaaminen").check()
    sari.get_by_label("Päivä").fill("4.3.")
    sari.get_by_label("Alkaa").fill("930")
    sari.get_by_label("Päättyy").fill("13.30")
    sari.get_by_label("Toistuu", exact=True).select_option("1")
    sari.get_by_label("Toistuu asti").fill("27.5.2027")
    sari.get_by_label("Paikka").select_option(label="Aula, 1. kerros")
    sari.get_by_role("button", name="Näytä, mitä tilauksesta tulee").click()
    beside = sari.get_by_role("complementary")
    expect(beside).to_contain_text("12 kertaa")
    expect(beside).to_contain_text("Helatorstai")
    expect(sari.get_by_label("Alkaa")).to_have_value("930")
    sari.get_by_role("button", name="Lähetä tilaus").click()
    expect(sari.get_by_role("status").or_(sari.locator("#messages"))).to_contain_text("Kiitos")

    kaisa = any_page()
    login(kaisa, people.coordinator)
    kaisa.goto("/today/")
    kaisa.get_by_role("link", name="Sastamalan poliklinikka: to 4.3.2027").click()
    kaisa.get_by_role("button", name="Hyväksy", exact=True).click()
    expect(kaisa.locator("#messages")).to_contain_text("Hyväksytty")

    booking = Booking.objects.get()
    assert booking.state == BookingState.ACCEPTED
    assert booking.sessions.count() == 12


def test_the_preview_follows_while_one_types(
    people: Cast, open_page: OpenPage, login: Login
) -> None:
    sari = open_page()
    login(sari, people.sari)
    sari.goto("/book/")
    sari.get_by_role("radio", name="aulatapaaminen").check()
    sari.get_by_label("Päivä").fill("4.3.")
    sari.get_by_label("Alkaa").fill("9")
    sari.get_by_label("Paikka").select_option(label="Aula, 1. kerros")
    sari.get_by_label("Kieli").focus()

    expect(sari.get_by_role("complementary")).to_contain_text("1 kerta")
    assert not Booking.objects.exists()


def test_a_coordinator_chooses_and_the_expert_answers_from_the_mail(
    people: Cast, any_page: OpenPage, login: Login
) -> None:
    session = make_session(people.sastamala)
    kaisa = any_page()
    login(kaisa, people.coordinator)
    kaisa.goto(f"/sessions/{session.pk}/")
    kaisa.get_by_role("button", name="Valitse Aino Testilä").click()
    expect(kaisa.locator("#messages")).to_contain_text("Aino Testilä saa viestin")
    proposal = Assignment.objects.get()

    phone = any_page(viewport=PHONE)
    phone.goto(answers.link_for_assignment(proposal))
    phone.get_by_role("group").filter(has_text="FI").locator("summary").click()
    phone.get_by_role("button", name="svenska").click()
    phone.get_by_role("button", name="Jag tar passet").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Passet är ditt. Tack.")

    assert state_of(proposal) == AssignmentState.CONFIRMED


def test_an_expert_cannot_come_and_then_can(people: Cast, any_page: OpenPage, login: Login) -> None:
    session = make_session(people.sastamala)
    shift = claim_seat(session, expert=people.aino.expert, by=None, now=NOW)
    phone = any_page(viewport=PHONE)
    login(phone, people.aino.user)
    phone.goto("/me/")

    phone.get_by_role("link", name="En pääse").click()
    expect(phone.get_by_text("Syytä ei tarvitse kertoa.")).to_be_visible()
    phone.get_by_role("button", name="Kyllä, en pääse").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(
        "Kiitos, että kerroit. Me hoidamme loput."
    )
    assert state_of(shift) == AssignmentState.RELEASED

    phone.get_by_role("button", name="Pääsenkin sittenkin").click()
    expect(phone.locator("#messages")).to_contain_text("Vuoro on taas sinun.")
    assert state_of(shift) == AssignmentState.CONFIRMED


def test_an_expert_counts(
    people: Cast, any_page: OpenPage, login: Login, time_machine: tm.TimeMachineFixture
) -> None:
    session = make_session(people.sastamala)
    claim_seat(session, expert=people.aino.expert, by=None, now=NOW)
    time_machine.move_to(session.ends_at)
    phone = any_page(viewport=PHONE)
    login(phone, people.aino.user)
    phone.goto("/me/")
    phone.get_by_role("link", name="Kirjaa kohtaamiset").first.click()

    plus = phone.get_by_role("button", name="Yksi lisää")
    if plus.first.is_visible():
        for _ in range(3):
            plus.first.click()
    else:
        phone.get_by_label("Asiakkaita ennen vastaanottoa").fill("3")
    phone.get_by_role("button", name="Valmis").click()

    expect(phone.locator("#messages")).to_contain_text("Kirjattu")
    assert Tally.objects.get().client_before == 3


def test_counts_wait_on_the_phone_while_there_is_no_network(
    people: Cast, open_page: OpenPage, login: Login, time_machine: tm.TimeMachineFixture
) -> None:
    session = make_session(people.sastamala)
    shift = claim_seat(session, expert=people.aino.expert, by=None, now=NOW)
    time_machine.move_to(session.ends_at)
    phone = open_page(viewport=PHONE)
    login(phone, people.aino.user)
    phone.goto(f"/shifts/{shift.pk}/tally/")
    phone.context.set_offline(True)

    phone.get_by_role("button", name="Yksi lisää").first.click()
    phone.get_by_role("button", name="Valmis").click()
    expect(phone.get_by_text("Verkkoyhteyttä ei ole.")).to_be_visible()
    assert not Tally.objects.exists()

    phone.context.set_offline(False)
    expect(phone.locator("#messages")).to_contain_text("Kirjattu")
    assert Tally.objects.get().client_before == 1


def test_a_double_click_asks_once(people: Cast, any_page: OpenPage, login: Login) -> None:
    session = make_session(people.sastamala)
    kaisa = any_page()
    login(kaisa, people.coordinator)
    kaisa.goto(f"/sessions/{session.pk}/")

    kaisa.get_by_role("button", name="Valitse Aino Testilä").dblclick()

    expect(kaisa.locator("#messages")).not_to_be_empty()
    assert Assignment.objects.count() == 1


def test_by_keyboard_alone_from_the_board_to_a_choice(
    people: Cast, open_page: OpenPage, login: Login
) -> None:
    first = make_session(people.nokia, "2027-03-02 09:30")
    second = make_session(people.sastamala, "2027-03-04 09:30")
    page = open_page()
    login(page, people.coordinator)
    page.goto("/board/")

    def focused() -> str:
        return str(page.evaluate("document.activeElement.getAttribute('href')"))

    for _ in range(60):
        page.keyboard.press("Tab")
        if focused().startswith("/sessions/") and "new" not in focused():
            break
    assert focused() == f"/sessions/{first.pk}/"
    page.keyboard.press("End")
    assert focused() == f"/sessions/{second.pk}/"
    page.keyboard.press("Home")
    assert focused() == f"/sessions/{first.pk}/"
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/sessions/{second.pk}/")

    name = "document.activeElement.textContent.trim()"
    for _ in range(60):
        page.keyboard.press("Tab")
        if str(page.evaluate(name)).startswith("Valitse"):
            break
    page.keyboard.press("Enter")

    expect(page.locator("#messages")).to_contain_text("saa viestin")
    assert Assignment.objects.get().session == second
