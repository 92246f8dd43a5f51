"""The browser harness itself: it sees what a person would, and what a person should never meet."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from coordination.models import User

INACCESSIBLE = "<html><title>x</title><body><img src='/static/x.png'><input></body></html>"


def test_axe_finds_a_picture_without_a_text(
    page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    page.set_content(INACCESSIBLE)
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


def test_login_sets_the_session_of_that_user(
    page: Page, login: Callable[[Page, User], None], live_server: Any
) -> None:
    user = User.objects.create_user("aino@example.org", name="Aino")
    login(page, user)

    (cookie,) = page.context.cookies(live_server.url)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie["value"]
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_browser_reaches_the_server_and_nothing_else(page: Page) -> None:
    assert page.goto("/no-such-page") is not None
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("https://example.org/")
