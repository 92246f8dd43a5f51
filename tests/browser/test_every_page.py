"""Every page of every role, in all its looks (reading.py); which pages there are is read from the table of routes.

The table is whole (contracts/test_routes.py: each address has a line), so a new page is here by itself.
"""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from coordination import clock
from coordination.models import User
from coordination.routes import all_routes
from scheduling.feeds import tokens
from tests.browser.reading import Reader
from tests.cast import Cast
from tests.contracts.routes.table import PEOPLE, Row
from tests.contracts.test_routes import TABLE, undone

pytestmark = pytest.mark.django_db
NO_PAGES = {
    "healthz": "JSON",
    "root": "leads to one's first page",
    "second_factor": "leads to the ways one may set up",
    "feed": "a calendar file",
    "register_import_progress": "a piece of a page",
    "scheduling:open_seats": "a piece of Today",
    "scheduling:plan_progress": "a piece of a page",
    "mfa_download_recovery_codes": "a file",
    "mfa_login_webauthn": "JSON for the log-in page",
    "mfa_authenticate": "in the midst of a log-in: coordination/accounts",
    "account_confirm_login_code": "in the midst of a log-in: coordination/accounts",
    "mfa_reauthenticate_webauthn": "with a passkey at hand: test_passkeys.py",
    "account_set_password": "for accounts without a password, which nobody here is",
    "scheduling:answer": "with a link in force: test_scheduling_accessible.py",
}
"""Addresses that no page of this test shows, and why."""


def _recent(client: Client, user: User | None) -> None:
    """The person has proved a moment ago who they are."""
    assert user
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True},
        {"method": "mfa", "at": time.time(), "type": "totp", "id": 0},
    ]
    session.save()


def _own_feed(cast: Cast) -> None:
    tokens.issue(cast.aino.expert, instead_of=None, by=cast.aino.user, now=clock.now())


def _unit_feed(cast: Cast) -> None:
    tokens.issue(cast.sastamala.unit, instead_of=None, by=cast.sari, now=clock.now())


def _codes(cast: Cast) -> None:
    RecoveryCodes.activate(cast.coordinator)


def _nothing(_cast: Cast) -> None:
    pass


STATES: dict[str, tuple[str, Callable[[Cast], None]]] = {
    "feed_own_renew": ("E", _own_feed),
    "feed_unit_renew": ("S", _unit_feed),
    "mfa_activate_totp": ("S", _nothing),
    "mfa_deactivate_totp": ("C", _nothing),
    "mfa_generate_recovery_codes": ("C", _nothing),
    "mfa_view_recovery_codes": ("C", _codes),
    "mfa_add_webauthn": ("C", _nothing),
    "mfa_remove_webauthn": ("E", _nothing),
    "mfa_edit_webauthn": ("E", _nothing),
}
"""Pages that need more than the table's world: who sees them, and what makes them show."""


def rows_of(letter: str) -> list[Row]:
    """The lines whose GET answers this person with a page (or a file, which is no page)."""
    return [
        row
        for row in TABLE
        if row.expected(letter, "GET", is_other=False) == 200
        and (row.name == "api:docs" or not row.name.startswith("api:"))
    ]


def test_no_page_is_left_out() -> None:
    """Every address that GET may be asked of is rendered for somebody below, or says above why not."""
    asked = {
        row.name
        for row in TABLE
        if any(row.expected(letter, "GET", is_other=False) != 405 for letter in row.who)
        and not row.name.startswith("api:")  # JSON
    }
    seen = {row.name for letter in (*PEOPLE, "!") for row in rows_of(letter)}
    assert sorted(asked - seen - set(STATES) - set(NO_PAGES)) == []
    assert sorted(set(STATES) & set(NO_PAGES)) == []
    assert asked <= {route.name for route in all_routes()}


@pytest.mark.parametrize("name", STATES)
def test_a_page_in_another_state_is_accessible(name: str, cast: Cast, reader: Reader) -> None:
    letter, prepare = STATES[name]
    (row,) = (row for row in TABLE if row.name == name)
    prepare(cast)
    address = reverse(name, args=row.own(cast) if row.own else [])
    assert reader.look_at(address, cast.everybody[PEOPLE[letter]], prepare=_recent)


def _first(row: Row) -> str:
    """The first of those who see the page sees it in all its looks."""
    return next(one for one in (*PEOPLE, "!") if row in rows_of(one))


@pytest.mark.parametrize("letter", [*PEOPLE, "!"])
def test_every_page_is_accessible(letter: str, cast: Cast, reader: Reader) -> None:
    looked_at = 0
    user = None if letter == "!" else cast.everybody[PEOPLE[letter]]
    for row in rows_of(letter):
        if row.name in NO_PAGES:
            continue
        with undone():
            address = reverse(row.name, args=row.own(cast) if row.own else [])
            looked_at += reader.look_at(address, user, once=letter != _first(row))
    # each role has a first page, an account and its keys; a stranger the log-in
    assert looked_at >= 3
