"""Fee rules with dates, and fee lines that are only ever added."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.batches import PayBatch
from coordination.models import ActivityKind, FundingProject, Unit, User
from coordination.models.constraints import both_or_neither, ends_after_start, no_overlapping_days
from coordination.models.history import tracked
from coordination.permissions import Permission
from experts.models import Expert
from scheduling.models import Assignment


class FeeBasis(models.TextChoices):
    HOUR = "hour", _("per hour")
    SESSION = "session", _("per session")


@tracked()
class FeeRule(models.Model):
    """What is paid for an activity kind from a day on; one rule a kind and day (both end days belong).

    Amounts are configuration: the sources name none (domain.md 2.3, 3.2). `income_type` is the
    Incomes Register code payroll reads (domain.md 4.2); Vuoro computes no tax.
    """

    kind = models.ForeignKey(ActivityKind, on_delete=models.PROTECT, related_name="fee_rules")
    basis = models.CharField(_("basis"), max_length=8, choices=FeeBasis.choices)
    amount = models.DecimalField(_("euros"), max_digits=8, decimal_places=2)
    income_type = models.CharField(_("income type"), max_length=4, default="216")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ("kind", "-starts_on")
        constraints = (
            ends_after_start("fee_rule_days", start="starts_on", end="ends_on"),
            no_overlapping_days(
                "fee_rule_one_a_day", of="kind_id", start="starts_on", end="ends_on"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="fee_rule_amount_positive"),
            models.CheckConstraint(
                condition=Q(basis__in=FeeBasis.values), name="fee_rule_known_basis"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


LOCKED_BATCH_FUNC = """
    IF TG_OP = 'UPDATE' AND NEW.batch_id IS NOT DISTINCT FROM OLD.batch_id THEN
        RETURN NEW;
    END IF;
    SELECT count(*) INTO locked FROM billing_paybatch
     WHERE state <> 'open'
       AND id IN (NEW.batch_id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.batch_id END);
    IF locked > 0 THEN
        RAISE EXCEPTION 'fee_line_batch_is_open: a locked batch takes and gives no lines';
    END IF;
    RETURN NEW;
"""


PAIR_FUNC = """
    IF NEW.state IN ('open', 'approved') AND EXISTS (
        SELECT 1 FROM billing_feeline back
          JOIN billing_feeline paid ON paid.assignment_id = back.assignment_id
         WHERE back.assignment_id = NEW.assignment_id
           AND back.state = 'open' AND back.reverses_id IS NOT NULL
           AND paid.state = 'approved' AND paid.reverses_id IS NULL)
    THEN
        RAISE EXCEPTION
            'fee_line_goes_with_its_reversal: what is taken back and what comes instead go together';
    END IF;
    RETURN NULL;
"""

ONE_COUNTS_FUNC = """
    IF (SELECT count(*) FROM billing_feeline paid
         WHERE paid.assignment_id = NEW.assignment_id
           AND paid.reverses_id IS NULL AND paid.state <> 'reversed'
           AND NOT EXISTS (SELECT 1 FROM billing_feeline back WHERE back.reverses_id = paid.id)
       ) > 1
    THEN
        RAISE EXCEPTION 'fee_line_one_counts: the line before must be taken back first';
    END IF;
    RETURN NULL;
"""


class FeeLineState(models.TextChoices):
    """open → approved → exported; open | approved → reversed."""

    OPEN = "open", _("open")
    APPROVED = "approved", _("approved")
    EXPORTED = "exported", _("exported")
    REVERSED = "reversed", _("reversed")


class FeeLineQuerySet(models.QuerySet["FeeLine"]):
    def visible_to(self, user: User) -> "FeeLineQuerySet":
        """All for those who see money, an expert's own, none for others."""
        if user.access.can(Permission.VIEW_MONEY):
            return self
        if user.access.can(Permission.VIEW_OWN_EARNINGS):
            return self.filter(expert__user=user)
        return self.none()


