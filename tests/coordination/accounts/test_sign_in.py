"""Signing in: password or mailed code, never for ended accounts, with a second factor where the role demands it."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from coordination import clock, sealing
from coordination.models import OutboxMessage, User
from coordination.permissions import Role
from coordination.services import people, roles
from tests.cast import PASSWORD, Cast, make_user

LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": email, "password": password})


def ask_for_code(client: Client, email: str) -> str:
    """Asks for a code and gives the one that was mailed ("" if none was)."""
    client.post("/account/login/code/", {"email": email})
    message = OutboxMessage.objects.filter(kind="login_code", to_email=email).last()
    found = re.search(r"^\s*([\w-]{5,12})\s*$", message.body, re.MULTILINE) if message else None
    return found[1] if found else ""


def signed_in_as(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def test_a_password_opens_the_home(cast: Cast, client: Client) -> None:
    response = sign_in(client, cast.aino.user.email)

    assert response["Location"] == "/"
    assert signed_in_as(client) == str(cast.aino.user.pk)


def test_a_mailed_code_opens_it_too(cast: Cast, client: Client) -> None:
    code = ask_for_code(client, cast.aino.user.email)

    client.post("/account/login/code/confirm/", {"code": code})

    assert signed_in_as(client) == str(cast.aino.user.pk)


def test_the_code_is_in_the_persons_language(cast: Cast, client: Client) -> None:
    people.change_own(cast.aino.user, name="Aino", phone="", language="sv")

    assert ask_for_code(client, cast.aino.user.email)
    assert OutboxMessage.objects.get().subject == "Din inloggningskod"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(cast: Cast) -> None:
    known, unknown = Client(), Client()
    answers = [
        client.post("/account/login/code/", {"email": email})
        for client, email in ((known, cast.aino.user.email), (unknown, "kuka@example.org"))
    ]

    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0]["Location"] == answers[1]["Location"]
    pages = [client.get("/account/login/code/confirm/") for client in (known, unknown)]
    assert [page.status_code for page in pages] == [200, 200]
    assert [message.to_email for message in OutboxMessage.objects.all()] == [cast.aino.user.email]


def test_a_new_password_for_an_unknown_address_says_the_same(cast: Cast, client: Client) -> None:
    answers = [
        client.post("/account/password/reset/", {"email": email})
        for email in (cast.aino.user.email, "kuka@example.org")
    ]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, "/account/password/reset/done/")
    }
    assert [message.kind for message in OutboxMessage.objects.all()] == ["password_reset"]


def test_the_link_to_a_new_password_has_our_own_address(
    cast: Cast, client: Client, settings: Any
) -> None:
    settings.BASE_URL = "https://vuoro.example.org"
    settings.ALLOWED_HOSTS = ["*"]

    client.post(
        "/account/password/reset/",
        {"email": cast.aino.user.email},
        headers={"host": "evil.example.com"},
    )

    body = OutboxMessage.objects.get().body
    assert "https://vuoro.example.org/account/password/reset/key/" in body
    assert "evil" not in body


def test_an_ended_account_gets_the_answer_of_a_wrong_password(cast: Cast, client: Client) -> None:
    wrong = sign_in(client, cast.aino.user.email, "jotain-ihan-muuta")
    people.end_account(cast.aino.user, by=cast.coordinator, now=clock.now())

    right = sign_in(client, cast.aino.user.email)

    assert signed_in_as(client) == ""
    assert right.status_code == wrong.status_code == 200
    errors = [page.context["form"].non_field_errors() for page in (wrong, right)]
    assert errors[0] == errors[1]
    assert ask_for_code(client, cast.aino.user.email) == ""


def test_nobody_signs_up(cast: Cast, client: Client) -> None:
    assert client.get("/account/signup/").status_code == 404


@pytest.mark.parametrize("way", ["password", "code"])
def test_the_second_factor_is_asked_after_either(cast: Cast, client: Client, way: str) -> None:
    email = cast.coordinator.email
    if way == "password":
        response = sign_in(client, email)
    else:
        code = ask_for_code(client, email)
        response = client.post("/account/login/code/confirm/", {"code": code})

    assert response["Location"] == "/account/2fa/authenticate/"
    assert signed_in_as(client) == ""


def test_a_right_code_of_the_generator_gets_in(cast: Cast, client: Client) -> None:
    sign_in(client, cast.coordinator.email)
    secret = sealing.unseal(Authenticator.objects.get(user=cast.coordinator).data["secret"])

    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/account/2fa/authenticate/", {"code": code})

    assert signed_in_as(client) == str(cast.coordinator.pk)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FINANCE, Role.ADMINISTRATOR])
def test_without_a_second_factor_nothing_opens_but_its_setting_up(
    cast: Cast, client: Client, role: Role
) -> None:
    user = make_user(role=role)
    Authenticator.objects.filter(user=user).delete()
    client.force_login(user)

    for path in ("/", "/account/", "/units/", "/today/", "/finance/", "/audit/", "/account/2fa/"):
        assert client.get(path).headers.get("Location") == "/account/second-factor/"
    for path in ("/account/second-factor/", "/account/2fa/totp/activate/"):
        assert client.get(path).status_code in {200, 302}
        assert client.get(path).headers.get("Location") != "/account/second-factor/"
    assert client.get("/account/logout/").status_code == 200

    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    assert client.get("/account/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(cast: Cast, client: Client) -> None:
    Authenticator.objects.filter(user=cast.finance).update(type=Authenticator.Type.RECOVERY_CODES)
    client.force_login(cast.finance)

    assert client.get("/finance/").headers["Location"] == "/account/second-factor/"


def test_others_need_none(cast: Cast, client: Client) -> None:
    for user in (cast.aino.user, cast.sari, cast.tuula):
        client.force_login(user)
        assert client.get("/account/").status_code == 200


def test_a_new_role_demands_it_at_the_next_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.tuula)
    assert client.get("/account/").status_code == 200

    roles.grant(
        cast.tuula,
        role=Role.FINANCE,
        starts_on=clock.today(),
        by=cast.administrator,
        now=clock.now(),
    )

    assert client.get("/account/").headers["Location"] == "/account/second-factor/"


def test_the_demo_asks_for_none_and_says_so(cast: Cast, client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    Authenticator.objects.all().delete()
    client.force_login(cast.coordinator)

    page = client.get("/account/")

    assert page.status_code == 200
    assert page.context["second_factor_off"]


def test_the_sixth_wrong_password_is_not_even_looked_at(cast: Cast, client: Client) -> None:
    for _ in range(5):
        sign_in(client, cast.aino.user.email, "väärä-salasana-1")

    response = sign_in(client, cast.aino.user.email)

    assert signed_in_as(client) == ""
    assert response.status_code == 200
    other = Client(REMOTE_ADDR="192.0.2.9")
    sign_in(other, cast.eero.user.email)
    assert signed_in_as(other) == str(cast.eero.user.pk)


def test_codes_to_one_address_are_few(cast: Cast) -> None:
    for _ in range(6):
        Client().post("/account/login/code/", {"email": cast.aino.user.email})

    assert OutboxMessage.objects.count() == 3


def test_a_code_stops_after_three_wrong_tries(cast: Cast, client: Client) -> None:
    code = ask_for_code(client, cast.aino.user.email)
    for _ in range(3):
        client.post("/account/login/code/confirm/", {"code": "AAA-AAA"})

    client.post("/account/login/code/confirm/", {"code": code})

    assert signed_in_as(client) == ""


def test_a_changed_password_is_told_by_mail(cast: Cast, client: Client) -> None:
    sign_in(client, cast.aino.user.email)
    new = "toinen-pitkä-salasana"

    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert User.objects.get(pk=cast.aino.user.pk).check_password(new)
    assert [message.kind for message in OutboxMessage.objects.all()] == ["account_notice"]


def test_the_own_account_is_saved(cast: Cast, client: Client) -> None:
    client.force_login(cast.aino.user)

    response = client.post(
        reverse("own_account"),
        {"name": "Aino T.", "phone": "040 123 4567", "language": "sv", "email": "x@example.org"},
    )

    cast.aino.user.refresh_from_db()
    user = cast.aino.user
    assert response.status_code == 302
    assert (user.name, user.phone, user.language) == ("Aino T.", "+358401234567", "sv")
    assert user.email == "aino.testila@example.org"
