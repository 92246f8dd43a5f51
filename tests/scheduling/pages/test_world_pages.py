"""Every page opens for who should see it, and for nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from scheduling.services import answers
from tests.cast import Cast
from tests.scheduling.pages.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(ready: Cast) -> World:
    return make_world(ready)


def addresses(w: World) -> dict[str, set[str]]:
    """GET address → who of the cast may open it."""
    staff, unit = {"coordinator"}, {"coordinator", "sari"}
    counted = w.past.assignments.get()
    return {
        "/today/": staff,
        "/board/": staff,
        "/sessions/new/": staff,
        f"/sessions/{w.open_session.pk}/": unit,
        f"/sessions/{w.draft.pk}/": unit,
        f"/sessions/{w.cancelled.pk}/": unit,
        f"/sessions/{w.group.pk}/": {"coordinator", "ilkka"},
        f"/sessions/{w.given_up.pk}/": staff,
        f"/sessions/{w.group.pk}/edit/": staff,
        f"/sessions/{w.group.pk}/cancel/": staff,
        f"/sessions/{w.open_session.pk}/assign/{w.cast.aino.expert.pk}/": staff,
        f"/seats/{w.aino_shift.pk}/release/": staff,
        f"/seats/{w.aino_shift.pk}/cancel/": staff,
        f"/seats/{w.eero_proposal.pk}/confirm/": staff,
        "/book/": {"coordinator", "sari", "ilkka"},
        "/bookings/": {"coordinator", "sari", "ilkka"},
        f"/bookings/{w.requested.pk}/": unit,
        f"/bookings/{w.accepted.pk}/": unit,
        f"/bookings/{w.requested.pk}/withdraw/": unit,
        "/unit/sessions/": {"coordinator", "sari", "ilkka"},
        "/unit/": {"coordinator", "sari", "ilkka"},
        "/me/": {"aino", "eero", "onni"},
        "/shifts/": {"aino", "eero", "onni"},
        "/shifts/past/": {"aino", "eero", "onni"},
        f"/shifts/{w.aino_shift.pk}/": {"aino"},
        f"/shifts/{w.aino_shift.pk}/release/": {"aino"},
        f"/shifts/{w.eero_proposal.pk}/": {"eero"},
        f"/shifts/{counted.pk}/tally/": {"aino", "coordinator", "sari"},
    }


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_who_may_open_what(world: World, sign_in: Callable[[Any], Client], language: str) -> None:
    expected = addresses(world)
    found: dict[str, set[str]] = {address: set() for address in expected}
    for name, user in world.cast.everybody.items():
        user.language = language
        user.save(update_fields=["language"])
        client = sign_in(user)
        for address in expected:
            status = client.get(address).status_code
            assert status in (200, 403, 404), (name, address, status)
            if status == 200:
                found[address].add(name)

    assert found == expected


def test_links_in_mails_open_without_signing_in(world: World, client: Client) -> None:
    for link in (
        answers.link_for_assignment(world.eero_proposal),
        answers.link_for_offer(world.eero_offer),
    ):
        response = client.get(link)

        assert response.status_code == 200
        assert response["Referrer-Policy"] == "strict-origin"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]