@tracked()
class FeeLine(models.Model):
    """What is owed to one person for one assignment, with everything that led to it copied onto it.

    The amount never changes. The payer may change only while the line is open. A correction is a
    new line that reverses this one (negative amount), and a new right one. `minutes` is the paid
    time; for a fee per session it is information only.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="fee_lines")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="fee_lines")
    kind = models.ForeignKey(ActivityKind, on_delete=models.PROTECT, related_name="+")
    session_on = models.DateField()
    rule = models.ForeignKey(FeeRule, on_delete=models.PROTECT, related_name="lines")
    basis = models.CharField(max_length=8, choices=FeeBasis.choices)
    rate = models.DecimalField(max_digits=8, decimal_places=2)
    minutes = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    income_type = models.CharField(max_length=4)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(
        FundingProject, on_delete=models.PROTECT, null=True, blank=True, related_name="fee_lines"
    )
    payer_name = models.CharField(max_length=200)
    cost_centre = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=FeeLineState.choices, default=FeeLineState.OPEN)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    batch = models.ForeignKey(
        PayBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = FeeLineQuerySet.as_manager()

    class Meta:
        ordering = ("session_on", "id")
        indexes = (
            models.Index(fields=["state", "session_on"], name="fee_line_state"),
            models.Index(fields=["expert", "session_on"], name="fee_line_of_expert"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(reverses__isnull=True)
                & ~Q(state="reversed")
                & Q(corrects__isnull=True),
                name="fee_line_once_an_assignment",
            ),
            both_or_neither("fee_line_approved_by_someone", "approved_at", "approved_by"),
            models.CheckConstraint(
                condition=Q(state__in=FeeLineState.values), name="fee_line_known_state"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, reverses__isnull=True)
                | Q(amount__lte=0, reverses__isnull=False),
                name="fee_line_only_reversals_are_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state="exported") | Q(batch__isnull=False),
                name="fee_line_exported_in_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=True) | Q(state__in=["approved", "exported"]),
                name="fee_line_batch_only_when_approved",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="fee_line_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="fee_line_exported_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="exported"),
            ),
            pgtrigger.ReadOnly(
                name="fee_line_amount_never_changes",
                fields=[
                    "assignment",
                    "expert",
                    "kind",
                    "session_on",
                    "rule",
                    "basis",
                    "rate",
                    "minutes",
                    "amount",
                    "income_type",
                    "reverses",
                    "corrects",
                    "created_at",
                ],
            ),
            pgtrigger.Protect(
                name="fee_line_payer_moves_while_open",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'open' AND"
                    " (OLD.unit_id, OLD.project_id, OLD.payer_name, OLD.cost_centre)"
                    " IS DISTINCT FROM"
                    " (NEW.unit_id, NEW.project_id, NEW.payer_name, NEW.cost_centre)"
                ),
            ),
            pgtrigger.FSM(
                name="fee_line_moves_forward",
                field="state",
                transitions=[
                    ("open", "approved"),
                    ("approved", "open"),
                    ("approved", "exported"),
                    ("open", "reversed"),
                    ("approved", "reversed"),
                ],
            ),
            # at the end of the transaction: both lines change one after the other
            pgtrigger.Trigger(
                name="fee_line_goes_with_its_reversal",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]  # pgtrigger's
                timing=pgtrigger.Deferred,
                func=PAIR_FUNC,
            ),
            pgtrigger.Trigger(
                name="fee_line_one_counts",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=ONE_COUNTS_FUNC,
            ),
            pgtrigger.Trigger(
                name="fee_line_batch_is_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("locked", "integer")],
                func=LOCKED_BATCH_FUNC,
            ),
        )

    def __str__(self) -> str:
        return f"{self.expert} {self.session_on} {self.amount}"

    @property
    def taken_back(self) -> bool:
        """Another line takes this one back: it is paid no more."""
        return hasattr(self, "reversed_by")
