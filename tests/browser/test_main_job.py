"""The main job, as four people do it: from the spreadsheet to a file for payroll, right to the cent.

The workbook is the real one. Rows with errors are left out, so a lobby hour is worth 25,00 € (the
second, overlapping rate is one of the planted errors). Sastamala's agreement is paid by the project
until 31.3.2027 and by the county from 1.4.2027 on: one series, two payers.
"""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import icalendar
from playwright.sync_api import Page, expect

from coordination.models import OutboxMessage, RoleGrant, Unit, User
from coordination.permissions import Role
from experts.models import Expert
from experts.services import register
from scheduling.models import Assignment, Session
from tests.browser.money import approve_and_export
from tests.browser.reading import PHONE
from tests.cast import make_user
from tests.coordination.register_import.helpers import REGISTER
from tests.harness.worker import CeleryWorker

BEFORE = dt.datetime(2027, 3, 15, 7, tzinfo=dt.UTC)
AFTER = dt.datetime(2027, 4, 7, 7, tzinfo=dt.UTC)
FIRST_DAY, LAST_DAY = "30.3.2027", "6.4.2027"


def test_the_main_job(
    open_page: Callable[..., Page],
    login: Callable[[Page, User], None],
    celery_worker: CeleryWorker,
    live_server: Any,
    time_machine: Any,
    tmp_path: Path,
) -> None:
    coordinator = make_user(role=Role.COORDINATOR, name="Kaisa Koordinaattori")
    finance = make_user(role=Role.FINANCE, name="Tiina Talous")
    desk, phone = open_page(), open_page(viewport=PHONE)

    login(desk, coordinator)
    import_the_register(desk)
    sign_off_everybody(desk)
    unit = Unit.objects.get(name="Sastamalan psykiatrian poliklinikka")
    clinic = make_user(role=Role.CLINIC_CONTACT, unit=unit, name="Sari Sastamala")

    time_machine.move_to(BEFORE)
    login(desk, clinic)
    book_a_series(desk)
    login(desk, coordinator)
    accept_it(desk)

    sessions = list(Session.objects.filter(booking__isnull=False).order_by("starts_at"))
    assert [f"{one.starts_at:%d.%m.%Y %H:%M}" for one in sessions] == [
        "30.03.2027 06:00",
        "06.04.2027 06:00",
    ]
    first = assign_the_best(desk, sessions[0])
    second = assign(desk, sessions[1], first.expert)

    say_yes_by_the_link(phone, first)
    expert = with_an_account(first.expert)
    login(phone, expert)
    say_yes_on_the_page(phone, second)
    calendar_shows(phone, live_server.url, sessions)

    time_machine.move_to(AFTER)
    login(phone, expert)
    tally(phone, first)
    login(desk, clinic)
    record(desk, sessions[0], started="9.00", ended="12.00")
    record(desk, sessions[1], started="9.00", ended="12.20")

    login(desk, finance)
    rows = approve_and_export(desk, tmp_path, month="2027-04")
    name = first.expert.name
    assert [
        (row["Nimi"], row["Vuoron päivä"], row["Minuutit"], row["Yhteensä €"], row["Maksaja"])
        for row in rows
    ] == [
        (name, FIRST_DAY, "180", "75,00", "Kehittämishanke"),
        (name, LAST_DAY, "200", "83,33", "Pirkanmaan hyvinvointialue"),
    ]


def import_the_register(page: Page) -> None:
    page.goto("/register-import/")
    page.set_input_files("input[type=file]", REGISTER)
    page.get_by_role("button", name="Lähetä ja katso").click()
    page.locator("input[name=skip_errors]").check(timeout=120_000)
    page.get_by_role("button", name=re.compile(r"^Tallenna")).click()
    expect(page.get_by_text("Mitä tallennettiin")).to_be_visible(timeout=120_000)


def sign_off_everybody(page: Page) -> None:
    """The register says who is active; that they are ready is a coordinator's word."""
    page.goto("/experts/sign-off/")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="Hyväksy valitut").click()
    expect(page.get_by_text("Kaikki aktiiviset on hyväksytty")).to_be_visible()


