"""Two people act at the same moment: one account from two clicks, one administrator left of two."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from coordination import clock
from coordination.errors import Refused
from coordination.models import OutboxMessage, RoleGrant, User
from coordination.permissions import Role
from coordination.services import invitations, people, roles
from tests.cast import Cast, make_user
from tests.coordination.people.test_invitations import token_in_last_mail


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What came of each: "done" or the code of the refusal; all start together."""
    outcomes: list[str] = []
    barrier = threading.Barrier(len(acts))

    def work(act: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            act()
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.code)
        except Exception as error:  # noqa: BLE001  # the test shows it
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def test_an_invitation_clicked_twice_at_once_makes_one_account(
    transactional_db: None, cast: Cast
) -> None:
    now = clock.now()
    invitations.invite(
        email="uusi@example.org",
        name="Uusi",
        role=Role.EXPERT,
        language="fi",
        by=cast.coordinator,
        now=now,
    )
    token = token_in_last_mail()

    def click() -> None:
        invitations.accept(token, name="Uusi", language="fi", password=None, now=now)

    assert at_once(*[click] * 6) == ["done", *["link_used"] * 5]
    assert User.objects.filter(email="uusi@example.org").count() == 1
    assert RoleGrant.objects.filter(user__email="uusi@example.org").count() == 1


def test_the_same_person_invited_twice_at_once_gets_one_mail(
    transactional_db: None, cast: Cast
) -> None:
    now = clock.now()

    def invite() -> None:
        invitations.invite(
            email="uusi@example.org",
            name="Uusi",
            role=Role.EXPERT,
            language="fi",
            by=cast.coordinator,
            now=now,
        )

    assert at_once(*[invite] * 4) == [*["already_invited"] * 3, "done"]
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("act", ["role", "account"])
def test_two_administrators_who_remove_each_other_leave_one(
    transactional_db: None, cast: Cast, act: str
) -> None:
    first, second = cast.administrator, make_user(role=Role.ADMINISTRATOR)
    now, yesterday = clock.now(), clock.today() - dt.timedelta(days=1)
    assert first.access.roles == second.access.roles  # both pages were open before either acted

    def remove(whose: User, by: User) -> None:
        if act == "account":
            people.end_account(whose, by=by, now=now)
        else:
            roles.end(RoleGrant.objects.get(user=whose), last_day=yesterday, by=by, now=now)

    outcomes = at_once(lambda: remove(first, second), lambda: remove(second, first))

    assert outcomes == ["done", "last_administrator"]
    admins = RoleGrant.objects.in_force(on=clock.today()).filter(role=Role.ADMINISTRATOR)
    assert [grant.user.is_active for grant in admins] == [True]


def test_without_the_lock_both_are_removed(
    transactional_db: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a check without the lock lets both through."""
    first, second = cast.administrator, make_user(role=Role.ADMINISTRATOR)
    now, yesterday = clock.now(), clock.today() - dt.timedelta(days=1)
    both_checked = threading.Barrier(2)

    def check_without_lock(*, without: User) -> None:
        grants = RoleGrant.objects.filter(role=Role.ADMINISTRATOR, ends_on=None)
        assert grants.exclude(user=without).exists()
        both_checked.wait(10)

    monkeypatch.setattr(roles, "keep_an_administrator", check_without_lock)

    def remove(whose: User, by: User) -> None:
        roles.end(RoleGrant.objects.get(user=whose), last_day=yesterday, by=by, now=now)

    assert at_once(lambda: remove(first, second), lambda: remove(second, first)) == ["done"] * 2
    admins = RoleGrant.objects.in_force(on=clock.today()).filter(role=Role.ADMINISTRATOR)
    assert not admins.exists()
