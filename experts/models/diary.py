"""The diary: everything that occupies a person, in one table (design.md, invariant 1)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from coordination.models import Site, Unit
from coordination.models.constraints import OneId
from experts.models.expert import Expert


class DiaryKind(models.TextChoices):
    SHIFT = "shift", _("shift")
    SUPERVISION = "supervision", _("work supervision")
    TRAINING = "training", _("training")
    MEETING = "meeting", _("meeting")


class Moments(Func):
    """`tstzrange(from, to)`, half-open."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class DiaryEntry(models.Model):
    """One thing in a person's diary, half-open in UTC.

    `source` names what it stands for ("assignment:17", "supervision:3"); written only by
    `experts.services.diary`. Two occupying entries of one person never overlap: an exclusion
    constraint. A cancelled entry stays (feeds show it for 30 days) but no longer occupies.
    `sequence` rises with each change of time, place or state, for calendar readers.
    """

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="diary")
    kind = models.CharField(max_length=12, choices=DiaryKind.choices)
    source = models.CharField(max_length=60, unique=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone_name = models.CharField(max_length=60, default="Europe/Helsinki")
    occupies = models.BooleanField(default=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=300, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("starts_at", "id")
        indexes = (models.Index(fields=["expert", "starts_at"], name="diary_of_expert"),)
        constraints = (
            ExclusionConstraint(
                name="diary_no_overlap",
                expressions=[
                    (OneId(F("expert_id")), RangeOperators.OVERLAPS),
                    (Moments(F("starts_at"), F("ends_at")), RangeOperators.OVERLAPS),
                ],
                condition=Q(occupies=True),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="diary_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(occupies=False) | Q(cancelled_at__isnull=True),
                name="diary_cancelled_does_not_occupy",
            ),
        )

    def __str__(self) -> str:
        return self.source
