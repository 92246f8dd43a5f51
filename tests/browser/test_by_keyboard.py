"""A coordinator who uses no mouse: a series is changed and a month is planned with Tab, Enter and Space alone.

On every step of the way the focus can be seen: inside the window, under nothing, with a ring.
"""

from collections.abc import Callable

import pytest
import time_machine as tm
from playwright.sync_api import Page, expect

from coordination.models import User
from experts.models import Expert
from scheduling.models import PlanRun, PlanState, Series
from scheduling.services import plan_publish, plan_work
from tests.cast import Cast
from tests.scheduling.conftest import ready  # noqa: F401 — a fixture
from tests.scheduling.makers import NOW, local
from tests.scheduling.plans.makers import make_people, make_sessions
from tests.scheduling.services.test_series_changes import make_series

pytestmark = pytest.mark.django_db(transaction=True)
Login = Callable[[Page, User], None]
MOST = 90
"""Presses of Tab: who needs more has lost the way."""

FOCUSED = """() => {
    const at = document.activeElement;
    const box = at.getBoundingClientRect();
    const ringed = [at, at.closest(".choice-card")].some(
        (one) => one && parseFloat(getComputedStyle(one).outlineWidth) > 0
            && getComputedStyle(one).outlineStyle !== "none");
    const x = box.left + Math.min(box.width / 2, innerWidth - 1), y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    const labels = [...(at.labels || [])].map((label) => label.textContent).join(" ");
    const words = (at.getAttribute("aria-label") || labels || at.textContent || "");
    return {
        name: words.replace(/\\u00ad/g, "").replace(/\\s+/g, " ").trim(),
        seen: ringed && !!top && (at === top || at.contains(top) || top.contains(at)),
    };
}"""


class Keys:
    """Hands that know only the keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str) -> None:
        """Tab until the thing of this name (its beginning) has the focus; all on the way is seen."""
        passed = []
        for _press in range(MOST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                break  # past the last one
            focused = self.page.evaluate(FOCUSED)
            passed.append(focused["name"])
            assert focused["seen"], f"{self.page.url}: {focused['name']} has the focus, unseen"
            if focused["name"].startswith(name):
                return
        raise AssertionError(f"{self.page.url}: {name} is not reached, but {passed}")

    def press(self, name: str, key: str = "Enter") -> None:
        self.to(name)
        self.page.keyboard.press(key)

    def leads(self, name: str) -> None:
        """As `press`, to another page, past its menu."""
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.begin()

    def begin(self) -> None:
        """Past the menu of a page just opened, unless the page put the focus where to go on."""
        if self.page.evaluate("document.activeElement === document.body"):
            self.press("Siirry sisältöön")

    def types(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)


@pytest.fixture
def keys(page: Page) -> Keys:
    return Keys(page)


def test_a_series_is_changed_from_a_day_on(
    keys: Keys,
    ready: Cast,  # noqa: F811 — the fixture
    login: Login,
    time_machine: tm.TimeMachineFixture,
) -> None:
    time_machine.move_to(NOW)
    series = make_series(ready)
    login(keys.page, ready.coordinator)
    keys.page.goto(f"/series/{series.pk}/")
    keys.begin()
    keys.leads("Muuta sarjaa")
    keys.to("Mikä muuttuu")
    keys.page.keyboard.press("ArrowDown")
    keys.page.keyboard.press("ArrowDown")
    keys.types("Alkaa", "13.00")
    keys.types("Päättyy", "16.00")
    keys.leads("Näytä, mitä tapahtuisi")
    before = Series.objects.count()
    keys.leads("Tallenna muutokset")

    later = Series.objects.latest("pk")
    assert Series.objects.count() == before + 1
    assert later.starts_time.hour == 13
    expect(keys.page.locator("#messages, [role=status]").first).to_be_visible()


def test_a_month_is_planned_changed_and_published(
    keys: Keys,
    ready: Cast,  # noqa: F811 — the fixture
    login: Login,
    time_machine: tm.TimeMachineFixture,
) -> None:
    time_machine.move_to(NOW)
    Expert.objects.update(status="ended", ended_on="2027-01-01")
    make_people(ready, 2)
    first, second = make_sessions(ready, 2)
    login(keys.page, ready.coordinator)
    keys.page.goto("/plans/")
    keys.begin()
    keys.types("Ensimmäinen päivä", "1.3.2027")
    keys.types("Viimeinen päivä", "31.3.2027")
    keys.leads("Aloita suunnittelu")
    run = PlanRun.objects.get()
    for part in plan_work.prepare(run.pk, now=NOW):
        plan_work.plan_part(part, now=NOW)
    expect(keys.page.get_by_role("link", name="Julkaise…")).to_be_visible(timeout=20_000)

    keys.begin()
    keys.leads("ma 8.3.2027")
    keys.leads("Kiinnitä")
    keys.leads("Takaisin suunnitelmaan")
    keys.leads("ti 9.3.2027")
    keys.leads("Jätä tyhjäksi")
    keys.leads("Valitse Tekijä")
    keys.leads("Takaisin suunnitelmaan")
    keys.leads("Julkaise…")
    keys.leads("Julkaise")

    run.refresh_from_db()
    plan_publish.work(run.pk, now=NOW)
    run.refresh_from_db()
    assert run.state == PlanState.PUBLISHED
    assert [one.assignments.count() for one in (first, second)] == [1, 1]
    assert first.starts_at == local("2027-03-08 09:30")
