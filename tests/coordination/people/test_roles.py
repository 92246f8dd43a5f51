"""Giving and taking roles: who may, from when until when, and that an administrator always stays."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from coordination import clock
from coordination.errors import Refused
from coordination.models import RoleGrant, User
from coordination.permissions import Role
from coordination.services import people, roles
from tests.cast import SINCE, Cast, make_user

TODAY = dt.date(2027, 3, 2)
NOW = dt.datetime(2027, 3, 2, 7, tzinfo=dt.UTC)
YESTERDAY = TODAY - dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_a_tuesday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def roles_of(user: User) -> set[Role]:
    return set(User.objects.get(pk=user.pk).access.roles)


@pytest.mark.parametrize("role", list(Role))
def test_what_a_coordinator_may_give(cast: Cast, role: Role) -> None:
    user = make_user()
    unit = cast.nokia.unit if role == Role.CLINIC_CONTACT else None

    def give() -> None:
        roles.grant(user, role=role, unit=unit, starts_on=TODAY, by=cast.coordinator, now=NOW)

    if role in {Role.ADMINISTRATOR, Role.COORDINATOR, Role.FINANCE}:
        with pytest.raises(Refused) as refused:
            give()
        assert refused.value.code == "not_yours_to_give"
        assert roles_of(user) == set()
    else:
        give()
        assert roles_of(user) == {role}


@pytest.mark.parametrize("role", list(Role))
def test_an_administrator_may_give_every_role(cast: Cast, role: Role) -> None:
    user = make_user()
    unit = cast.nokia.unit if role == Role.CLINIC_CONTACT else None

    roles.grant(user, role=role, unit=unit, starts_on=TODAY, by=cast.administrator, now=NOW)

    assert roles_of(user) == {role}


@pytest.mark.parametrize("giver", ["finance", "sari", "tuula"])
def test_others_give_nothing(cast: Cast, giver: str) -> None:
    with pytest.raises(Refused) as refused:
        roles.grant(
            make_user(), role=Role.EXPERT, starts_on=TODAY, by=getattr(cast, giver), now=NOW
        )

    assert refused.value.code == "not_yours_to_give"


def test_nobody_gives_themselves_a_role(cast: Cast) -> None:
    for person in (cast.administrator, cast.coordinator):
        with pytest.raises(Refused) as refused:
            roles.grant(person, role=Role.EXPERT, starts_on=TODAY, by=person, now=NOW)
        assert refused.value.code == "own_role"


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "holds"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (YESTERDAY, YESTERDAY, False),
        (TODAY + dt.timedelta(days=1), None, False),
    ],
)
def test_a_role_holds_on_both_its_days(
    cast: Cast, starts_on: dt.date, ends_on: dt.date | None, holds: bool
) -> None:
    user = make_user()

    roles.grant(
        user, role=Role.EXPERT, starts_on=starts_on, ends_on=ends_on, by=cast.coordinator, now=NOW
    )

    assert roles_of(user) == ({Role.EXPERT} if holds else set())


def test_the_same_role_twice_is_refused_but_later_it_is_not(cast: Cast) -> None:
    user = make_user()

    def give(first: dt.date, last: dt.date | None) -> None:
        roles.grant(
            user, role=Role.EXPERT, starts_on=first, ends_on=last, by=cast.coordinator, now=NOW
        )

    give(TODAY, TODAY)
    with pytest.raises(Refused) as refused:
        give(TODAY, None)
    assert refused.value.code == "has_role"
    give(TODAY + dt.timedelta(days=1), None)


def test_a_clinic_contacts_role_is_for_a_unit_and_only_that(cast: Cast) -> None:
    user = make_user()
    for role, unit, code in (
        (Role.CLINIC_CONTACT, None, "unit_missing"),
        (Role.EXPERT, cast.nokia.unit, "unit_not_wanted"),
    ):
        with pytest.raises(Refused) as refused:
            roles.grant(user, role=role, unit=unit, starts_on=TODAY, by=cast.coordinator, now=NOW)
        assert refused.value.code == code


def test_a_role_ends_at_once_or_later(cast: Cast) -> None:
    row = RoleGrant.objects.get(user=cast.aino.user)
    roles.end(row, last_day=TODAY, by=cast.coordinator, now=NOW)
    assert roles_of(cast.aino.user) == {Role.EXPERT}

    roles.end(row, last_day=YESTERDAY, by=cast.coordinator, now=NOW)
    assert roles_of(cast.aino.user) == set()


def test_a_role_that_never_began_is_removed(cast: Cast) -> None:
    user = make_user()
    row = roles.grant(user, role=Role.EXPERT, starts_on=TODAY, by=cast.coordinator, now=NOW)

    roles.end(row, last_day=YESTERDAY, by=cast.coordinator, now=NOW)

    assert not RoleGrant.objects.filter(user=user).exists()


@pytest.mark.parametrize(
    ("by", "whose", "code"),
    [
        ("coordinator", "finance", "not_yours_to_give"),
        ("coordinator", "coordinator", "own_role"),
        ("administrator", "administrator", "own_role"),
    ],
)
def test_roles_that_are_not_yours_to_end(cast: Cast, by: str, whose: str, code: str) -> None:
    row = RoleGrant.objects.get(user=getattr(cast, whose))

    with pytest.raises(Refused) as refused:
        roles.end(row, last_day=YESTERDAY, by=getattr(cast, by), now=NOW)

    assert refused.value.code == code
    row.refresh_from_db()
    assert row.ends_on is None


def test_a_day_in_the_past_is_refused(cast: Cast) -> None:
    row = RoleGrant.objects.get(user=cast.aino.user)

    with pytest.raises(Refused) as refused:
        roles.end(row, last_day=TODAY - dt.timedelta(days=2), by=cast.coordinator, now=NOW)

    assert refused.value.code == "wrong_days"


def test_the_last_administrator_stays(cast: Cast) -> None:
    """Even from the command line (`by` is None), which may do everything else."""
    row = RoleGrant.objects.get(user=cast.administrator)
    with pytest.raises(Refused) as refused:
        roles.end(row, last_day=YESTERDAY, by=None, now=NOW)
    assert refused.value.code == "last_administrator"

    second = make_user(role=Role.ADMINISTRATOR)
    roles.end(row, last_day=YESTERDAY, by=second, now=NOW)
    assert roles_of(cast.administrator) == set()


@pytest.mark.parametrize("why", ["ends soon", "begins later", "account ended"])
def test_an_administrator_who_does_not_stay_does_not_count(cast: Cast, why: str) -> None:
    second = make_user(role=Role.ADMINISTRATOR)
    grants = RoleGrant.objects.filter(user=second)
    if why == "ends soon":
        grants.update(ends_on=TODAY + dt.timedelta(days=30))
    elif why == "begins later":
        grants.update(starts_on=TODAY + dt.timedelta(days=1))
    else:
        User.objects.filter(pk=second.pk).update(is_active=False)

    with pytest.raises(Refused) as refused:
        roles.end(
            RoleGrant.objects.get(user=cast.administrator), last_day=YESTERDAY, by=None, now=NOW
        )

    assert refused.value.code == "last_administrator"


def test_an_ended_account_has_no_roles_and_cannot_sign_in(cast: Cast, client: Any) -> None:
    client.force_login(cast.aino.user)
    people.end_account(cast.aino.user, by=cast.coordinator, now=NOW)

    assert roles_of(cast.aino.user) == set()
    assert client.get("/me/").status_code == 302

    people.open_account(cast.aino.user, by=cast.coordinator, now=NOW)
    assert roles_of(cast.aino.user) == set()  # roles are given anew


@pytest.mark.parametrize(
    ("by", "whose", "code"),
    [
        ("coordinator", "finance", "not_yours_to_give"),
        ("coordinator", "administrator", "not_yours_to_give"),
        ("coordinator", "coordinator", "own_account"),
        ("finance", "sari", "not_yours_to_give"),
    ],
)
def test_accounts_that_are_not_yours_to_end(cast: Cast, by: str, whose: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        people.end_account(getattr(cast, whose), by=getattr(cast, by), now=NOW)

    assert refused.value.code == code
    assert RoleGrant.objects.get(user=getattr(cast, whose)).ends_on is None


def test_the_address_is_changed_by_an_administrator(cast: Cast) -> None:
    people.change_address(
        cast.aino.user, email=" Aino.Uusi@Example.org ", by=cast.administrator, now=NOW
    )

    cast.aino.user.refresh_from_db()
    assert cast.aino.user.email == "aino.uusi@example.org"
    for by, email, code in (
        (cast.coordinator, "b@example.org", "not_yours_to_give"),
        (cast.administrator, cast.eero.user.email.upper(), "address_taken"),
    ):
        with pytest.raises(Refused) as refused:
            people.change_address(cast.aino.user, email=email, by=by, now=NOW)
        assert refused.value.code == code


def test_the_cast_began_long_ago() -> None:
    assert clock.today() > SINCE


def test_nobody_becomes_an_administrator_by_chance(cast: Cast, client: Client) -> None:
    """Neither form has a role chosen beforehand; a forgotten one is an error."""
    client.force_login(cast.administrator)
    for address in ("/people/invited/new/", f"/people/{cast.sari.pk}/"):
        choices = client.get(address).context["form"].fields["role"].choices
        assert choices[0] == ("", "Valitse")
    typed = {"email": "uusi@example.org", "name": "Uusi Ihminen", "language": "fi"}
    response = client.post("/people/invited/new/", typed)
    assert set(response.context["form"].errors) == {"role"}
