"""Every scheduling page, as each who sees it: no axe violation, no sideways scrolling on a phone."""

import pytest
import time_machine as tm

from coordination.models import User
from scheduling.services import answers
from tests.browser.reading import Reader
from tests.cast import Cast
from tests.scheduling.conftest import ready  # noqa: F401 — a fixture
from tests.scheduling.makers import NOW
from tests.scheduling.pages.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(ready: Cast, time_machine: tm.TimeMachineFixture) -> World:  # noqa: F811 — the fixture
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


@pytest.mark.parametrize("who", ["coordinator", "clinic", "aino", "eero"])
def test_every_page_is_accessible(who: str, world: World, reader: Reader) -> None:
    user, addresses = pages_of(world)[who]
    for name, address in addresses.items():
        assert reader.look_at(address, user, status=404 if "broken" in name else 200)
