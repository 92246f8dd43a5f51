"""When a person can: weekly patterns in local time, and absences without a reason."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.models.constraints import ends_after_start
from coordination.models.history import tracked
from experts.models.expert import Expert


class Weekday(models.IntegerChoices):
    """ISO weekdays minus one, as `date.weekday()` gives them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


@tracked()
class AvailabilityPattern(models.Model):
    """A weekday and hours when the person is usually able to work, in Helsinki wall time.

    `every_weeks` = 2 means every other ISO week, counted from the week of `starts_on`.
    `ends_time` 00:00 is not used: a period ends at 23:59 at the latest.
    """

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="patterns")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    starts_time = models.TimeField(_("from"))
    ends_time = models.TimeField(_("until"))
    every_weeks = models.PositiveSmallIntegerField(_("every how many weeks"), default=1)
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        ordering = ("expert", "weekday", "starts_time")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_time__gt=F("starts_time")), name="pattern_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="pattern_weekday"),
            models.CheckConstraint(condition=Q(every_weeks__range=(1, 8)), name="pattern_weeks"),
            ends_after_start("pattern_days", start="starts_on", end="ends_on"),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts_time:%H.%M}–{self.ends_time:%H.%M}"


@tracked()
class Absence(models.Model):
    """Days on which the person cannot; both belong to it. No field for a reason, on purpose."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="absences")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        ordering = ("starts_on",)
        constraints = (ends_after_start("absence_days", start="starts_on", end="ends_on"),)

    def __str__(self) -> str:
        return f"{self.starts_on}–{self.ends_on}"
