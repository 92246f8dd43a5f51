"""Calendar addresses. Only the hash of a token is kept: the address is a password."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from coordination.models import Unit
from coordination.models.constraints import one_of
from experts.models import Expert


class FeedToken(models.Model):
    """One person's address for one calendar, an expert's or a unit's; at most one of each is in force.

    It opens the calendar only while `made_by` may see it: an address without its maker opens nothing.
    """

    expert = models.ForeignKey(
        Expert, on_delete=models.CASCADE, null=True, blank=True, related_name="feed_tokens"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="feed_tokens"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_fetched_at = models.DateTimeField(null=True, blank=True)
    last_reader = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = (
            one_of("feed_of_one_owner", "expert", "unit"),
            models.UniqueConstraint(
                fields=["expert"], condition=Q(revoked_at__isnull=True), name="feed_one_an_expert"
            ),
            models.UniqueConstraint(
                fields=["unit", "made_by"],
                condition=Q(revoked_at__isnull=True, unit__isnull=False),
                name="feed_one_a_unit_and_person",
            ),
        )

    def __str__(self) -> str:
        return f"feed {self.pk}"
