"""What must be seen is seen: nothing cut off, nothing behind the bar, no word broken in its middle."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine as tm
from playwright.sync_api import Locator, Page

from coordination import hyphens
from coordination.models import Unit, User
from scheduling.services import answers, assignments
from tests.cast import Cast
from tests.scheduling.conftest import ready  # noqa: F401 — a fixture
from tests.scheduling.makers import NOW, make_session

pytestmark = pytest.mark.django_db(transaction=True)
Login = Callable[[Page, User], None]
OpenPage = Callable[..., Page]


@pytest.fixture
def people(live_server: Any, ready: Cast, time_machine: tm.TimeMachineFixture) -> Cast:  # noqa: F811 — the fixture
    time_machine.move_to(NOW)
    return ready


def box(found: Locator) -> dict[str, float]:
    measured = found.bounding_box()
    assert measured is not None
    return {"top": measured["y"], "bottom": measured["y"] + measured["height"]}


@pytest.mark.parametrize("height", [568, 640, 740])
def test_the_answer_is_in_sight_on_a_phone(
    people: Cast, open_page: OpenPage, login: Login, height: int
) -> None:
    """Before anything is scrolled, and at the end of the page; signed in, and by the link alone."""
    session = make_session(people.sastamala, notes="Kahvit tarjolla. " * 12)
    row = assignments.propose(
        session, expert=people.aino.expert, overrules={}, by=people.coordinator, now=NOW
    )
    phone = open_page(viewport={"width": 360, "height": height})
    link = answers.link_for_assignment(row)

    for address in (link, f"/shifts/{row.pk}/"):
        phone.goto(address)
        floor: float = height
        if (bar := phone.locator(".menu-bottom")).count():
            floor = box(bar)["top"]
        for name in ("Otan vuoron", "En ota"):
            answer = phone.get_by_role("button", name=name, exact=True)
            assert box(answer)["top"] > 0
            assert box(answer)["bottom"] <= floor, (address, name)
        login(phone, people.aino.user)


@pytest.mark.parametrize("locale", ["fi-FI", "sv-FI", "en-GB"])
def test_no_word_of_the_menu_is_cut_off(
    people: Cast, open_page: OpenPage, login: Login, locale: str
) -> None:
    User.objects.update(language=locale[:2])
    page = open_page(locale=locale)
    for user, address in ((people.coordinator, "/today/"), (people.administrator, "/")):
        login(page, user)
        page.goto(address)
        cut = page.locator(".menu-side > div").evaluate(
            """box => [box, ...box.querySelectorAll("a, a span")]
                .filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth)
                .map(one => one.innerText)"""
        )
        assert cut == []


def test_a_long_name_on_the_board_breaks_between_syllables(
    people: Cast, open_page: OpenPage, login: Login
) -> None:
    Unit.objects.filter(pk=people.sastamala.unit.pk).update(name="Sastamalan mielenterveyspalvelut")
    make_session(people.sastamala)
    page = open_page()
    login(page, people.coordinator)
    page.goto("/board/")
    head = page.get_by_role("rowheader").filter(has_text="Sastamalan")

    assert head.evaluate("one => one.scrollWidth <= one.clientWidth")
    lines = head.evaluate(
        """one => {
            const text = one.firstChild, range = document.createRange(), tops = new Map();
            for (let i = 0; i < text.length; i++) {
                range.setStart(text, i); range.setEnd(text, i + 1);
                const rects = [...range.getClientRects()];
                const top = Math.round((rects.pop() || {top: -1}).top);
                tops.set(top, (tops.get(top) || "") + text.data[i]);
            }
            return [...tops.values()].map(line => line.trim());
        }"""
    )
    assert len(lines) > 1
    assert all(line.endswith((hyphens.SOFT_HYPHEN, "Sastamalan")) for line in lines[:-1]), lines
    text = " ".join(lines).replace(f"{hyphens.SOFT_HYPHEN} ", "").replace(hyphens.SOFT_HYPHEN, "")
    assert text == "Sastamalan mielenterveyspalvelut"
