"""A coordinator brings a register in: uploads, sees what is wrong, leaves it out, writes; a real
worker does the work.
"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from coordination.models import RegisterImport
from experts.models import Expert
from tests.coordination.register_import.helpers import REGISTER

PHONE = {"width": 360, "height": 740}


def _overflow(page: Page) -> int:
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def _upload(page: Page) -> None:
    page.goto("/register-import/")
    page.get_by_label("Työkirja").set_input_files(REGISTER)
    page.get_by_role("button", name="Lähetä ja katso").click()


def test_from_the_file_to_the_people(
    celery_worker: Any,
    cast: Any,
    page: Page,
    login: Callable[..., None],
    assert_accessible: Callable[[Page], None],
    shoot: Callable[..., None],
) -> None:
    Expert.objects.all().update(payroll_number="")  # the cast has some of the register's numbers
    login(page, cast.coordinator)
    page.goto("/register-import/")
    assert_accessible(page)
    shoot(page, "register-import")
    _upload(page)
    expect(page.get_by_role("heading", name="register.xlsx")).to_be_visible()
    # the page follows the worker by itself
    button = page.get_by_role("button", name="Tallenna 282 riviä")
    expect(button).to_be_visible(timeout=60_000)
    assert_accessible(page)
    shoot(page, "register-import-preview")
    expect(page.get_by_text("Tarkoititko Tampere?")).to_be_visible()
    page.get_by_role("link", name="Varoitukset").click()
    expect(page.get_by_text("29.3.2027 on pyhäpäivä")).to_have_count(3)
    button.click()
    expect(page.get_by_text("Joillakin riveillä on virheitä.").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Jätä virheelliset rivit pois ja tallenna muut").check()
    page.get_by_role("button", name="Tallenna 282 riviä").click()
    expect(page.get_by_text("282 riviä tallennettiin.")).to_be_visible(timeout=120_000)
    assert_accessible(page)
    assert Expert.objects.filter(name="Soini Hahmola").count() == 1
    assert RegisterImport.objects.get().content is None


def test_on_a_phone_without_javascript(
    celery_worker: Any,
    cast: Any,
    open_page: Callable[..., Page],
    login: Callable[..., None],
    shoot: Callable[..., None],
) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=False)
    login(page, cast.coordinator)
    _upload(page)
    # the page loads itself anew every five seconds until there is something to see
    expect(page.get_by_role("heading", name="Rivi riviltä")).to_be_visible(timeout=60_000)
    shoot(page, "register-import-phone")
    page.get_by_role("link", name="Uudet").click()
    expect(page.get_by_text("Soini Hahmola").first).to_be_visible()
    page.get_by_role("button", name="Älä tallenna, poista tiedosto").click()
    expect(page.get_by_text("Mitään ei tallennettu.").first).to_be_visible()
    assert RegisterImport.objects.get().content is None


def test_the_preview_fits_a_phone(
    celery_worker: Any,
    cast: Any,
    open_page: Callable[..., Page],
    login: Callable[..., None],
    assert_accessible: Callable[[Page], None],
) -> None:
    page = open_page(viewport=PHONE)
    login(page, cast.coordinator)
    _upload(page)
    expect(page.get_by_role("heading", name="Rivi riviltä")).to_be_visible(timeout=60_000)
    preview = page.url
    for show in ("error", "warning", "new"):
        page.goto(f"{preview}?show={show}")
        assert_accessible(page)
        assert _overflow(page) == 0
