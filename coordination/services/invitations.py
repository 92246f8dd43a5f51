"""Invitations by mail: the link works once, for fourteen days, and only its hash is stored."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from coordination import clock, formats
from coordination.errors import Refused
from coordination.models import Invitation, RoleGrant, Unit, User
from coordination.permissions import Role
from coordination.services import messages, roles

VALID_FOR = dt.timedelta(days=14)

Hook = Callable[[User, Role], None]
_hooks: list[Hook] = []


def on_accepted(hook: Hook) -> Hook:
    """Register what a package above does when somebody accepts, in the same transaction.

    Called with the person and the role; experts links its register's row by the address.
    """
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    role: str,
    units: Sequence[Unit] = (),
    language: str,
    by: User | None,
    now: dt.datetime,
) -> Invitation:
    """Invite a person by mail, in their language. `by` is None on the command line.

    Raises Refused: `not_yours_to_give`, `own_role`, `unit_missing`, `unit_not_wanted`, `has_role`,
    `already_invited` when an invitation to the same role is open.
    """
    address = email.strip().lower()
    if by is not None and by.email == address:
        raise Refused(_("You cannot give a role to yourself."), code="own_role")
    roles.check_may_give(role, by=by)
    roles.check_units(role, list(units))
    _check_not_there(address, role, units, now=now)
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=address,
                name=name,
                role=role,
                language=language,
                token_hash=hash_of(token),
                invited_by=by,
                created_at=now,
                expires_at=now + VALID_FOR,
            )
    except IntegrityError as error:  # somebody invited the same person at the same moment
        raise _already_invited() from error
    invitation.units.set(units)
    _send(invitation, token, now=now)
    return invitation


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def path_of(token: str) -> str:
    return reverse("invitation", args=[token])


def _check_not_there(address: str, role: str, units: Sequence[Unit], *, now: dt.datetime) -> None:
    held = RoleGrant.objects.in_force(on=clock.today(now)).filter(
        user__email=address, user__is_active=True, role=role
    )
    missing_units = set(units) - {row.unit for row in held.select_related("unit")}
    if held.exists() and not (units and missing_units):
        raise Refused(_("The person has this role already."), code="has_role")
    open_ones = Invitation.objects.select_for_update().filter(
        email=address, role=role, accepted_at=None, revoked_at=None
    )
    for invitation in open_ones:
        if invitation.expires_at > now:
            raise _already_invited()
        invitation.revoked_at = now  # it ran out; the new one takes its place
        invitation.save(update_fields=["revoked_at"])


def _already_invited() -> Refused:
    return Refused(
        _("The person has been invited already. You can send the invitation again."),
        code="already_invited",
    )


def _send(invitation: Invitation, token: str, *, now: dt.datetime) -> None:
    language = invitation.language
    with translation.override(language):
        context: dict[str, object] = {
            "name": invitation.name,
            "inviter": invitation.invited_by.name if invitation.invited_by else "Vuoro",
            "role": str(Role(invitation.role).label),
            "units": ", ".join(unit.name for unit in invitation.units.all()),
            "link": messages.absolute_url(path_of(token)),
            "until": formats.day(clock.today(invitation.expires_at), language=language),
        }
    messages.enqueue(
        kind="invitation",
        key=f"invitation:{invitation.pk}:{invitation.token_hash[:12]}",
        to_email=invitation.email,
        language=language,
        user=None,
        context=context,
        now=now,
    )


@transaction.atomic
def send_again(invitation: Invitation, *, by: User, now: dt.datetime) -> None:
    """A new link by mail, for another fourteen days; the old one stops working.

    Raises Refused: `not_yours_to_give`, `link_used`, `link_revoked`.
    """
    row = _open(invitation, by=by)
    token = secrets.token_urlsafe(32)
    row.token_hash, row.expires_at = hash_of(token), now + VALID_FOR
    row.save(update_fields=["token_hash", "expires_at"])
    _send(row, token, now=now)


@transaction.atomic
def revoke(invitation: Invitation, *, by: User, now: dt.datetime) -> None:
    """The link stops working. Raises Refused: `not_yours_to_give`, `link_used`, `link_revoked`."""
    row = _open(invitation, by=by)
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])


def _open(invitation: Invitation, *, by: User) -> Invitation:
    roles.check_may_give(invitation.role, by=by)
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _check_usable(row)
    return row


def _check_usable(invitation: Invitation, *, now: dt.datetime | None = None) -> None:
    if invitation.accepted_at is not None:
        raise Refused(_("This invitation has been used. You can sign in."), code="link_used")
    if invitation.revoked_at is not None:
        raise Refused(_("This invitation is no longer in force."), code="link_revoked")
    if now is not None and invitation.expires_at <= now:
        raise Refused(
            _("This invitation has run out. Ask for a new one from the person who invited you."),
            code="link_expired",
        )


def read(token: str, *, now: dt.datetime) -> Invitation:
    """The invitation behind a link. Raises Refused: `link_unknown`, `link_used`, `link_revoked`, `link_expired`."""
    invitation = Invitation.objects.filter(token_hash=hash_of(token)).first()
    if invitation is None:
        raise Refused(_("There is no such invitation."), code="link_unknown")
    _check_usable(invitation, now=now)
    return invitation


@transaction.atomic
def accept(
    token: str, *, name: str, language: str, password: str | None, now: dt.datetime
) -> tuple[User, bool]:
    """Make the account and give the role; the person, and whether the account is new.

    Without a password the person signs in with a code sent by mail. Somebody who has an account
    only gets the role: name, language and password stay as they are. Two clicks at once make one
    account: the second finds the link used. Raises Refused as `read` does.
    """
    found = read(token, now=now)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=found.pk)
    _check_usable(invitation, now=now)
    user, is_new = _account_of(invitation, name=name, language=language, password=password)
    units: list[Unit | None] = list(invitation.units.all())
    for unit in units or [None]:
        _give_once(user, invitation, unit, today=clock.today(now))
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    for hook in _hooks:
        hook(user, Role(invitation.role))
    return user, is_new


def _account_of(
    invitation: Invitation, *, name: str, language: str, password: str | None
) -> tuple[User, bool]:
    user = User.objects.select_for_update().filter(email=invitation.email).first()
    if user is None:
        made = User.objects.create_user(
            invitation.email, password=password, name=name, language=language
        )
        return made, True
    if not user.is_active:  # its roles ended with it, so only the new one comes
        user.is_active = True
        user.save(update_fields=["is_active"])
    return user, False


def _give_once(user: User, invitation: Invitation, unit: Unit | None, *, today: dt.date) -> None:
    try:
        roles.give(user, role=invitation.role, unit=unit, starts_on=today, by=invitation.invited_by)
    except Refused as refused:
        if refused.code != "has_role":  # given meanwhile in another way: that is what was wanted
            raise
