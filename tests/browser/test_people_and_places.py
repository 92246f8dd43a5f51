"""People, places, messages and the audit with something in them; an invitation as it is taken up."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page

from coordination import clock
from coordination.models import OutboxMessage
from coordination.permissions import Role
from coordination.services import invitations
from tests.browser.reading import PHONE, Reader
from tests.cast import Cast, make_user
from tests.coordination.people.test_invitations import token_in_last_mail


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


def test_pages_are_accessible(token: str, cast: Cast, reader: Reader) -> None:
    unit = cast.ikaalinen.unit.pk
    message = OutboxMessage.objects.get().pk
    addresses = [
        *(f"/{name}/" for name in ("units", "agreements", "organisations", "projects")),
        *(f"/{name}/" for name in ("people", "kinds", "messages", "audit", "account")),
        f"/units/{unit}/",
        f"/units/{unit}/agreements/new/",
        f"/people/{cast.sari.pk}/",
        "/people/invited/",
        "/people/invited/new/",
        f"/messages/{message}/",
        f"/organisations/{cast.county.pk}/",
        f"/kinds/{cast.kinds['group_session'].pk}/edit/",
    ]
    for address in addresses:
        assert reader.look_at(address, cast.administrator)


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
