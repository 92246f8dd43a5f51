"""What was agreed with a unit, and who funds it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.activity import ActivityKind
from coordination.models.constraints import ends_after_start, no_overlapping_days
from coordination.models.history import tracked, tracked_links
from coordination.models.places import Unit


@tracked()
class FundingProject(models.Model):
    """A project that pays while it runs (S4 l.151). Its end may be moved later (S0 and S4 give two ends)."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_sv = models.CharField(_("name in Swedish"), max_length=200, blank=True)
    funder = models.CharField(_("funder"), max_length=200, blank=True)
    amount = models.DecimalField(
        _("amount, euros"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    logo_text = models.CharField(_("text required by the funder"), max_length=300, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            ends_after_start("project_days", start="starts_on", end="ends_on"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="project_amount_positive"
            ),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class Agreement(models.Model):
    """What a unit may order in a period, and who pays: the project while it runs, the unit after it.

    Two agreements of one unit never cover the same day. Days are inclusive.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="agreements")
    kinds = models.ManyToManyField(ActivityKind, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    project = models.ForeignKey(
        FundingProject,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        help_text=_("Empty: the unit pays."),
    )
    yearly_budget = models.DecimalField(
        _("budget a year, euros"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    reference = models.CharField(_("reference"), max_length=60, blank=True)

    class Meta:
        ordering = ("unit", "starts_on")
        constraints = (
            ends_after_start("agreement_days", start="starts_on", end="ends_on"),
            no_overlapping_days(
                "agreement_one_a_day", of="unit_id", start="starts_on", end="ends_on"
            ),
            models.CheckConstraint(
                condition=Q(yearly_budget__isnull=True) | Q(yearly_budget__gte=0),
                name="agreement_budget_positive",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.starts_on}–{self.ends_on or ''}"


@tracked_links("kinds")
class AgreementKind(Agreement.kinds.through):  # type: ignore[name-defined, misc]  # made by Django
    """The link between an agreement and a form of work, so that its changes are audited too."""

    class Meta:
        proxy = True
