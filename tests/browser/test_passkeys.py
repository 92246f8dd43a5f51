"""Passkeys as people use them: a real Chromium with a virtual key inside, a real server, our strict CSP."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession, Page

from coordination.models import User
from tests.cast import PASSWORD, Cast


@dataclass
class Key:
    """A phone or security key inside the browser."""

    devtools: CDPSession
    id: str

    def holds(self) -> int:
        answer = self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return len(answer["credentials"])

    def accepts_the_finger(self, *, right: bool) -> None:
        values = {"authenticatorId": self.id, "isUserVerified": right}
        self.devtools.send("WebAuthn.setUserVerified", values)


def plug_in(page: Page) -> Key:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    answer = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Key(devtools, answer["authenticatorId"])


def by_password(page: Page, user: User) -> None:
    page.goto("/account/login/")
    page.get_by_label("Sähköposti").fill(user.email)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu sisään", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/account/login/"))


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def coordinator(transactional_db: None, cast: Cast) -> User:
    """Kaisa, who must have a second factor and has none yet."""
    Authenticator.objects.filter(user=cast.coordinator).delete()
    return cast.coordinator


def add_key(page: Page, *, passwordless: bool, name: str = "Kännykkäni") -> None:
    """From where a person without a second factor is led: the password again, then the key."""
    page.get_by_role("link", name="Pääsyavain tai turva-avain").click()
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Jatka").click()
    page.get_by_label("Nimi").fill(name)
    page.get_by_label("Ilman salasanaa").set_checked(passwordless)
    page.get_by_role("button", name="Lisää").click()


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Kirjaudu ulos").click()
    page.wait_for_url("**/account/login/")


def key_of(user: User) -> Authenticator:
    return Authenticator.objects.get(user=user, type=Authenticator.Type.WEBAUTHN)


def test_who_must_have_a_second_factor_takes_a_passkey(
    coordinator: User, page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    key = plug_in(page)
    by_password(page, coordinator)
    assert page.url.endswith("/account/second-factor/")
    assert_accessible(page)
    add_key(page, passwordless=False)
    page.get_by_role("heading", name="Palautuskoodit", level=1).wait_for()
    assert len(page.locator(".codes li").all()) == 10
    page.get_by_role("link", name="Koodit ovat tallessa").click()
    page.wait_for_url("**/today/")
    assert key.holds() == 1
    assert key_of(coordinator).wrap().name == "Kännykkäni"

    sign_out(page)
    by_password(page, coordinator)
    assert page.url.endswith("/account/2fa/authenticate/")
    page.goto("/today/")
    assert "/account/2fa/authenticate/" in page.url  # the password alone opens nothing
    assert_accessible(page)
    page.get_by_role("button", name="Käytä pääsyavainta tai turva-avainta").click()
    page.wait_for_url("**/today/")
    assert key_of(coordinator).last_used_at is not None


def test_a_passkey_alone_opens_the_account_until_it_ends(coordinator: User, page: Page) -> None:
    plug_in(page)
    by_password(page, coordinator)
    add_key(page, passwordless=True)
    page.get_by_role("link", name="Koodit ovat tallessa").click()
    sign_out(page)

    page.get_by_role("button", name="Käytä pääsyavainta").click()
    page.wait_for_url("**/today/")

    sign_out(page)
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    page.get_by_role("button", name="Käytä pääsyavainta").click()
    page.wait_for_url("**/account/inactive/")
    page.goto("/today/")
    assert "/account/login/" in page.url


def test_a_key_that_only_comes_after_the_password_opens_nothing_alone(
    coordinator: User, page: Page
) -> None:
    plug_in(page)
    by_password(page, coordinator)
    add_key(page, passwordless=False)
    page.get_by_role("link", name="Koodit ovat tallessa").click()
    sign_out(page)

    page.get_by_role("button", name="Käytä pääsyavainta").click()
    page.get_by_text("Laite ei antanut avainta").wait_for()
    assert page.url.endswith("/account/login/")


def test_when_the_device_says_no_the_page_says_what_to_do(
    coordinator: User, page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    key = plug_in(page)
    key.accepts_the_finger(right=False)
    by_password(page, coordinator)
    add_key(page, passwordless=True)
    words = page.get_by_role("alert")
    words.wait_for()
    assert "Voit yrittää uudelleen" in words.inner_text()
    assert_accessible(page)

    key.accepts_the_finger(right=True)
    page.get_by_label("Nimi").press("Enter")  # as good as the button
    page.get_by_role("heading", name="Palautuskoodit", level=1).wait_for()


def test_a_key_proves_who_changes_the_ways_to_sign_in(coordinator: User, page: Page) -> None:
    """Without a password, after a code by mail: the key is what is asked."""
    plug_in(page)
    by_password(page, coordinator)
    add_key(page, passwordless=True)
    page.get_by_role("link", name="Koodit ovat tallessa").click()
    sign_out(page)
    coordinator.refresh_from_db()
    coordinator.set_unusable_password()
    coordinator.save()
    page.get_by_role("button", name="Käytä pääsyavainta").click()
    page.wait_for_url("**/today/")

    page.goto("/account/2fa/webauthn/")
    page.get_by_role("link", name="Poista").click()
    page.get_by_role("link", name="avainta").click()
    page.get_by_role("button", name="Käytä pääsyavainta tai turva-avainta").click()
    page.get_by_role("button", name="Poista").click()

    page.wait_for_url("**/account/second-factor/")
    assert not Authenticator.objects.filter(user=coordinator).exists()


def test_without_script_the_pages_say_what_to_do(
    coordinator: User, page: Page, open_page: Callable[..., Page]
) -> None:
    plug_in(page)
    by_password(page, coordinator)
    add_key(page, passwordless=True)
    code = page.locator(".codes li").first.inner_text()

    plain = open_page(java_script_enabled=False)
    plain.goto("/account/login/")
    assert plain.get_by_text("Pääsyavain tarvitsee JavaScriptin").is_visible()
    assert not plain.get_by_role("button", name="Käytä pääsyavainta").is_visible()
    by_password(plain, coordinator)
    assert plain.get_by_text("Käytä palautuskoodia").filter(visible=True).count() == 1
    assert not plain.get_by_role("button", name="Käytä pääsyavainta").is_visible()
    plain.get_by_role("textbox", name="Koodi").fill(code)
    plain.get_by_role("button", name="Kirjaudu sisään").click()
    plain.wait_for_url("**/today/")
    plain.goto("/account/2fa/webauthn/add/")
    plain.get_by_label("Salasana").fill(PASSWORD)
    plain.get_by_role("button", name="Jatka").click()
    advice = plain.get_by_text("Voit ottaa käyttöön tunnistautumissovelluksen")
    assert advice.filter(visible=True).count() == 1
    assert not plain.get_by_role("button", name="Lisää").is_visible()


def test_a_stolen_answer_is_refused_with_words(coordinator: User, page: Page) -> None:
    """The server looks at the signature itself: an answer to another question does not count."""
    plug_in(page)
    by_password(page, coordinator)
    add_key(page, passwordless=True)
    page.get_by_role("link", name="Koodit ovat tallessa").click()
    sign_out(page)
    by_password(page, coordinator)
    page.evaluate("document.getElementById('webauthn_form').submit = () => {}")
    page.get_by_role("button", name="Käytä pääsyavainta tai turva-avainta").click()
    page.wait_for_function(
        "document.querySelector('#webauthn_form [name=credential]').value > 'null'"
    )
    answer = page.locator("#webauthn_form [name=credential]").input_value()

    page.reload()  # a new question
    page.evaluate(
        """answer => {
            const form = document.getElementById("webauthn_form");
            form.elements.credential.value = answer;
            HTMLFormElement.prototype.submit.call(form);
        }""",
        answer,
    )
    page.get_by_text("Avainta ei hyväksytty").first.wait_for()
    page.goto("/today/")
    assert "/account/2fa/authenticate/" in page.url
