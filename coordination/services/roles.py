"""Who gives which role to whom, and who may take it away.

A coordinator brings in the people shifts are made with; those who see money or everybody's data are
named by an administrator. Nobody gives themselves a role, and somebody always stays administrator.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coordination import clock
from coordination.errors import Refused
from coordination.models import RoleGrant, Unit, User
from coordination.permissions import Role

GIVES: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.COORDINATOR: frozenset({Role.EXPERT, Role.CLINIC_CONTACT, Role.WORK_SUPERVISOR}),
}
"""The roles that people with a role may give and take."""


def given_by(giver: User | None) -> frozenset[Role]:
    """The roles a person may give; None is the command line, which may give all."""
    if giver is None:
        return frozenset(Role)
    return frozenset[Role]().union(*(GIVES.get(role, frozenset()) for role in giver.access.roles))


def check_may_give(role: str, *, by: User | None) -> None:
    """Raises Refused (code `not_yours_to_give`)."""
    if role not in given_by(by):
        raise Refused(
            _("Only an administrator can give or take this role."), code="not_yours_to_give"
        )


def check_units(role: str, units: "list[Unit] | tuple[Unit, ...]") -> None:
    """A clinic contact has units, others have none. Raises Refused (`unit_missing`, `unit_not_wanted`)."""
    if role == Role.CLINIC_CONTACT and not units:
        raise Refused(_("Choose the units whose contact the person is."), code="unit_missing")
    if role != Role.CLINIC_CONTACT and units:
        raise Refused(_("Only a clinic contact's role belongs to a unit."), code="unit_not_wanted")


@transaction.atomic
def grant(
    user: User,
    *,
    role: str,
    unit: Unit | None = None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    by: User | None,
    now: dt.datetime,
) -> RoleGrant:
    """Give a role from a day on; both days belong to it, no last day means until further notice.

    Raises Refused: `own_role`, `not_yours_to_give`, `unit_missing`, `unit_not_wanted`, `wrong_days`,
    `has_role` when the person has it on one of these days, `inactive` when the account has ended.
    """
    if by == user:
        raise Refused(_("You cannot give a role to yourself."), code="own_role")
    check_may_give(role, by=by)
    check_units(role, [unit] if unit else [])
    if ends_on is not None and ends_on < starts_on:
        raise Refused(_("The last day is before the first."), code="wrong_days")
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_active:
        raise Refused(_("The account has ended. Open it again first."), code="inactive")
    return give(locked, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on, by=by)


def give(
    user: User,
    *,
    role: str,
    unit: Unit | None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    by: User | None,
) -> RoleGrant:
    """Write the grant; the caller holds the person's row and has asked whether it may be."""
    held = RoleGrant.objects.filter(user=user, role=role, unit=unit).exclude(ends_on__lt=starts_on)
    if ends_on is not None:
        held = held.filter(starts_on__lte=ends_on)
    if held.exists():
        raise Refused(_("The person has this role already."), code="has_role")
    return RoleGrant.objects.create(
        user=user, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on, granted_by=by
    )


@transaction.atomic
def end(role_grant: RoleGrant, *, last_day: dt.date, by: User | None, now: dt.datetime) -> None:
    """Let a role end after a day; yesterday means at once. A role that never began is removed.

    Raises Refused: `not_yours_to_give`, `own_role` for one's own role, `wrong_days` for a day before
    yesterday, `last_administrator`.
    """
    if by == role_grant.user:
        raise Refused(_("You cannot end your own role."), code="own_role")
    check_may_give(role_grant.role, by=by)
    if last_day < clock.today(now) - dt.timedelta(days=1):
        raise Refused(_("Choose today or a later day."), code="wrong_days")
    if role_grant.role == Role.ADMINISTRATOR:
        keep_an_administrator(without=role_grant.user)
    row = RoleGrant.objects.select_for_update().get(pk=role_grant.pk)
    if last_day < row.starts_on:
        row.delete()
        return
    row.ends_on = last_day
    row.save(update_fields=["ends_on"])


def keep_an_administrator(*, without: User) -> None:
    """Raises Refused (`last_administrator`) when nobody else is administrator until further notice.

    Locks all administrators' grants, in one order, so that two who remove each other at the same
    moment do so one after the other. Call it before the change, in its transaction.
    """
    grants = RoleGrant.objects.select_for_update(of=("self",)).filter(role=Role.ADMINISTRATOR)
    remaining = [
        row
        for row in grants.select_related("user").order_by("pk")
        if row.user_id != without.pk
        and row.ends_on is None
        and row.starts_on <= clock.today()
        and User.objects.filter(pk=row.user_id, is_active=True).exists()
    ]
    if not remaining:
        raise Refused(
            _("Somebody must stay administrator. Name another one first."),
            code="last_administrator",
        )
