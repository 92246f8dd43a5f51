"""People who sign in, what they are here, and how they are invited."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from coordination import clock
from coordination.models.constraints import both_or_neither, ends_after_start
from coordination.models.history import tracked
from coordination.permissions import SECOND_FACTOR_ROLES, Access, Role


class Language(models.TextChoices):
    """Languages Vuoro speaks."""

    FINNISH = "fi", "suomi"
    SWEDISH = "sv", "svenska"
    ENGLISH = "en", "English"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who can sign in; without a password, only by a code sent by mail."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person with an account. The address is the log-in; it is stored in lower case.

    `sign_in_version` grows when a second factor is set up, changed or removed: sessions opened before end with it.
    """

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.FINNISH
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sign_in_version = models.PositiveIntegerField(_("ways to sign in, times changed"), default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def access(self) -> Access:
        """What this person may do today; computed once per loaded object (per request)."""
        if not self.is_active:
            return Access()
        # the calendar day in Helsinki is what a grant's dates mean
        grants = list(self.role_grants.in_force(on=clock.today()))
        return Access(
            roles=frozenset(Role(grant.role) for grant in grants),
            unit_ids=frozenset(grant.unit_id for grant in grants if grant.unit_id),
        )

    def get_session_auth_hash(self) -> str:
        """What a session must know to go on: Django's hash of the password, and the version of the second factor."""
        return f"{super().get_session_auth_hash()}.{self.sign_in_version}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under earlier SECRET_KEYs."""
        for earlier in super().get_session_auth_fallback_hash():
            yield f"{earlier}.{self.sign_in_version}"

    @property
    def needs_second_factor(self) -> bool:
        return not self.access.roles.isdisjoint(SECOND_FACTOR_ROLES)


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def in_force(self, *, on: dt.date) -> "RoleGrantQuerySet":
        """Grants that hold on a calendar day; both end days belong to the period."""
        return self.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


@tracked()
class RoleGrant(models.Model):
    """A role given to a person from a day on; a clinic contact's role is for one unit."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        "coordination.Unit", on_delete=models.CASCADE, null=True, blank=True, related_name="grants"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="role_grant_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.CLINIC_CONTACT, unit__isnull=False)
                | (~Q(role=Role.CLINIC_CONTACT) & Q(unit__isnull=True)),
                name="role_grant_unit_for_clinic_contacts_only",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_grant_known_role"),
            ends_after_start("role_grant_days", start="starts_on", end="ends_on"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


@tracked(exclude=["token_hash"])
class Invitation(models.Model):
    """An invitation by mail to become a person with a role; the link works once, until it expires."""

    email = models.EmailField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role.choices)
    units = models.ManyToManyField("coordination.Unit", blank=True, related_name="+")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.FINNISH)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            both_or_neither("invitation_accepted_by_someone", "accepted_at", "accepted_by"),
            models.UniqueConstraint(
                Lower("email"),
                "role",
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_open_per_address_and_role",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email}: {self.role}"
