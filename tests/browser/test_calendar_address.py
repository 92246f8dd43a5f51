"""An expert on a phone gives the calendar its address; without JavaScript it works too."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from coordination.models import User
from tests.browser.reading import PHONE
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_expert_makes_copies_renews_and_ends_an_address(
    cast: Cast,
    open_page: Callable[..., Page],
    login: Callable[[Page, User], None],
    assert_accessible: Callable[[Page], None],
    shoot: Callable[..., None],
    scheme: str,
) -> None:
    page = open_page(
        viewport=PHONE, color_scheme=scheme, permissions=["clipboard-read", "clipboard-write"]
    )
    login(page, cast.aino.user)
    page.goto("/feeds/")
    assert_accessible(page)
    shoot(page, f"feed-none-{scheme}")
    page.get_by_role("button", name="Luo osoite").click()
    address = page.get_by_label("Osoite").input_value()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    shoot(page, f"feed-address-{scheme}")
    page.get_by_role("button", name="Kopioi osoite").click()
    expect(page.get_by_role("button", name="Kopioitu")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.get_by_role("link", name="Kalenteri", exact=True).first.click()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    shoot(page, f"feed-in-use-{scheme}")
    page.get_by_role("link", name="Luo uusi osoite").click()
    assert_accessible(page)
    page.get_by_role("button", name="Luo uusi osoite").click()
    assert page.get_by_label("Osoite").input_value() != address
    page.goto("/feeds/own/end/")
    assert_accessible(page)
    page.get_by_role("button", name="Poista käytöstä").click()
    expect(page.get_by_text("Osoite ei ole enää käytössä.")).to_be_visible()


def test_it_works_without_javascript(
    cast: Cast, open_page: Callable[..., Page], login: Callable[[Page, User], None]
) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=False)
    login(page, cast.sari)
    page.goto("/feeds/")
    page.get_by_role("button", name="Luo osoite").click()
    assert "/feeds/" in page.get_by_label("Osoite").input_value()


def assert_no_sideways_scroll(page: Page) -> None:
    root: dict[str, Any] = page.evaluate(
        "({seen: document.documentElement.clientWidth, whole: document.documentElement.scrollWidth})"
    )
    assert root["whole"] <= root["seen"]
