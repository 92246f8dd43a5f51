"""Who there is, with which roles, and how each signs in."""

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from coordination.models import Invitation, RoleGrant, Unit, User

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts: recovery codes alone do not."""


@dataclass(frozen=True)
class SignInMethods:
    """How a person signs in; a code by mail is always possible."""

    password: bool
    code_generator: bool
    passkeys: int

    @property
    def second_factor(self) -> bool:
        return self.code_generator or self.passkeys > 0


def sign_in_methods(user: User) -> SignInMethods:
    """One query."""
    types = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return SignInMethods(
        password=user.has_usable_password(),
        code_generator=Authenticator.Type.TOTP in types,
        passkeys=types.count(Authenticator.Type.WEBAUTHN),
    )


def lacks_second_factor(user: User) -> bool:
    """Whether a role of the person demands a second factor and none is set up; never where none is asked for."""
    if not settings.SECOND_FACTOR_REQUIRED or not user.needs_second_factor:
        return False
    return not Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists()


def grants_of(user: User, *, on: dt.date) -> QuerySet[RoleGrant]:
    """A person's roles that hold on a day."""
    return user.role_grants.in_force(on=on).select_related("unit").order_by("role", "unit__name")


def people(
    *, q: str = "", role: str = "", unit: Unit | None = None, state: str = "", on: dt.date
) -> QuerySet[User]:
    """People by name with their roles of the day in `current_grants`; `state` "", "ended" or "all"."""
    grants = RoleGrant.objects.in_force(on=on)
    found = User.objects.order_by("name", "pk")
    if state != "all":
        found = found.filter(is_active=state != "ended")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(email__icontains=q))
    if role:
        found = found.filter(pk__in=grants.filter(role=role).values("user"))
    if unit:
        found = found.filter(pk__in=grants.filter(unit=unit).values("user"))
    shown = grants.select_related("unit").order_by("role", "unit__name")
    return found.prefetch_related(Prefetch("role_grants", shown, to_attr="current_grants"))


def open_invitations() -> QuerySet[Invitation]:
    """Invitations nobody has answered or taken back, the newest first; expired ones too."""
    found = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    return found.select_related("invited_by").prefetch_related("units").order_by("-created_at")