def book_a_series(page: Page) -> None:
    page.goto("/book/")
    page.locator("input[name=kind][value=lobby_shift]").check(force=True)
    page.locator("[name=starts_on]").fill(FIRST_DAY)
    page.locator("[name=starts_time]").fill("9")
    page.locator("[name=ends_time]").fill("12")
    page.locator("[name=repeats]").select_option("1")
    page.locator("[name=ends_on]").fill(LAST_DAY)
    page.locator("[name=support_person]").fill("Tuija Tukeva")
    expect(page.locator("#booking-preview")).to_contain_text("150,00")
    page.locator("#booking-form button:not([name])").click()
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_url(re.compile(r"/bookings/\d+/"))


def accept_it(page: Page) -> None:
    page.goto("/bookings/")
    page.locator("main a[href^='/bookings/']:not([href*='?'])").first.click()
    page.locator("button[name=accept]").click()
    page.wait_for_load_state()


def assign_the_best(page: Page, session: Session) -> Assignment:
    """Takes the first of the list, after seeing reasons for and against."""
    page.goto(f"/sessions/{session.pk}/")
    expect(page.locator("#who .candidates li").first).to_be_visible()
    page.locator("#who .candidates li").first.locator("button, a.button").first.click()
    return _asked(page, session)


def assign(page: Page, session: Session, expert: Expert) -> Assignment:
    page.goto(f"/sessions/{session.pk}/")
    line = page.locator("#who .candidates > li", has_text=expert.name)
    line.locator("button, a.button").first.click()
    return _asked(page, session)


def _asked(page: Page, session: Session) -> Assignment:
    page.wait_for_load_state()
    if "/assign/" in page.url:  # something speaks against it: say why all the same
        for field in page.locator("form textarea, form input[type=text]").all():
            field.fill("Sovittu puhelimessa.")
        page.locator("form .button-main").click()
        page.wait_for_url(re.compile(rf"/sessions/{session.pk}/"))
    return Assignment.objects.select_related("expert").get(session=session)


def say_yes_by_the_link(page: Page, assignment: Assignment) -> None:
    """From the mail, without log-in; the link works once."""
    mails = OutboxMessage.objects.filter(to_email=assignment.expert.email, body__contains="/a/")
    mail = mails.order_by("pk").first()
    assert mail is not None
    found = re.search(r"/a/[^\s/]+/", mail.body)
    assert found is not None
    page.goto(found[0])
    expect(page.locator("main")).to_contain_text("Sastamala")
    page.locator("main button.button-main").first.click()
    page.wait_for_load_state()
    assignment.refresh_from_db()
    assert assignment.state == "confirmed"
    page.goto(found[0])
    expect(page.locator("main button.button-main")).to_have_count(0)


def with_an_account(expert: Expert) -> User:
    user = make_user(role=Role.EXPERT, email=expert.email, name=expert.name)
    assert RoleGrant.objects.filter(user=user).exists()
    assert register.link_user(user, now=BEFORE) == expert
    return user


def say_yes_on_the_page(page: Page, assignment: Assignment) -> None:
    page.goto(f"/shifts/{assignment.pk}/")
    page.locator("main button.button-main").first.click()
    page.wait_for_load_state()
    assignment.refresh_from_db()
    assert assignment.state == "confirmed"


def calendar_shows(page: Page, server: str, sessions: list[Session]) -> None:
    """The address made on the page shows both shifts; fetched again, nothing has changed."""
    page.goto("/feeds/own/")
    page.locator("main form button.button-main").click()
    address = page.locator("#feed-address").input_value()
    url = server + re.sub(r"^https?://[^/]+", "", address)
    first = page.request.get(url)
    starts = {event.start for event in icalendar.Calendar.from_ical(first.body()).events}
    assert {one.starts_at for one in sessions} <= starts
    again = page.request.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert again.status == 304


def tally(page: Page, assignment: Assignment) -> None:
    page.goto(f"/shifts/{assignment.pk}/tally/")
    counter = page.locator("[name=client_before]")
    counter.fill("4")
    page.get_by_role("button", name="Valmis").click()
    page.wait_for_load_state()
    assignment.refresh_from_db()
    assert assignment.tally.client_before == 4


def record(page: Page, session: Session, *, started: str, ended: str) -> None:
    page.goto(f"/closeout/{session.pk}/")
    page.locator("[name=starts_time]").fill(started)
    page.locator("[name=ends_time]").fill(ended)
    page.get_by_role("button", name="Kirjaa").click()
    expect(page.get_by_text("Kirjattu. Kiitos.")).to_be_visible()
