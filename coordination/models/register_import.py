"""A register somebody uploaded: read in the background, looked at, written when confirmed."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.constraints import both_or_neither
from coordination.models.people import User
from coordination.permissions import Permission


class RegisterImportState(models.TextChoices):
    """uploaded → ready → confirmed → done; refused when it cannot be read, dropped when nobody
    confirmed it.
    """

    UPLOADED = "uploaded", _("being read")
    READY = "ready", _("waits for a decision")
    CONFIRMED = "confirmed", _("being written")
    DONE = "done", _("written")
    REFUSED = "refused", _("could not be read")
    DROPPED = "dropped", _("dropped")


WORKING = (RegisterImportState.UPLOADED, RegisterImportState.CONFIRMED)
"""States in which a worker has something to do."""


class RegisterImportQuerySet(models.QuerySet["RegisterImport"]):
    def visible_to(self, user: User) -> "RegisterImportQuerySet":
        """One's own uploads; the file is full of other people's data, so nobody else's."""
        if user.access.can(Permission.IMPORT_REGISTER):
            return self.filter(uploaded_by=user)
        return self.none()


class RegisterImport(models.Model):
    """One upload. `content` goes when it is written or dropped, `problems` and `rows` a day after.

    `claimed_at`: when a worker last took it up; a claim that is too old was a killed worker's.
    `key` is made with the form, so a double click uploads once.
    """

    key = models.UUIDField(unique=True)
    state = models.CharField(
        max_length=10, choices=RegisterImportState.choices, default=RegisterImportState.UPLOADED
    )
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(null=True)
    language = models.CharField(max_length=2, default="fi")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problems = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    rows = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    errors = models.PositiveIntegerField(default=0)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal = models.CharField(max_length=500, blank=True)
    skip_errors = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at",)
        indexes = (
            models.Index(
                fields=["uploaded_at"],
                condition=Q(state__in=["uploaded", "confirmed"]),
                name="register_import_working",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=RegisterImportState.values),
                name="register_import_known_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "ready", "confirmed"], content__isnull=False)
                | Q(state__in=["done", "refused", "dropped"], content__isnull=True),
                name="register_import_file_while_needed",
            ),
            both_or_neither("register_import_confirmed_by_someone", "confirmed_at", "confirmed_by"),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        """Whether a worker has something to do with it."""
        return self.state in WORKING
