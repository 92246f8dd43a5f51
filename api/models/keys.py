"""API tokens (only the hash is kept) and idempotency keys."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from coordination.models.history import tracked


@tracked(exclude=["token_hash", "last_used_at"])
class ApiToken(models.Model):
    """A key a person gave to a program; it may do what the person may do, until revoked."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name


class IdempotencyKey(models.Model):
    """A write that was asked for with an `Idempotency-Key`, and the answer it got.

    The row is inserted first (that is the lock); a retry with the same key and the same request
    gets the stored answer, with another request it is refused. Kept for 48 hours.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=300)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once"),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(answer__isnull=False),
                name="idempotency_answer_with_status",
            ),
        )

    def __str__(self) -> str:
        return self.key
