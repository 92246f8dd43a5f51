"""The shell, the design page, the log-in and the error pages in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

PHONE = {"width": 360, "height": 740}


def _overflow(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_design_page_is_accessible_and_fits(
    size: str,
    scheme: str,
    cast: Any,
    open_page: Callable[..., Page],
    login: Callable[..., None],
    assert_accessible: Callable[[Page], None],
    shoot: Callable[..., None],
) -> None:
    viewport = PHONE if size == "phone" else {"width": 1280, "height": 800}
    page = open_page(viewport=viewport, color_scheme=scheme)
    login(page, cast.administrator)
    page.goto("/design/")
    shoot(page, f"design-{size}-{scheme}")
    assert_accessible(page)
    assert _overflow(page) == 0


SIGN_IN_PAGES = ("account/login/", "account/login/code/", "account/password/reset/")


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("path", SIGN_IN_PAGES)
def test_sign_in_pages_are_accessible_and_fit(
    path: str,
    language: str,
    db: None,
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    shoot: Callable[..., None],
) -> None:
    page = open_page(viewport=PHONE, locale=f"{language}-FI")
    page.goto(f"/{path}")
    shoot(page, f"{path.strip('/').replace('/', '-')}-{language}")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    assert_accessible(page)
    assert _overflow(page) == 0


ACCOUNT_PAGES = (
    "account/2fa/",
    "account/2fa/totp/deactivate/",
    "account/2fa/webauthn/",
    "account/2fa/webauthn/add/",
    "account/2fa/recovery-codes/generate/",
    "account/password/change/",
    "account/logout/",
    "administration/",
    "nowhere/",
    "me/",
)


@pytest.mark.parametrize("path", ACCOUNT_PAGES)
def test_own_pages_are_accessible_and_fit(
    path: str,
    cast: Any,
    open_page: Callable[..., Page],
    login: Callable[..., None],
    assert_accessible: Callable[[Page], None],
    shoot: Callable[..., None],
) -> None:
    page = open_page(viewport=PHONE)
    login(page, cast.administrator)
    page.goto(f"/{path}")
    shoot(page, f"own-{path.strip('/').replace('/', '-')}")
    assert page.locator("h1").count() == 1
    assert_accessible(page)
    assert _overflow(page) == 0
