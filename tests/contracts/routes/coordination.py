"""Routes of coordination and of the libraries. How to add a line: see ../test_routes.py."""

import uuid
from typing import Any

from allauth.mfa.models import Authenticator

from coordination import clock
from coordination.models import Invitation, OutboxMessage
from coordination.services import invitations, register_imports
from tests.cast import Cast
from tests.contracts.routes.table import EVERYONE, PUBLIC, Arguments, Row


def a_key_of_aino(cast: Cast) -> list[Any]:
    return [_key(cast.aino.user)]


def a_key_of_eero(cast: Cast) -> list[Any]:
    return [_key(cast.eero.user)]


def _key(user: Any) -> int:
    data = {"name": "Avain", "credential": {}}
    kind = Authenticator.Type.WEBAUTHN
    return int(Authenticator.objects.create(user=user, type=kind, data=data).pk)


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
    Row("mfa_login_webauthn", PUBLIC, get=302, post=302),
    # who has a second factor proves it before changing anything: asked for it (302) before the
    # object is looked up, so nobody learns whose key a number is
    Row("mfa_activate_totp", EVERYONE, get=302, post=302),
    Row(
        "mfa_deactivate_totp", EVERYONE, get={"CAF": 302, "SEW": 404}, post={"CAF": 302, "SEW": 404}
    ),
    Row(
        "mfa_reauthenticate", EVERYONE, get={"CAF": 200, "SEW": 302}, post={"CAF": 200, "SEW": 302}
    ),
    Row("mfa_view_recovery_codes", EVERYONE, get=404),
    Row("mfa_generate_recovery_codes", EVERYONE, get=302, post=302),
    Row("mfa_download_recovery_codes", EVERYONE, get=404, post=404),
    Row("mfa_list_webauthn", EVERYONE),
    Row("mfa_add_webauthn", EVERYONE, get=302, post=302),
    Row("mfa_reauthenticate_webauthn", EVERYONE, get=302, post=302),
    Row(
        "mfa_remove_webauthn",
        EVERYONE,
        get=302,
        post=302,
        own=a_key_of_aino,
        other=a_key_of_eero,
        other_who=EVERYONE,
    ),
    Row(
        "mfa_edit_webauthn",
        EVERYONE,
        get=302,
        post=302,
        own=a_key_of_aino,
        other=a_key_of_eero,
        other_who=EVERYONE,
    ),
]


def _of(what: str, unit: str) -> Arguments:
    """The number of something of a unit of the cast."""
    return lambda cast: [getattr(getattr(cast, unit), what).pk]


def _person(name: str) -> Arguments:
    return lambda cast: [cast.everybody[name].pk]


def _a_message(cast: Cast) -> list[Any]:
    an_invitation_link(cast)
    return [OutboxMessage.objects.get().pk]


def _an_invitation(cast: Cast) -> list[Any]:
    an_invitation_link(cast)
    return [Invitation.objects.get().pk]


_PAPERS = [
    row
    for paper, what in (
        ("site", "room"),
        ("contact", "contact"),
        ("space", "space"),
        ("insurance", "insurance"),
        ("agreement", "agreement"),
    )
    for row in (
        Row(f"{paper}_new", "CA", post=422, own=_of("unit", "sastamala")),
        Row(f"{paper}_edit", "CA", post=422, own=_of(what, "sastamala")),
    )
]
PLACES = [
    Row("units", "CAF"),
    Row("unit", "CAFS", own=_of("unit", "sastamala"), other=_of("unit", "nokia"), other_who="CAF"),
    Row("unit_new", "CA", post=422),
    Row("unit_edit", "CA", post=422, own=_of("unit", "sastamala")),
    *_PAPERS,
    Row("agreements", "CAF"),
    Row("organisations", "CAF"),
    Row("organisation", "CAF", own=lambda cast: [cast.county.pk]),
    Row("organisation_new", "CA", post=422),
    Row("organisation_edit", "CA", post=422, own=lambda cast: [cast.county.pk]),
    Row("organisation_rename", "CA", post=422, own=lambda cast: [cast.county.pk]),
    Row("organisation_succeed", "CA", post=422, own=lambda cast: [cast.county.pk]),
    Row("projects", "CAF"),
    Row("project_new", "CA", post=422),
    Row("project_edit", "CA", post=422, own=lambda cast: [cast.project.pk]),
    Row("kinds", "CA"),
    Row("kind_new", "CA", post=422),
    Row("kind_edit", "CA", post=422, own=lambda cast: [cast.kinds["talk"].pk]),
]
PEOPLE = [
    Row("people", "CA"),
    Row("person", "CA", post=422, own=_person("sari")),
    Row("invitations", "CA"),
    Row("invite", "CA", post=422),
    Row("invitation_again", "CA", get=None, post=302, own=_an_invitation),
    Row("invitation_revoke", "CA", get=None, post=302, own=_an_invitation),
    Row("grant_end", "CA", post=302, own=lambda cast: [cast.sari.role_grants.get().pk]),
    Row("account_end", "CA", post=302, own=_person("sari")),
    Row("account_open", "CA", get=None, post=302, own=_person("sari")),
    Row("account_address", "CA", post=422, own=_person("sari")),
    Row("second_factor_reset", "CA", post=302, own=_person("sari")),
]
TRACES = [
    Row("messages", "CA"),
    Row("message", "CA", own=_a_message),
    Row("message_again", "CA", get=None, post=302, own=_a_message),
    Row("audit", "A"),
]

OURS = [
    Row("own_account", EVERYONE, post=422),
    Row("second_factor", EVERYONE, get=302),
    Row("invitation", PUBLIC, own=an_invitation_link, post=422),
]


def an_upload(cast: Cast) -> list[Any]:
    """Of the coordinator: not even the administrator sees another's upload."""
    upload = register_imports.upload(
        key=uuid.uuid4(),
        file_name="r.xlsx",
        content=b"no workbook",
        by=cast.coordinator,
        now=clock.now(),
    )
    return [upload.key]


_IMPORT: dict[str, Any] = {"who": "CA", "own": an_upload}
IMPORT = [
    Row("register_imports", "CA", post=422),
    Row("register_import", get={"C": 200, "A": 404}, **_IMPORT),
    Row("register_import_progress", get={"C": 200, "A": 404}, **_IMPORT),
    Row("register_import_confirm", get=None, post={"C": 422, "A": 404}, **_IMPORT),
    Row("register_import_drop", get=None, post={"C": 302, "A": 404}, **_IMPORT),
    Row("register_import_problems", get={"C": 200, "A": 404}, **_IMPORT),
]

ROWS: list[Row] = [*SHELL, *LIBRARIES, *OURS, *PLACES, *PEOPLE, *TRACES, *IMPORT]
