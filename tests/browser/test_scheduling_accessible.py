"""Every scheduling page, as each who sees it: no axe violation, no sideways scrolling on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine as tm
from playwright.sync_api import Page

from coordination.models import User
from scheduling.services import answers
from tests.browser.conftest import DESKTOP, PHONE
from tests.cast import Cast
from tests.scheduling.conftest import ready  # noqa: F401 — a fixture
from tests.scheduling.makers import NOW
from tests.scheduling.pages.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(live_server: Any, ready: Cast, time_machine: tm.TimeMachineFixture) -> World:  # noqa: F811 — the fixture
    time_machine.move_to(NOW)
    return make_world(ready)


def pages_of(world: World) -> dict[str, tuple[User, dict[str, str]]]:
    """Who looks at what: name of the picture → address."""
    w, cast = world, world.cast
    coordinator = {
        "today": "/today/",
        "board": "/board/",
        "board-open": "/board/?open=on&density=compact",
        "session-open": f"/sessions/{w.open_session.pk}/",
        "session-group": f"/sessions/{w.group.pk}/",
        "session-draft": f"/sessions/{w.draft.pk}/",
        "session-given-up": f"/sessions/{w.given_up.pk}/",
        "session-past": f"/sessions/{w.past.pk}/",
        "session-new": "/sessions/new/",
        "session-edit": f"/sessions/{w.group.pk}/edit/",
        "session-cancel": f"/sessions/{w.group.pk}/cancel/",
        "assign-why": f"/sessions/{w.given_up.pk}/assign/{w.others[0].pk}/",
        "seat-release": f"/seats/{w.aino_shift.pk}/release/",
        "bookings": "/bookings/",
        "booking-decide": f"/bookings/{w.requested.pk}/",
        "booking-accepted": f"/bookings/{w.accepted.pk}/",
    }
    clinic = {
        "unit": "/unit/",
        "unit-sessions": "/unit/sessions/",
        "unit-session": f"/sessions/{w.open_session.pk}/",
        "book": "/book/",
        "unit-bookings": "/bookings/",
        "unit-booking": f"/bookings/{w.requested.pk}/",
        "unit-withdraw": f"/bookings/{w.requested.pk}/withdraw/",
    }
    aino = {
        "me": "/me/",
        "shift": f"/shifts/{w.aino_shift.pk}/",
        "shifts": "/shifts/",
        "shifts-past": "/shifts/past/",
        "release": f"/shifts/{w.aino_shift.pk}/release/",
        "tally": f"/shifts/{w.past.assignments.get().pk}/tally/",
    }
    eero = {
        "me-asked": "/me/",
        "proposal": f"/shifts/{w.eero_proposal.pk}/",
        "answer": answers.link_for_assignment(w.eero_proposal),
        "answer-offer": answers.link_for_offer(w.eero_offer),
        "answer-broken": "/a/nothing/",
    }
    return {
        "coordinator": (cast.coordinator, coordinator),
        "clinic": (cast.sari, clinic),
        "aino": (cast.aino.user, aino),
        "eero": (cast.eero.user, eero),
    }


LOOKS: dict[str, dict[str, Any]] = {
    "fi-1280": {"viewport": DESKTOP},
    "fi-360": {"viewport": PHONE},
    "sv-1280-dark": {"viewport": DESKTOP, "color_scheme": "dark", "locale": "sv-FI"},
    "sv-360-dark": {"viewport": PHONE, "color_scheme": "dark", "locale": "sv-FI"},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", ["coordinator", "clinic", "aino", "eero"])
def test_every_page_is_accessible(
    who: str,
    look: str,
    world: World,
    open_page: Callable[..., Page],
    login: Callable[[Page, User], None],
    assert_accessible: Callable[[Page], None],
    shoot: Callable[[Page, str], None],
) -> None:
    user, addresses = pages_of(world)[who]
    if look.startswith("sv"):
        User.objects.filter(pk=user.pk).update(language="sv")
        world.cast.eero.expert.__class__.objects.update(language="sv")
    page = open_page(**LOOKS[look])
    login(page, user)
    problems = []
    for name, address in addresses.items():
        answer = page.goto(address, wait_until="networkidle")
        assert answer
        if answer.status != (404 if "broken" in name else 200):
            problems.append(f"{address} answers {answer.status}")
        shoot(page, f"scheduling-{name}-{look}")
        try:
            assert_accessible(page)
        except AssertionError as found:
            problems.append(str(found))
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            problems.append(f"{address} scrolls sideways by {wide} px")
    assert not problems, "\n".join(problems)
