"""Pages looked at one by one, without a server: each is rendered inside a transaction that is undone and
handed to the browser with its own headers. No commit, and worlds do not get in each other's way.
"""

import mimetypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from coordination.models import User
from tests.contracts.test_routes import undone

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
SITE = "http://testserver"
HTML = "text/html"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Prepare = Callable[[Client, User | None], None]


def nothing_more(_client: Client, _user: User | None) -> None:
    """Pages that need no more than somebody who is signed in."""


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

    def look_at(
        self,
        address: str,
        user: User | None,
        *,
        status: int = 200,
        prepare: Prepare = nothing_more,
        once: bool = False,
    ) -> bool:
        """Whether it was a page at all; what is wrong with it goes to `problems`.

        In Finnish on a phone axe looks at it, it has one main heading and does not scroll sideways.
        Unless only `once`, axe looks at its colours in the dark too and at the whole of it on a dark
        desktop, where it fits as well, and in Swedish it fits a phone.
        """
        response = answer(address, user, "fi", prepare)
        if response.status_code != status:
            self.problems.append(f"{address} answers {response.status_code}")
        if not response["Content-Type"].startswith(HTML):
            return False
        found = self.problems
        self._open(address, response)
        found += violations(self.page, runOnly={"type": "tag", "values": AXE_TAGS})
        if (headings := self.page.locator("h1").count()) != 1:
            found.append(f"{address} has {headings} main headings")
        self._fits(address, "fi 360")
        if once:
            return True
        self.page.emulate_media(color_scheme="dark")
        found += violations(self.page, runOnly={"type": "rule", "values": ["color-contrast"]})
        self.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # a TypedDict with these very keys
        found += violations(self.page, runOnly={"type": "tag", "values": AXE_TAGS})
        self._fits(address, "fi 1280")
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # the same
        self._open(address, answer(address, user, "sv", prepare))
        self._fits(address, "sv 360")
        return True

    def _open(self, address: str, response: Any) -> None:
        self.pages = {urlsplit(address).path: response}
        self.page.goto(f"{SITE}{address}")
        self.page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")

    def _fits(self, address: str, look: str) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            self.problems.append(f"{address} scrolls sideways by {wide} px ({look})")
        cut = "[...document.querySelectorAll('main .drop-box')].some(b => b.getBoundingClientRect().left < 0)"
        if self.page.evaluate(cut):
            self.problems.append(f"{address} opens a menu beyond the screen's edge ({look})")


@contextmanager
def reader_in(browser: Browser) -> Iterator[Reader]:
    """Fails at its end when anything was wrong with the pages it was handed."""
    context = browser.new_context(locale="fi-FI", viewport=PHONE, reduced_motion="reduce")  # type: ignore[arg-type]  # a TypedDict with these very keys
    context.set_default_timeout(20_000)
    reader = Reader(context.new_page())
    try:
        yield reader
    finally:
        context.close()
    assert not reader.problems, "\n".join(reader.problems)


def answer(address: str, user: User | None, language: str, prepare: Prepare) -> Any:
    """What this person gets in this language; what getting it wrote is undone."""
    client = Client(headers={"accept-language": language})
    with undone():
        if user is not None:
            User.objects.filter(pk=user.pk).update(language=language)
            client.force_login(user)
        prepare(client, user)
        return client.get(address)


def violations(page: Page, **options: Any) -> list[str]:
    """What axe finds on the page, with the first elements it finds it on."""
    results = Axe().run(page, options=options)
    return [
        f"{page.url}: {violation['id']} ({violation['impact']}): {violation['help']}\n    "
        + "\n    ".join(node["html"] for node in violation["nodes"][:5])
        for violation in results.response["violations"]
    ]


@cache
def _static(path: str) -> tuple[bytes, str]:
    found = finders.find(path)
    assert isinstance(found, str), path
    return Path(found).read_bytes(), mimetypes.guess_type(path)[0] or "application/octet-stream"
