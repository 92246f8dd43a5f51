"""The register: one row per expert by experience; no identity code, no diagnosis, no benefit."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from coordination import formats
from coordination.models import ActivityKind, Unit, User
from coordination.models.history import tracked, tracked_links
from coordination.models.people import Language
from coordination.permissions import Permission


class ExpertStatus(models.TextChoices):
    """Where a person stands; a quiet break needs no explanation."""

    APPLICANT = "applicant", _("applicant")
    IN_TRAINING = "in_training", _("in training")
    ACTIVE = "active", _("active")
    ON_BREAK = "on_break", _("on a break")
    ENDED = "ended", _("ended")


class ExpertQuerySet(models.QuerySet["Expert"]):
    def visible_to(self, user: User) -> "ExpertQuerySet":
        """The whole register for those who see it, one's own row for an expert, none for others."""
        if user.access.can(Permission.VIEW_REGISTER):
            return self
        if user.access.can(Permission.VIEW_OWN_PROFILE):
            return self.filter(user=user)
        return self.none()

    def active(self) -> "ExpertQuerySet":
        return self.filter(status=ExpertStatus.ACTIVE)


@tracked()
class Expert(models.Model):
    """A trained person with lived experience.

    `official_name` is for pay (banks compare it with the account); `name` is what people use.
    Load limits are what was agreed with the person: hours a week, sessions a calendar month.
    `max_km` is the longest one-way trip in kilometres; empty means that distance does not matter.
    `ended_on` is the day the status became "ended": how long data is kept counts from it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="expert",
    )
    name = models.CharField(_("name"), max_length=200)
    official_name = models.CharField(_("official name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    language = models.CharField(
        _("language of messages"), max_length=2, choices=Language.choices, default=Language.FINNISH
    )
    home_municipality = models.CharField(_("home municipality"), max_length=60, blank=True)
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("languages spoken"), default=list, blank=True
    )
    themes = models.CharField(
        _("experience themes in the person's own words"), max_length=300, blank=True
    )
    themes_shown_to_units = models.BooleanField(_("units may see the themes"), default=False)
    kinds = models.ManyToManyField(
        ActivityKind, blank=True, related_name="experts", verbose_name=_("forms of work")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=ExpertStatus.choices, default=ExpertStatus.APPLICANT
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    is_volunteer = models.BooleanField(_("works as a volunteer, without a fee"), default=False)
    payroll_number = models.CharField(_("payroll number"), max_length=20, blank=True)
    tax_card_seen_on = models.DateField(_("tax card seen on"), null=True, blank=True)
    extract_seen_on = models.DateField(_("criminal-record extract seen on"), null=True, blank=True)
    extract_seen_by = models.CharField(_("extract seen by"), max_length=200, blank=True)
    confidentiality_signed_on = models.DateField(
        _("confidentiality signed on"), null=True, blank=True
    )
    weekly_hours = models.DecimalField(
        _("hours a week, at most"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    monthly_sessions = models.PositiveSmallIntegerField(
        _("sessions a month, at most"), null=True, blank=True
    )
    max_km = models.PositiveSmallIntegerField(_("longest trip, km"), null=True, blank=True)
    rest_hours = models.PositiveSmallIntegerField(
        _("rest between working days, hours"), null=True, blank=True
    )
    excluded_units = models.ManyToManyField(
        Unit, blank=True, related_name="+", verbose_name=_("units never to be offered")
    )
    wishes = models.CharField(_("wishes about shifts"), max_length=300, blank=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                Lower("email"), condition=~Q(email=""), name="expert_email_once"
            ),
            models.UniqueConstraint(
                fields=["payroll_number"],
                condition=~Q(payroll_number=""),
                name="expert_payroll_number_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ExpertStatus.values), name="expert_known_status"
            ),
            models.CheckConstraint(
                condition=Q(status=ExpertStatus.ENDED, ended_on__isnull=False)
                | (~Q(status=ExpertStatus.ENDED) & Q(ended_on__isnull=True)),
                name="expert_ended_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(weekly_hours__isnull=True) | Q(weekly_hours__range=(0, 60)),
                name="expert_weekly_hours",
            ),
            models.CheckConstraint(
                condition=Q(rest_hours__isnull=True) | Q(rest_hours__lte=48),
                name="expert_rest_hours",
            ),
            models.CheckConstraint(
                condition=Q(extract_seen_on__isnull=False) | Q(extract_seen_by=""),
                name="expert_extract_seen_by_someone_on_a_day",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def given_name(self) -> str:
        """What may be shown in public: no surname."""
        return self.name.split(" ")[0]

    @property
    def phone_spaced(self) -> str:
        """A Finnish mobile number in groups, as people read it: +358 40 123 4567."""
        return formats.phone(self.phone)

    @property
    def themes_for_units(self) -> str:
        """The person's own words while the person lets units see them (invariant 9)."""
        return self.themes if self.themes_shown_to_units else ""


@tracked_links("kinds")
class ExpertKind(Expert.kinds.through):  # type: ignore[name-defined, misc]  # made by Django
    """A form of work somebody does, so that its changes are audited too."""

    class Meta:
        proxy = True


@tracked_links("units")
class ExpertExcludedUnit(Expert.excluded_units.through):  # type: ignore[name-defined, misc]  # made by Django
    """A unit never to be offered to somebody, so that its changes are audited too."""

    class Meta:
        proxy = True
