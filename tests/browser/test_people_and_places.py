"""People, places, messages and the audit: no accessibility violation, on a desktop in light and a phone in dark."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page

from coordination import clock
from coordination.models import OutboxMessage
from coordination.permissions import Role
from coordination.services import invitations
from tests.browser.conftest import PHONE
from tests.cast import Cast, make_user
from tests.coordination.people.test_invitations import token_in_last_mail

LOOKS: list[dict[str, Any]] = [{}, {"viewport": PHONE, "color_scheme": "dark"}]


@pytest.fixture
def token(transactional_db: None, cast: Cast) -> str:
    """An open invitation; its mail was given up."""
    invitations.invite(
        email="uusi@example.org",
        name="Uusi Henkilö",
        role=Role.CLINIC_CONTACT,
        units=[cast.nokia.unit],
        language="sv",
        by=cast.coordinator,
        now=clock.now(),
    )
    link = token_in_last_mail()
    OutboxMessage.objects.update(state="given_up", error_code="unknown_outcome")
    cast.ikaalinen.contact.delete()
    return link


@pytest.mark.parametrize("look", LOOKS, ids=["desktop", "phone"])
def test_pages_are_accessible(
    token: str,
    cast: Cast,
    open_page: Callable[..., Page],
    login: Callable[[Page, Any], None],
    assert_accessible: Callable[[Page], None],
    shoot: Callable[[Page, str], None],
    look: dict[str, Any],
) -> None:
    unit = cast.ikaalinen.unit.pk
    message = OutboxMessage.objects.get().pk
    paths = {
        **{name: f"/{name}/" for name in ("units", "agreements", "organisations", "projects")},
        **{name: f"/{name}/" for name in ("people", "kinds", "messages", "audit", "account")},
        "unit": f"/units/{unit}/",
        "agreement-new": f"/units/{unit}/agreements/new/",
        "person": f"/people/{cast.sari.pk}/",
        "invitations": "/people/invited/",
        "invite": "/people/invited/new/",
        "message": f"/messages/{message}/",
        "organisation": f"/organisations/{cast.county.pk}/",
        "kind": f"/kinds/{cast.kinds['group_session'].pk}/edit/",
    }
    page = open_page(**look)
    login(page, cast.administrator)
    for name, path in paths.items():
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        assert_accessible(page)
        shoot(page, f"people-{name}-{'phone' if look else 'desktop'}")
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{path} is wider than the screen by {width}"


def test_the_invitation_and_the_second_factor(
    token: str,
    cast: Cast,
    open_page: Callable[..., Page],
    login: Callable[[Page, Any], None],
    assert_accessible: Callable[[Page], None],
    shoot: Callable[[Page, str], None],
) -> None:
    page = open_page(viewport=PHONE)
    page.goto(f"/invitations/{token}/")
    assert_accessible(page)
    shoot(page, "people-invitation")
    page.get_by_role("button", name="Börja").click()
    page.wait_for_url("**/unit/")

    user = make_user(role=Role.COORDINATOR)
    other = open_page(viewport=PHONE)
    login(other, user)
    Authenticator.objects.filter(user=user).delete()
    other.goto("/today/")
    assert other.url.endswith("/account/second-factor/")
    assert_accessible(other)
    shoot(other, "people-second-factor")
    other.get_by_role("link", name="Tunnistautumissovellus").click()
    assert_accessible(other)
    shoot(other, "people-totp")
