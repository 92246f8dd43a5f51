"""What makes a person ready: training, sign-off, orientation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models import Unit
from coordination.models.constraints import ends_after_start, one_of
from coordination.models.history import tracked
from experts.models.expert import Expert


class TrainingLevel(models.TextChoices):
    BASIC = "basic", _("expert by experience training")
    FURTHER = "further", _("further training")


@tracked()
class Training(models.Model):
    """A training from any provider (S4 l.139 "Mielen ry:n tai muun vastaavan").

    `valid_until` is empty when the training does not grow old.
    """

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="trainings")
    name = models.CharField(_("training"), max_length=200)
    provider = models.CharField(_("provider"), max_length=200, blank=True)
    level = models.CharField(
        _("level"), max_length=8, choices=TrainingLevel.choices, default=TrainingLevel.BASIC
    )
    hours = models.PositiveSmallIntegerField(_("hours"), null=True, blank=True)
    starts_on = models.DateField(_("began on"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        ordering = ("expert", "-completed_on")
        constraints = (
            ends_after_start("training_days", start="starts_on", end="completed_on"),
            ends_after_start("training_validity", start="completed_on", end="valid_until"),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class SignOff(models.Model):
    """The four points a coordinator confirms before the first assignment (S4 l.135).

    Yes and when, no reasons. A sign-off holds until it is withdrawn; a person has one at most.
    """

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="sign_offs")
    own_experience = models.BooleanField(_("own experience or that of a close person"))
    enough_training = models.BooleanField(_("enough training"))
    works_independently = models.BooleanField(_("able to work independently"))
    looks_after_self = models.BooleanField(_("looks after own well-being"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    signed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-signed_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["expert"],
                condition=Q(withdrawn_at__isnull=True),
                name="sign_off_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(
                    own_experience=True,
                    enough_training=True,
                    works_independently=True,
                    looks_after_self=True,
                ),
                name="sign_off_all_four_points",
            ),
        )

    def __str__(self) -> str:
        return f"{self.expert} {self.signed_at:%Y-%m-%d}"


@tracked()
class Orientation(models.Model):
    """Who was shown round at a unit: an expert, or one of the unit's professionals (S4 l.157)."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="orientations")
    expert = models.ForeignKey(
        Expert, on_delete=models.CASCADE, null=True, blank=True, related_name="orientations"
    )
    professional_name = models.CharField(_("professional"), max_length=200, null=True, blank=True)
    oriented_on = models.DateField(_("day"))
    given_by = models.CharField(_("given by"), max_length=200, blank=True)

    class Meta:
        ordering = ("-oriented_on",)
        constraints = (
            one_of("orientation_of_one_person", "expert", "professional_name"),
            models.UniqueConstraint(
                fields=["unit", "expert", "oriented_on"],
                condition=Q(expert__isnull=False),
                name="orientation_once_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.expert or self.professional_name}: {self.unit}"
