"""Work supervision (työnohjaus): sessions, who attended, and how often it is due."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.models.constraints import one_of
from coordination.models.history import tracked
from coordination.models.people import User
from coordination.permissions import Permission
from experts.models.expert import Expert


class SupervisionForm(models.TextChoices):
    GROUP = "group", _("group supervision")
    INDIVIDUAL = "individual", _("individual supervision")


class SupervisionState(models.TextChoices):
    """planned → held, or planned → cancelled."""

    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


class SupervisionQuerySet(models.QuerySet["SupervisionSession"]):
    def visible_to(self, user: User) -> "SupervisionQuerySet":
        """All for those who arrange supervision, a supervisor's own, an expert's own."""
        if user.access.can(Permission.MANAGE_SUPERVISION):
            return self
        mine = Q(pk__in=())
        if user.access.can(Permission.VIEW_OWN_SUPERVISION):
            mine |= Q(supervisor=user)
        if user.access.can(Permission.VIEW_OWN_PROFILE):
            mine |= Q(attendances__expert__user=user)
        return self.filter(mine).distinct()


@tracked()
class SupervisionSession(models.Model):
    """A supervision session with an own supervisor (a user) or an outside one (a name)."""

    form = models.CharField(_("form"), max_length=12, choices=SupervisionForm.choices)
    state = models.CharField(
        max_length=10, choices=SupervisionState.choices, default=SupervisionState.PLANNED
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supervision_sessions",
        verbose_name=_("supervisor"),
    )
    outside_supervisor = models.CharField(
        _("outside supervisor"), max_length=200, null=True, blank=True
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    cost = models.DecimalField(
        _("cost, euros"), max_digits=8, decimal_places=2, null=True, blank=True
    )

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="supervision_ends_after_start"
            ),
            one_of("supervision_by_one_supervisor", "supervisor", "outside_supervisor"),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="supervision_cost_positive"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SupervisionState.values), name="supervision_known_state"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.starts_at:%Y-%m-%d}"

    @property
    def supervisor_name(self) -> str:
        return str(self.supervisor) if self.supervisor else self.outside_supervisor or ""


class AttendanceState(models.TextChoices):
    INVITED = "invited", _("invited")
    ATTENDED = "attended", _("attended")
    NOT_PRESENT = "not_present", _("not present")


@tracked()
class SupervisionAttendance(models.Model):
    session = models.ForeignKey(
        SupervisionSession, on_delete=models.CASCADE, related_name="attendances"
    )
    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="supervisions")
    state = models.CharField(
        max_length=12, choices=AttendanceState.choices, default=AttendanceState.INVITED
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["session", "expert"], name="supervision_attendance_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session}: {self.expert}"


@tracked()
class SupervisionRule(models.Model):
    """How often supervision is due, from a day on: whichever comes first.

    The default (8 weeks, 10 sessions) is ours; the sources give no number (domain.md 3.7).
    """

    starts_on = models.DateField(_("valid from"), unique=True)
    max_weeks = models.PositiveSmallIntegerField(_("at least every how many weeks"), default=8)
    max_sessions = models.PositiveSmallIntegerField(_("at least after how many shifts"), default=10)

    class Meta:
        ordering = ("-starts_on",)
        constraints = (
            models.CheckConstraint(
                condition=Q(max_weeks__gt=0, max_sessions__gt=0), name="supervision_rule_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.max_weeks} weeks or {self.max_sessions} sessions"
