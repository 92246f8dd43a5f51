"""Traces: who looked at whose data, and which jobs ran for which period."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from coordination.models.constraints import UtcHour


class PersonalDataView(models.Model):
    """Somebody looked at a person's data. The person can read this log (GDPR art. 5(2), 32)."""

    subject_kind = models.CharField(max_length=20)  # "expert" today
    subject_id = models.BigIntegerField()
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    page = models.CharField(max_length=60)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("-seen_at", "-id")
        indexes = (
            models.Index(fields=["subject_kind", "subject_id", "-seen_at"], name="data_view_of"),
        )
        constraints = (
            models.UniqueConstraint(
                "viewer",
                "page",
                "subject_kind",
                "subject_id",
                UtcHour(F("seen_at")),
                name="data_view_once_an_hour",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}: {self.page}"


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    GIVEN_UP = "given_up"


class JobRun(models.Model):
    """One job for one period: the unique row that makes each happen once (design.md, "How it runs")."""

    job = models.CharField(max_length=60)
    period = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["queued", "running"]),
                name="job_run_unfinished",
            ),
        )
        constraints = (models.UniqueConstraint(fields=["job", "period"], name="job_once_a_period"),)

    def __str__(self) -> str:
        return f"{self.job} {self.period}"
