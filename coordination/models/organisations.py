"""Organisations, with what they were called before."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.constraints import ends_after_start
from coordination.models.history import tracked


class OrganisationKind(models.TextChoices):
    """Party kinds the sources name (S4 l.63 "kolmen eri tahon yhteistyönä"; S2 l.69; S3)."""

    NGO = "ngo", _("NGO")
    WELLBEING_COUNTY = "wellbeing_county", _("wellbeing services county")
    MUNICIPALITY = "municipality", _("municipality")
    SCHOOL = "school", _("school")
    STATE = "state", _("state authority")
    PARISH = "parish", _("parish")
    MEDIA = "media", _("media")
    OTHER = "other", _("other")


@tracked()
class Organisation(models.Model):
    """Who runs units and pays; renamed and merged ones keep their history through `successor`."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    business_id = models.CharField(
        _("Business ID"), max_length=9, blank=True, help_text=_("For example 2077474-0.")
    )
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["business_id"],
                condition=~Q(business_id="") & Q(ended_on__isnull=True),
                name="organisation_business_id_once",
            ),
            models.CheckConstraint(
                condition=~Q(successor=models.F("id")), name="organisation_not_its_own_successor"
            ),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class FormerName(models.Model):
    """A name an organisation had, so that old papers and imports still find it."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="former_names"
    )
    name = models.CharField(max_length=200)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField()

    class Meta:
        constraints = (ends_after_start("former_name_days", start="starts_on", end="ends_on"),)

    def __str__(self) -> str:
        return self.name
