"""axe looks at every page of every role, on a phone; which pages there are is read from the table of routes.

The table is whole (contracts/test_routes.py: each address has a line), so a new page is here by itself.
Each page is rendered inside a transaction that is undone, and handed to the browser with its own
headers: no server, no commit, and pages with different worlds do not get in each other's way.
"""

import mimetypes
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route

from coordination import clock
from coordination.models import User
from coordination.routes import all_routes
from scheduling.feeds import tokens
from tests.browser.conftest import PHONE
from tests.cast import Cast
from tests.contracts.routes.table import PEOPLE, Row
from tests.contracts.test_routes import TABLE, undone

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
HTML = "text/html"
NO_PAGES = {
    "healthz": "JSON",
    "root": "leads to one's first page",
    "second_factor": "leads to the ways one may set up",
    "feed": "a calendar file",
    "register_import_progress": "a piece of a page",
    "scheduling:open_seats": "a piece of Today",
    "scheduling:plan_progress": "a piece of a page",
    "mfa_download_recovery_codes": "a file",
    "mfa_login_webauthn": "JSON for the log-in page",
    "mfa_authenticate": "in the midst of a log-in: coordination/accounts",
    "account_confirm_login_code": "in the midst of a log-in: coordination/accounts",
    "mfa_reauthenticate_webauthn": "with a passkey at hand: test_passkeys.py",
    "account_set_password": "for accounts without a password, which nobody here is",
    "scheduling:answer": "with a link in force: test_scheduling_accessible.py",
}
"""Addresses that no page of this test shows, and why."""


def _recent(client: Client, user: User) -> None:
    """The person has proved a moment ago who they are."""
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True},
        {"method": "mfa", "at": time.time(), "type": "totp", "id": 0},
    ]
    session.save()


def _own_feed(cast: Cast) -> None:
    tokens.issue(cast.aino.expert, instead_of=None, by=cast.aino.user, now=clock.now())


def _unit_feed(cast: Cast) -> None:
    tokens.issue(cast.sastamala.unit, instead_of=None, by=cast.sari, now=clock.now())


def _codes(cast: Cast) -> None:
    RecoveryCodes.activate(cast.coordinator)


def _nothing(_cast: Cast) -> None:
    pass


STATES: dict[str, tuple[str, Callable[[Cast], None]]] = {
    "feed_own_renew": ("E", _own_feed),
    "feed_unit_renew": ("S", _unit_feed),
    "mfa_activate_totp": ("S", _nothing),
    "mfa_deactivate_totp": ("C", _nothing),
    "mfa_generate_recovery_codes": ("C", _nothing),
    "mfa_view_recovery_codes": ("C", _codes),
    "mfa_add_webauthn": ("C", _nothing),
    "mfa_remove_webauthn": ("E", _nothing),
    "mfa_edit_webauthn": ("E", _nothing),
}
"""Pages that need more than the table's world: who sees them, and what makes them show."""


def rows_of(letter: str) -> list[Row]:
    """The lines whose GET answers this person with a page (or a file, which is no page)."""
    return [
        row
        for row in TABLE
        if row.expected(letter, "GET", is_other=False) == 200
        and (row.name == "api:docs" or not row.name.startswith("api:"))
    ]


def test_no_page_is_left_out() -> None:
    """Every address that GET may be asked of is rendered for somebody below, or says above why not."""
    asked = {
        row.name
        for row in TABLE
        if any(row.expected(letter, "GET", is_other=False) != 405 for letter in row.who)
        and not row.name.startswith("api:")  # JSON
    }
    seen = {row.name for letter in (*PEOPLE, "!") for row in rows_of(letter)}
    assert sorted(asked - seen - set(STATES) - set(NO_PAGES)) == []
    assert sorted(set(STATES) & set(NO_PAGES)) == []
    assert asked <= {route.name for route in all_routes()}


@cache
def _static(path: str) -> tuple[bytes, str]:
    found = finders.find(path)
    assert isinstance(found, str), path
    return Path(found).read_bytes(), mimetypes.guess_type(path)[0] or "application/octet-stream"


class Reader:
    """A browser that is handed one page at a time."""

    def __init__(self, page: Page) -> None:
        self.page, self.pages = page, dict[str, Any]()
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda said: self._hear(said.text))
        page.route("**/*", self._answer)

    def _hear(self, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.problems.append(text)

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            body, kind = _static(path.removeprefix("/static/"))
            route.fulfill(body=body, content_type=kind)
        elif route.request.is_navigation_request() and path in self.pages:
            response = self.pages[path]
            route.fulfill(body=response.content, headers=dict(response.items()))
        else:
            route.fulfill(status=204)

    def open(self, url: str, response: Any) -> None:
        self.pages = {url: response}
        self.page.goto(f"{SITE}{url}")


@pytest.fixture
def reader(browser: Browser) -> Any:
    context = browser.new_context(locale="fi-FI", viewport=PHONE, reduced_motion="reduce")  # type: ignore[arg-type]  # a TypedDict with these very keys
    context.set_default_timeout(20_000)
    yield Reader(context.new_page())
    context.close()


@pytest.mark.parametrize("name", STATES)
def test_a_page_in_another_state_is_accessible(
    name: str, cast: Cast, reader: Reader, assert_accessible: Callable[[Page], None]
) -> None:
    letter, prepare = STATES[name]
    (row,) = (row for row in TABLE if row.name == name)
    client = Client()
    user = cast.everybody[PEOPLE[letter]]
    client.force_login(user)
    _recent(client, user)
    prepare(cast)
    url = reverse(name, args=row.own(cast) if row.own else [])
    response: Any = client.get(url)
    assert response.status_code == 200
    reader.open(url, response)
    assert not _problems(reader.page, row, assert_accessible) + reader.problems


@pytest.mark.parametrize("letter", [*PEOPLE, "!"])
def test_every_page_is_accessible(
    letter: str, cast: Cast, reader: Reader, assert_accessible: Callable[[Page], None]
) -> None:
    looked_at, problems = 0, list[str]()
    for row in rows_of(letter):
        client = Client()
        if letter != "!":
            client.force_login(cast.everybody[PEOPLE[letter]])
        with undone():
            url = reverse(row.name, args=row.own(cast) if row.own else [])
            response: Any = client.get(url)
        if row.name in NO_PAGES or not response["Content-Type"].startswith(HTML):
            continue
        reader.open(url, response)
        looked_at += 1
        problems += _problems(reader.page, row, assert_accessible)
    assert not problems + reader.problems, "\n".join(problems + reader.problems)
    assert (
        looked_at >= 3
    )  # each role has a first page, an account and its keys; a stranger the log-in


def _problems(page: Page, row: Row, assert_accessible: Callable[[Page], None]) -> list[str]:
    found = []
    try:
        assert_accessible(page)
    except AssertionError as error:
        found.append(f"{row.name}: {error}")
    if (headings := page.locator("h1").count()) != 1:
        found.append(f"{row.name} has {headings} main headings")
    if (wide := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        found.append(f"{row.name} scrolls sideways by {wide} px")
    return found
