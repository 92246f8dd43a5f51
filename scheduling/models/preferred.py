"""Who is asked first for the sessions of a series."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models.constraints import ends_after_start
from coordination.models.history import tracked
from experts.models import Expert
from scheduling.models.sessions import Series


@tracked()
class PreferredPerson(models.Model):
    """A person whom the coordinator would have on a series, in order; 1 is asked first.

    The days are inclusive and may be empty: one person until May and another from June on is a
    hand-over that was planned. A preference is no right and no duty: eligibility decides as always.
    """

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="preferred")
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="+")
    order = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ("order", "id")
        verbose_name_plural = "preferred people"
        constraints = (
            models.UniqueConstraint(fields=["series", "expert"], name="preferred_once_a_series"),
            ends_after_start("preferred_days", start="starts_on", end="ends_on"),
        )

    def __str__(self) -> str:
        return f"{self.series}: {self.expert}"

    def covers(self, on: dt.date) -> bool:
        """Whether the preference holds on a day."""
        begun = self.starts_on is None or self.starts_on <= on
        return begun and (self.ends_on is None or on <= self.ends_on)
