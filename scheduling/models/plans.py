"""Runs of the planner, their parts while workers are at it, and the draft that comes of them."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models import User
from coordination.models.constraints import both_or_neither, closed_days, ends_after_start
from coordination.permissions import Permission
from experts.models import Expert
from scheduling.models.assignments import Assignment
from scheduling.models.sessions import Session


class PlanState(models.TextChoices):
    """queued → running → done | stopped | failed; a draft is published or discarded."""

    QUEUED = "queued", _("waiting for its turn")
    RUNNING = "running", _("being planned")
    DONE = "done", _("draft ready")
    STOPPED = "stopped", _("stopped, draft so far")
    FAILED = "failed", _("cut short")
    PUBLISHED = "published", _("published")
    DISCARDED = "discarded", _("discarded")


WORKING = (PlanState.QUEUED, PlanState.RUNNING)
"""States in which a worker has something to plan."""

DRAFT = (PlanState.DONE, PlanState.STOPPED)
"""States in which there is a draft to look at, change and publish."""


class PlanRunQuerySet(models.QuerySet["PlanRun"]):
    def visible_to(self, user: User) -> "PlanRunQuerySet":
        """All for those who assign people, none for others."""
        return self if user.access.can(Permission.ASSIGN) else self.none()


class PlanRun(models.Model):
    """One run over the days `starts_on`…`ends_on`, both included.

    `weights` are the planner's by name; `freed` the ids of assignments that may be moved; `pins`
    pairs of session and expert that stay. `against` says, by session, how many people each reason
    kept from it; `gaps` are the seats left empty, with why. `seats` counts what was to be filled.
    `publish_asked_at` with a state of a draft: a worker is publishing it.
    """

    state = models.CharField(
        max_length=10, choices=PlanState.choices, default=PlanState.QUEUED, editable=False
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    weights = models.JSONField(default=dict)
    seed = models.PositiveIntegerField(default=1)
    seconds = models.PositiveSmallIntegerField(
        _("time limit, seconds"), validators=[MinValueValidator(5), MaxValueValidator(900)]
    )
    freed = ArrayField(models.BigIntegerField(), default=list, blank=True)
    pins = models.JSONField(default=list)
    language = models.CharField(max_length=2, default="fi")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    heartbeat_at = models.DateTimeField(null=True)
    prepared_at = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seats = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)
    objective = models.BigIntegerField(default=0)
    bound = models.BigIntegerField(null=True)
    elapsed = models.FloatField(default=0)
    is_repeatable = models.BooleanField(default=False)
    against = models.JSONField(default=dict)
    gaps = models.JSONField(default=list)
    error_code = models.CharField(max_length=60, blank=True)
    publish_asked_at = models.DateTimeField(null=True)
    publish_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    publish_beat_at = models.DateTimeField(null=True)

    objects = PlanRunQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            ends_after_start("plan_run_days", start="starts_on", end="ends_on"),
            ExclusionConstraint(
                name="plan_run_one_at_a_time",
                expressions=[(closed_days("starts_on", "ends_on"), RangeOperators.OVERLAPS)],
                condition=Q(state__in=["queued", "running"]),
            ),
            models.CheckConstraint(
                condition=Q(state__in=PlanState.values), name="plan_run_known_state"
            ),
            models.CheckConstraint(
                condition=Q(seconds__range=(5, 900)), name="plan_run_time_limit"
            ),
            both_or_neither(
                "plan_run_published_by_someone", "publish_asked_at", "publish_asked_by"
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_on}–{self.ends_on}"

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def is_draft(self) -> bool:
        return self.state in DRAFT

    @property
    def is_publishing(self) -> bool:
        """A worker is asking the people of this draft."""
        return self.is_draft and self.publish_asked_at is not None


class PlanPart(models.Model):
    """A connected region of a run, for one worker. Gone when the run has ended."""

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    problem = models.BinaryField()
    seconds = models.FloatField()
    claimed_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seats = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)
    objective = models.BigIntegerField(default=0)
    bound = models.BigIntegerField(null=True)
    result = models.BinaryField(null=True)

    class Meta:
        ordering = ("run", "number")
        constraints = (
            models.UniqueConstraint(fields=["run", "number"], name="plan_part_number"),
            both_or_neither("plan_part_result_when_finished", "finished_at", "result"),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.number}"


class SeatOutcome(models.TextChoices):
    """What publishing made of a planned seat."""

    WAITING = "waiting", _("not published")
    KEPT = "kept", _("stays as it was")
    ASKED = "asked", _("asked")
    REFUSED = "refused", _("no longer fits")


class PlanSeat(models.Model):
    """A seat the plan gives to a person. `was`: the assignment the person had there already.

    `why`: the sentence for a seat that no longer fitted when it was to be published.
    """

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="planned")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="+")
    is_pinned = models.BooleanField(default=False)
    was = models.ForeignKey(Assignment, on_delete=models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(
        max_length=8, choices=SeatOutcome.choices, default=SeatOutcome.WAITING
    )
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("run", "session", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["run", "session", "expert"], name="plan_seat_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=SeatOutcome.values), name="plan_seat_known_outcome"
            ),
        )

    def __str__(self) -> str:
        return f"{self.expert}: {self.session}"
