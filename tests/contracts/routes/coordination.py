"""Routes of coordination and of the libraries. How to add a line: see ../test_routes.py."""

from typing import Any

from allauth.mfa.models import Authenticator

from coordination import clock
from coordination.services import invitations
from tests.cast import Cast
from tests.contracts.routes.table import EVERYONE, PUBLIC, Row


def a_key_of_aino(cast: Cast) -> list[Any]:
    return [_key(cast.aino.user)]


def a_key_of_eero(cast: Cast) -> list[Any]:
    return [_key(cast.eero.user)]


def _key(user: Any) -> int:
    data = {"name": "Avain", "credential": {}}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data).pk


def an_invitation_link(cast: Cast) -> list[Any]:
    token = "a-link-that-was-mailed"
    invitation = invitations.invite(
        email="uusi@example.org",
        name="Uusi",
        role="expert",
        language="fi",
        by=cast.coordinator,
        now=clock.now(),
    )
    invitation.token_hash = invitations.hash_of(token)
    invitation.save()
    return [token]


SHELL = [
    Row("healthz", PUBLIC, get={PUBLIC: 503}),  # no worker runs in this test
    Row("root", EVERYONE, get=302),
    Row("today", "C"),
    Row("finance_home", "F"),
    Row("unit_home", "CS"),
    Row("expert_home", "E"),
    Row("supervisor_home", "W"),
    Row("admin_home", "A"),
    Row("set_language", PUBLIC, get=None, post=302),
    Row("set_theme", PUBLIC, get=None, post=302),
    Row("design", "A"),
]

_HAVE_FACTOR = "CAF"
LIBRARIES = [
    Row("account_login", PUBLIC, get={"!": 200, EVERYONE: 302}, post={"!": 200, EVERYONE: 302}),
    Row(
        "account_request_login_code",
        PUBLIC,
        get={"!": 200, EVERYONE: 302},
        post={"!": 200, EVERYONE: 302},
    ),
    Row(
        "account_confirm_login_code",
        PUBLIC,
        get={"!": 302, EVERYONE: 302},
        post={"!": 302, EVERYONE: 302},
    ),
    Row("account_logout", PUBLIC, get={"!": 302, EVERYONE: 200}, post=302),
    Row("account_inactive", PUBLIC),
    Row("account_reset_password", PUBLIC, post=200),
    Row("account_reset_password_done", PUBLIC),
    Row(
        "account_reset_password_from_key",
        PUBLIC,
        own=lambda cast: ["1", "not-a-key"],
        post=200,
    ),
    Row("account_reset_password_from_key_done", PUBLIC),
    Row("account_reauthenticate", EVERYONE, post=200),
    Row("account_change_password", EVERYONE, post=200),
    Row("account_set_password", EVERYONE, get=302, post=302),
    Row("mfa_index", EVERYONE),
    Row("mfa_authenticate", PUBLIC, get=302, post=302),
]

OURS = [
    Row("own_account", EVERYONE, post=422),
    Row("second_factor", EVERYONE, get=302),
    Row("invitation", PUBLIC, own=an_invitation_link, post=422),
]

ROWS: list[Row] = [*SHELL, *LIBRARIES, *OURS]
