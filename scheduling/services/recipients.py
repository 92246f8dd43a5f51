"""Who hears of what: people with an address, each in their own language."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from coordination.models import RoleGrant, Unit, UnitContact, User
from coordination.models.places import ContactKind, in_force
from coordination.permissions import Role
from experts.models import Expert


@dataclass(frozen=True)
class Recipient:
    """Somebody a mail can go to; `user` is None for those without an account."""

    email: str
    language: str
    user: User | None
    name: str


def of_user(user: User) -> Recipient:
    return Recipient(email=user.email, language=user.language, user=user, name=user.name)


def of_expert(expert: Expert) -> list[Recipient]:
    """The expert, when there is any address; the register's goes before the log-in's."""
    user = expert.user
    email = expert.email or (user.email if user else "")
    if not email:
        return []
    return [Recipient(email=email, language=expert.language, user=user, name=expert.name)]


def coordinators(*, on: dt.date) -> list[Recipient]:
    """Everybody who is a coordinator on that day."""
    return _with_role(Role.COORDINATOR, on=on)


def clinic_contacts(unit: Unit, *, on: dt.date) -> list[Recipient]:
    """The unit's contacts with an account, else its named contact person's address."""
    found = _with_role(Role.CLINIC_CONTACT, on=on, unit=unit)
    if found:
        return found
    named = UnitContact.objects.filter(in_force(on), unit=unit, kind=ContactKind.CONTACT)
    return [
        Recipient(email=contact.email, language="fi", user=contact.user, name=contact.name)
        for contact in named.exclude(email="").select_related("user")
    ]


def _with_role(role: Role, *, on: dt.date, unit: Unit | None = None) -> list[Recipient]:
    grants = RoleGrant.objects.in_force(on=on).filter(role=role, user__is_active=True)
    if unit is not None:
        grants = grants.filter(unit=unit)
    users = User.objects.filter(pk__in=grants.values("user")).order_by("pk")
    return [of_user(user) for user in users]


def but_not(recipients: Iterable[Recipient], by: User | None) -> list[Recipient]:
    """Never to the person who acted, and nobody twice (lessons.md, "Messages")."""
    found: dict[str, Recipient] = {}
    for recipient in recipients:
        acted = by is not None and (
            recipient.user == by or recipient.email.lower() == by.email.lower()
        )
        if not acted:
            found.setdefault(recipient.email.lower(), recipient)
    return list(found.values())
