"""Pay batches: open → locked → exported; what is locked never changes."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.constraints import both_or_neither
from coordination.models.history import tracked


class BatchState(models.TextChoices):
    OPEN = "open", _("open")
    LOCKED = "locked", _("locked")
    EXPORTED = "exported", _("exported")


@tracked()
class PayBatch(models.Model):
    """One numbered batch of a pay period. The period is a calendar month, named by its first day."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    period_on = models.DateField(_("pay period"))
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.OPEN)
    created_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    exported_at = models.DateTimeField(null=True, blank=True)
    exported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-period_on", "-number")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values), name="batch_known_state"
            ),
            models.CheckConstraint(condition=Q(period_on__day=1), name="batch_period_first_day"),
            models.UniqueConstraint(
                fields=["period_on"], condition=Q(state="open"), name="batch_one_open_a_period"
            ),
            both_or_neither("batch_locked_by_someone", "locked_at", "locked_by"),
            both_or_neither("batch_exported_by_someone", "exported_at", "exported_by"),
            models.CheckConstraint(
                condition=Q(state="open", locked_at__isnull=True)
                | (~Q(state="open") & Q(locked_at__isnull=False)),
                name="batch_locked_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="exported", exported_at__isnull=False)
                | (~Q(state="exported") & Q(exported_at__isnull=True)),
                name="batch_exported_has_moment",
            ),
        )
        triggers = (
            pgtrigger.FSM(
                name="batch_moves_forward",
                field="state",
                transitions=[("open", "locked"), ("locked", "exported")],
            ),
            pgtrigger.Protect(
                name="batch_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["locked", "exported"]),
            ),
            pgtrigger.Protect(
                name="batch_exported_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="exported"),
            ),
        )

    def __str__(self) -> str:
        return self.number


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


class BatchExport(models.Model):
    """The bytes of an export, kept: downloading again gives the same ones."""

    batch = models.ForeignKey(PayBatch, on_delete=models.PROTECT, related_name="exports")
    format = models.CharField(max_length=8, choices=ExportFormat.choices)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["batch", "format"], name="export_once_a_format"),
        )
        triggers = (
            pgtrigger.Protect(
                name="export_never_changes", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.batch} {self.format}"
