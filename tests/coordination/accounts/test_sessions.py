"""Which sessions end when the ways to sign in change, and what opens before a demanded second factor is there."""

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.management import CommandError, call_command
from django.test import Client

from coordination import clock
from coordination.errors import Refused
from coordination.models import OutboxMessage, User
from coordination.permissions import Role
from coordination.services import roles, second_factors
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db(transaction=True)  # allauth tells of changes after the commit

SET_UP = "/account/second-factor/"
NEW_PASSWORD = "toinen-pitkä-salasana"


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def entered(user: User) -> Client:
    """A browser in which the person has just given the password (no second step: there is none yet)."""
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(user.pk)
    return client


def is_in(client: Client) -> bool:
    """Whether the session still opens something of the person's."""
    return "/account/login/" not in client.get("/account/2fa/").headers.get("Location", "")


def set_up_totp(client: Client) -> None:
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(page.context["form"].secret, counter))
    answer = client.post("/account/2fa/totp/activate/", {"code": code})
    assert answer.headers["Location"] == "/account/2fa/recovery-codes/"


@pytest.fixture
def kaisa(cast: Cast) -> User:
    """A coordinator without a second factor."""
    Authenticator.objects.filter(user=cast.coordinator).delete()
    return cast.coordinator


def test_setting_up_the_second_factor_ends_all_other_sessions(kaisa: User) -> None:
    here, there = entered(kaisa), entered(kaisa)
    before = here.session.session_key

    set_up_totp(here)

    assert here.get("/today/").status_code == 200
    assert here.session.session_key != before
    assert not is_in(there)


@pytest.mark.parametrize("path", ["totp/deactivate", "recovery-codes/generate"])
def test_so_does_changing_it(cast: Cast, path: str) -> None:
    user = cast.aino.user
    here, there = entered(user), entered(user)
    set_up_totp(here)
    there.force_login(User.objects.get(pk=user.pk))
    assert is_in(there)

    here.post(f"/account/2fa/{path}/")

    assert is_in(here)
    assert not is_in(there)


def test_a_new_password_ends_all_other_sessions(cast: Cast) -> None:
    user = cast.aino.user
    here, there = entered(user), entered(user)

    values = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    here.post("/account/password/change/", values)

    assert is_in(here)
    assert not is_in(there)


def test_a_forgotten_password_ends_all_sessions(cast: Cast) -> None:
    user = cast.aino.user
    there = entered(user)
    stranger = Client()
    stranger.post("/account/password/reset/", {"email": user.email})
    link = next(word for word in OutboxMessage.objects.get().body.split() if "/reset/key/" in word)
    form = stranger.get("/account" + link.partition("/account")[2]).headers["Location"]

    stranger.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert User.objects.get(pk=user.pk).check_password(NEW_PASSWORD)
    assert not is_in(there)
    assert not is_in(stranger)


def test_a_session_survives_what_is_no_change_of_signing_in(cast: Cast) -> None:
    there = entered(cast.aino.user)

    entered(cast.aino.user).post("/account/", {"name": "Aino T.", "phone": "", "language": "sv"})

    assert is_in(there)


def test_a_role_given_in_mid_session_closes_everything_but_the_setting_up(cast: Cast) -> None:
    here, there = entered(cast.aino.user), entered(cast.aino.user)
    assert here.get("/account/").status_code == 200
    today = clock.today()
    roles.grant(
        cast.aino.user,
        role=Role.COORDINATOR,
        starts_on=today,
        by=cast.administrator,
        now=clock.now(),
    )

    for path in ("/", "/account/", "/today/", "/people/", "/account/password/change/"):
        assert here.get(path).headers.get("Location") == SET_UP
    for path in ("/account/", "/people/invited/new/", "/account/password/change/"):
        assert here.post(path, {}).headers.get("Location") == SET_UP
    part = here.get("/today/", headers={"HX-Request": "true"})
    assert (part.headers["HX-Redirect"], part.content) == (SET_UP, b"")
    assert here.get(SET_UP).status_code == 200

    set_up_totp(here)

    assert here.get("/today/").status_code == 200
    assert not is_in(there)


def test_removing_the_last_one_leads_back_to_the_setting_up(kaisa: User) -> None:
    here = entered(kaisa)
    set_up_totp(here)

    here.post("/account/2fa/totp/deactivate/")

    assert here.get("/today/").headers["Location"] == SET_UP
    assert not Authenticator.objects.filter(user=kaisa).exists()  # recovery codes go with it


# -- lost phone --------------------------------------------------------------------------------


def test_an_administrator_removes_what_was_lost(cast: Cast, client: Client) -> None:
    there = Client()
    there.force_login(cast.coordinator)
    client.force_login(cast.administrator)
    path = f"/people/{cast.coordinator.pk}/second-factor/"
    assert path in client.get(f"/people/{cast.coordinator.pk}/").content.decode()
    assert "Kaisa Koordinaattori" in client.get(path).content.decode()

    client.post(path)

    assert not is_in(there)
    assert is_in(client)
    mail = OutboxMessage.objects.get()
    assert (mail.to_email, mail.kind) == (cast.coordinator.email, "account_notice")
    assert entered(cast.coordinator).get("/today/").headers["Location"] == SET_UP
    assert path not in client.get(f"/people/{cast.coordinator.pk}/").content.decode()


def test_nobody_else_does_and_nobody_their_own(cast: Cast, client: Client) -> None:
    now = clock.now()
    for target, by, code in (
        (cast.finance, cast.coordinator, "not_yours_to_give"),
        (cast.administrator, cast.administrator, "own_account"),
        (cast.aino.user, cast.administrator, "no_second_factor"),
    ):
        with pytest.raises(Refused) as refused:
            second_factors.reset(target, by=by, now=now)
        assert refused.value.code == code
    client.force_login(cast.coordinator)
    client.post(f"/people/{cast.finance.pk}/second-factor/")

    assert Authenticator.objects.filter(user=cast.finance).count() == 1


def test_the_command_line_does_it_too(cast: Cast) -> None:
    said = StringIO()

    call_command("reset_second_factor", cast.administrator.email.upper(), stdout=said)

    assert said.getvalue().startswith(f"{cast.administrator.email} has no second factor any more")
    assert not Authenticator.objects.filter(user=cast.administrator).exists()
    with pytest.raises(CommandError, match="Nobody signs in as"):
        call_command("reset_second_factor", "kuka@example.org")
