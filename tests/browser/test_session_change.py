"""A coordinator moves a session: who would not fit is decided about on the same page, on any device."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine as tm
from playwright.sync_api import Page, expect

from coordination.models import User
from experts.models import AvailabilityPattern
from scheduling.models import Overrule
from scheduling.services import assignments
from tests.browser.reading import DESKTOP, PHONE
from tests.cast import Cast
from tests.scheduling.conftest import ready  # noqa: F401 — a fixture
from tests.scheduling.makers import NOW, claim_seat, local, make_session

pytestmark = pytest.mark.django_db(transaction=True)
Login = Callable[[Page, User], None]
OpenPage = Callable[..., Page]


@pytest.mark.parametrize(
    "options",
    [{"viewport": DESKTOP}, {"viewport": PHONE, "java_script_enabled": False}],
    ids=["desk", "phone without script"],
)
def test_who_would_not_fit_is_taken_off_or_kept_with_a_word(
    live_server: Any,
    ready: Cast,  # noqa: F811 — the fixture
    open_page: OpenPage,
    login: Login,
    assert_accessible: Callable[[Page], None],
    time_machine: tm.TimeMachineFixture,
    options: dict[str, Any],
) -> None:
    time_machine.move_to(NOW)
    session = make_session(ready.sastamala, seats=2)
    for person in (ready.aino, ready.eero):
        claim_seat(session, expert=person.expert, by=None, now=NOW)
    busy = make_session(ready.nokia, "2027-03-05 09:30")
    row = assignments.propose(busy, expert=ready.aino.expert, overrules={}, by=None, now=NOW)
    assignments.confirm(row, by=None, now=NOW)
    AvailabilityPattern.objects.filter(expert=ready.eero.expert, weekday=4).delete()
    page = open_page(**options)
    login(page, ready.coordinator)

    page.goto(f"/sessions/{session.pk}/edit/")
    page.get_by_label("Päivä", exact=True).fill("5.3.2027")
    page.get_by_role("button", name="Tallenna muutokset").click()

    expect(
        page.get_by_role("checkbox", name="Poista vuorosta ja kerro: Aino Testilä")
    ).to_be_checked()
    eero = page.get_by_role("checkbox", name="Poista vuorosta ja kerro: Eero Kokeilu")
    expect(eero).not_to_be_checked()
    if options.get("java_script_enabled", True):
        assert_accessible(page)
    page.get_by_role("button", name="Tallenna muutokset").click()
    expect(page.get_by_text("Kirjoita muutamalla sanalla, miksi.").first).to_be_visible()
    page.get_by_label("Jää silti vuoroon, perustelu").fill("Sovittu puhelimessa")
    page.get_by_role("button", name="Tallenna muutokset").click()

    expect(page.locator("#messages, [role=status]").first).to_contain_text("Vuoroa on muutettu")
    session.refresh_from_db()
    assert session.starts_at == local("2027-03-05 09:30")
    assert dict(session.assignments.values_list("expert__name", "state")) == {
        "Aino Testilä": "cancelled",
        "Eero Kokeilu": "confirmed",
    }
    assert Overrule.objects.get().why == "Sovittu puhelimessa"
