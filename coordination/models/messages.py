"""Messages: a row written with what caused it; a task sends it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.people import Language


class MessageState(models.TextChoices):
    """queued → sent, given up, or bundled; a person may put what was given up back into the queue."""

    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    BUNDLED = "bundled", _("sent together with others")
    GIVEN_UP = "given_up", _("could not be sent")


class Haste(models.TextChoices):
    """Whether a message may wait to go together with others (docs/adr/0012)."""

    NOW = "now", _("at once")
    ASK = "ask", _("asks for an answer")
    NEWS = "news", _("news")


class OutboxMessage(models.Model):
    """One mail to one address. `key` makes it exist once, however often its cause is retried.

    What went together with others is `bundled`, and `bundle` is the mail it went in.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="messages",
    )
    to_email = models.EmailField()
    language = models.CharField(max_length=2, choices=Language.choices)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.QUEUED
    )
    haste = models.CharField(max_length=4, choices=Haste.choices, default=Haste.NOW)
    bundle = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="parts"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(
        null=True, blank=True, help_text="Written before the mail server gets it (docs/adr/0010)."
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=["send_after"], condition=Q(state="queued"), name="outbox_waiting"),
            models.Index(
                fields=["to_email", "send_after"],
                condition=~Q(haste="now"),
                name="outbox_of_one_person",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at__isnull=True)),
                name="outbox_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.BUNDLED, bundle__isnull=False)
                | (~Q(state=MessageState.BUNDLED) & Q(bundle__isnull=True)),
                name="outbox_bundled_has_bundle",
            ),
            models.CheckConstraint(condition=Q(haste__in=Haste.values), name="outbox_known_haste"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
