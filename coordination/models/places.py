"""Units, their places, and the people and papers a unit must have."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.constraints import ends_after_start
from coordination.models.history import tracked
from coordination.models.organisations import Organisation
from coordination.models.people import User
from coordination.permissions import Permission


def in_force(on: dt.date, *, start: str = "starts_on", end: str = "ends_on") -> Q:
    """Rows whose period covers a day; an empty end is for ever, both end days belong."""
    return Q(**{f"{start}__lte": on}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": on}))


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: User) -> "UnitQuerySet":
        """All units for those who see places, a clinic contact's own, none for others."""
        if user.access.can(Permission.VIEW_PLACES):
            return self
        return self.filter(pk__in=user.access.unit_ids)


@tracked()
class Unit(models.Model):
    """A service unit (the tilaaja): a clinic, a social office, a school, an online service."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(_("name"), max_length=200, unique=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=200, blank=True)
    slug = models.SlugField(max_length=80, unique=True)
    municipality = models.CharField(_("municipality"), max_length=60)
    zone_name = models.CharField(_("time zone"), max_length=60, default="Europe/Helsinki")
    cost_centre = models.CharField(_("cost centre"), max_length=30, blank=True)
    e_invoice_address = models.CharField(_("e-invoice address"), max_length=60, blank=True)
    is_active = models.BooleanField(default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this unit's wall clocks run."""
        return ZoneInfo(self.zone_name)


@tracked()
class FormerOrganisation(models.Model):
    """Whose a unit was until a day, and the cost centre it had there: a session of that time is paid by it.

    The organisation before this one, if any, is the row with the next earlier last day.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="former_organisations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    cost_centre = models.CharField(max_length=30, blank=True)
    ends_on = models.DateField()

    class Meta:
        ordering = ("unit", "ends_on")
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "ends_on"], name="former_organisation_once_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit}: {self.organisation}"


class SiteKind(models.TextChoices):
    """Where people meet."""

    ROOM = "room", _("room")
    LOBBY = "lobby", _("lobby")
    ONLINE = "online", _("online")


@tracked()
class Site(models.Model):
    """A place of a unit: a lobby, a room, or online. Coordinates are WGS 84 degrees."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(
        _("kind"), max_length=10, choices=SiteKind.choices, default=SiteKind.ROOM
    )
    room = models.CharField(_("room"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    municipality = models.CharField(_("municipality"), max_length=60, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    arrival_notes = models.TextField(_("how to arrive"), blank=True)
    safety_notes = models.TextField(_("safety"), blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("unit__name", "name")
        constraints = (
            models.UniqueConstraint(fields=["unit", "name"], name="site_name_once_per_unit"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="site_coordinates",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit}, {self.name}"

    @property
    def is_online(self) -> bool:
        return self.kind == SiteKind.ONLINE


class ContactKind(models.TextChoices):
    """Who a unit must name (S4 l.155 "ammatillinen yhteyshenkilö", l.157 support on shift)."""

    CONTACT = "contact", _("professional contact person")
    DEPUTY = "deputy", _("deputy contact person")
    SUPPORT = "support", _("support person during the shift")


@tracked()
class UnitContact(models.Model):
    """A named professional of a unit for a period of days; both end days belong to it."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind.choices)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="unit_contacts"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ("unit", "kind", "starts_on")
        constraints = (
            ends_after_start("unit_contact_days", start="starts_on", end="ends_on"),
            models.CheckConstraint(
                condition=Q(kind__in=ContactKind.values), name="unit_contact_known_kind"
            ),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class SpaceAgreement(models.Model):
    """That a unit's management agreed to the use of its spaces (S4 l.155 "tilojen käytöstä tulee sopia")."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="space_agreements")
    site = models.ForeignKey(
        Site,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="space_agreements",
        help_text=_("Empty: all places of the unit."),
    )
    agreed_with = models.CharField(_("agreed with"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = (ends_after_start("space_agreement_days", start="starts_on", end="ends_on"),)

    def __str__(self) -> str:
        return f"{self.unit}: {self.agreed_with}"


@tracked()
class InsurancePolicy(models.Model):
    """Insurance that covers the activity at a unit (S4 l.159 "Toiminta kuuluu vakuutuksen piiriin")."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="insurance_policies")
    insurer = models.CharField(_("insurer"), max_length=120, blank=True)
    policy_number = models.CharField(_("policy number"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = (ends_after_start("insurance_days", start="starts_on", end="ends_on"),)

    def __str__(self) -> str:
        return f"{self.unit}: {self.policy_number}"
