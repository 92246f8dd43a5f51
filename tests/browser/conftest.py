"""A real Chromium against a real server, as a person would use the pages.

- `page` — a Finnish desktop browser on `live_server` (1280 × 800). `page.goto("/…")` takes paths.
- `open_page(**context_options)` — another one, such as `open_page(viewport=PHONE)`,
  `open_page(java_script_enabled=False)`, `open_page(color_scheme="dark", locale="sv-FI")`.
- `login(page, user)` — signs the user in by session cookie, second factor included.
- `reader.look_at(address, user)` — no server: the page alone, in all its looks (reading.py).
- `assert_accessible(page)` — no axe violation (WCAG 2.2 A and AA and axe's best practices).
- `shoot(page, name)` — with SCREENSHOTS=1, a full-page picture in build/screenshots.

A test fails when a page throws a script error or breaks the Content-Security-Policy.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from coordination.models import User
from tests.browser import reading
from tests.browser.reading import DESKTOP
from tests.harness.template import PROJECT

# Playwright's sync API keeps an event loop in this thread, which Django takes for an async context.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = (shutil.which(name) for name in SYSTEM_BROWSERS)
    path = os.environ.get("CHROMIUM") or next((name for name in found if name), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    contexts = []
    problems: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            problems.append(message.text)

    def open_page(**options: Any) -> Page:
        defaults = {"locale": "fi-FI", "timezone_id": "Europe/Helsinki", "viewport": DESKTOP}
        context = browser.new_context(
            base_url=live_server.url, reduced_motion="reduce", **(defaults | options)
        )
        context.set_default_timeout(10_000)
        context.set_default_navigation_timeout(
            60_000
        )  # the first page loads all templates, on a busy machine
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", hear)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def login(live_server: Any) -> Callable[[Page, User], None]:
    def login(page: Page, user: User) -> None:
        if user.needs_second_factor:
            kind = Authenticator.Type.TOTP
            Authenticator.objects.get_or_create(user=user, type=kind, defaults={"data": {}})
        client = Client()
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": 0, "email": user.email},
            {"method": "mfa", "at": 0, "type": "totp", "id": 0},
        ]
        session.save()
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        page.context.clear_cookies(name=name)
        page.context.add_cookies([cookie])  # type: ignore[list-item]  # a TypedDict with these very keys

    return login


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    def assert_accessible(page: Page) -> None:
        found = reading.violations(page, runOnly={"type": "tag", "values": reading.AXE_TAGS})
        assert not found, "\n".join(found)

    return assert_accessible


@pytest.fixture
def reader(browser: Browser) -> Iterator["reading.Reader"]:
    with reading.reader_in(browser) as reader:
        yield reader


@pytest.fixture
def shoot() -> Callable[..., None]:
    def shoot(page: Page, name: str) -> None:
        if os.environ.get("SCREENSHOTS") == "1":
            page.screenshot(path=PROJECT / "build" / "screenshots" / f"{name}.png", full_page=True)

    return shoot
