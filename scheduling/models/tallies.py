"""Counts after a session: numbers only, never a name (domain.md 2.4)."""

from django.conf import settings
from django.db import models

from coordination.models.history import tracked
from scheduling.models.assignments import Assignment

COUNTS = (
    "client_before",
    "client_after",
    "relative_before",
    "relative_after",
    "professional",
    "guided_onward",
    "follow_up_agreed",
    "participants",
    "peer_leaders",
)
"""The counted things: encounters by whom and when (S4 l.97), onward guidance, follow-up, group counts (S4 l.125)."""


@tracked()
class Tally(models.Model):
    """What one person counted on one session. Encounters are not people (trap 6)."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="tally")
    client_before = models.PositiveSmallIntegerField(default=0)
    client_after = models.PositiveSmallIntegerField(default=0)
    relative_before = models.PositiveSmallIntegerField(default=0)
    relative_after = models.PositiveSmallIntegerField(default=0)
    professional = models.PositiveSmallIntegerField(default=0)
    guided_onward = models.PositiveSmallIntegerField(default=0)
    follow_up_agreed = models.PositiveSmallIntegerField(default=0)
    participants = models.PositiveSmallIntegerField(default=0)
    peer_leaders = models.PositiveSmallIntegerField(default=0)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.assignment}"

    @property
    def encounters(self) -> int:
        """All encounters of this tally."""
        return (
            self.client_before
            + self.client_after
            + self.relative_before
            + self.relative_after
            + self.professional
        )
