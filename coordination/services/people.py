"""Accounts: what people change themselves, and how an account ends and opens again."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coordination import clock
from coordination.errors import Refused
from coordination.models import RoleGrant, User
from coordination.permissions import Role
from coordination.services import roles


def change_own(user: User, *, name: str, phone: str, language: str) -> None:
    """What a person changes in their own account."""
    user.name, user.phone, user.language = name, phone, language
    user.save(update_fields=["name", "phone", "language"])


@transaction.atomic
def end_account(user: User, *, by: User, now: dt.datetime) -> None:
    """The person can no longer sign in, from this moment; all roles end.

    Raises Refused: `own_account`, `not_yours_to_give` when a role of the person is not yours to
    take, `last_administrator`.
    """
    if user == by:
        raise Refused(_("You cannot end your own account."), code="own_account")
    if user.access.has(Role.ADMINISTRATOR):
        roles.check_may_give(Role.ADMINISTRATOR, by=by)
        roles.keep_an_administrator(without=user)
    row = User.objects.select_for_update().get(pk=user.pk)
    today = clock.today(now)
    held = RoleGrant.objects.select_for_update().filter(user=row).exclude(ends_on__lt=today)
    for role_grant in held.order_by("pk"):
        roles.check_may_give(role_grant.role, by=by)
        _end_yesterday(role_grant, today=today)
    row.is_active = False
    row.save(update_fields=["is_active"])


def _end_yesterday(role_grant: RoleGrant, *, today: dt.date) -> None:
    if role_grant.starts_on >= today:
        role_grant.delete()
        return
    role_grant.ends_on = today - dt.timedelta(days=1)
    role_grant.save(update_fields=["ends_on"])


@transaction.atomic
def open_account(user: User, *, by: User, now: dt.datetime) -> None:
    """Let a person whose account ended sign in again; roles are given separately.

    Raises Refused (`not_yours_to_give`) when somebody without any right over roles tries.
    """
    if not roles.given_by(by):
        raise Refused(
            _("Only an administrator can give or take this role."), code="not_yours_to_give"
        )
    row = User.objects.select_for_update().get(pk=user.pk)
    row.is_active = True
    row.save(update_fields=["is_active"])


@transaction.atomic
def change_address(user: User, *, email: str, by: User, now: dt.datetime) -> None:
    """Change the address a person signs in with; only an administrator may, and not their own.

    Raises Refused: `own_account`, `not_yours_to_give`, `address_taken`.
    """
    if user == by:
        raise Refused(_("Ask another administrator to change your address."), code="own_account")
    roles.check_may_give(Role.ADMINISTRATOR, by=by)
    address = email.strip().lower()
    if User.objects.filter(email=address).exclude(pk=user.pk).exists():
        raise Refused(_("Somebody else signs in with this address."), code="address_taken")
    row = User.objects.select_for_update().get(pk=user.pk)
    row.email = address
    row.save(update_fields=["email"])
