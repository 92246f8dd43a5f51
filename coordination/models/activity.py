"""Activity kinds: the shared words for what is done, with their rules as data.

They stand on the ground floor because agreements, experts, sessions and fees all name them
(docs/adr/0002).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coordination.models.history import tracked


class PlaceKind(models.TextChoices):
    """Kinds of place a meeting can be in; never an address of a participant (S4 l.107)."""

    SITE = "site", _("at the unit")
    OFFICE = "office", _("errand at an office")
    HOBBY = "hobby", _("hobby or leisure")
    HOME = "home", _("at the participant's home")
    OTHER_AUTHORITY = "other_authority", _("another authority's lobby")
    SCHOOL = "school", _("school")
    ONLINE = "online", _("online")
    OTHER = "other", _("elsewhere")


class TallyForm(models.TextChoices):
    """Which counts are asked after a session."""

    ENCOUNTERS = "encounters", _("encounters")
    GROUP = "group", _("participants of a group")
    NONE = "none", _("nothing")


@tracked()
class ActivityKind(models.Model):
    """A form of work (toimintamuoto) and its rules."""

    code = models.SlugField(max_length=40, unique=True)
    name_fi = models.CharField(_("name in Finnish"), max_length=80)
    name_sv = models.CharField(_("name in Swedish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    purpose_fi = models.TextField(_("purpose in Finnish"), blank=True)
    purpose_sv = models.TextField(_("purpose in Swedish"), blank=True)
    purpose_en = models.TextField(_("purpose in English"), blank=True)
    default_minutes = models.PositiveSmallIntegerField(_("usual length, minutes"), default=120)
    default_seats = models.PositiveSmallIntegerField(_("experts needed"), default=1)
    place_kinds = ArrayField(
        models.CharField(max_length=20, choices=PlaceKind.choices), verbose_name=_("places")
    )
    needs_responsible_professional = models.BooleanField(
        _("needs a responsible professional"), default=False
    )
    asks_professional_present = models.BooleanField(
        _("asks whether a professional is present"), default=False
    )
    needs_space_agreement = models.BooleanField(_("needs an agreed space"), default=True)
    needs_unit_agreement = models.BooleanField(_("needs an agreement with the unit"), default=True)
    needs_further_training = models.BooleanField(_("needs further training"), default=False)
    with_minors = models.BooleanField(_("with minors: extract must have been seen"), default=False)
    is_heavy = models.BooleanField(_("demanding: the planner leaves days between"), default=False)
    monthly_min = models.PositiveSmallIntegerField(
        _("times a month, at least"), null=True, blank=True
    )
    monthly_max = models.PositiveSmallIntegerField(
        _("times a month, at most"), null=True, blank=True
    )
    tally_form = models.CharField(
        max_length=12, choices=TallyForm.choices, default=TallyForm.ENCOUNTERS
    )
    is_paid = models.BooleanField(_("paid"), default=True)
    bookable_by_unit = models.BooleanField(_("units can book it"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)
    order = models.PositiveSmallIntegerField(default=100)
    source = models.CharField(max_length=200, blank=True, help_text="Where the sources name it.")

    class Meta:
        ordering = ("order", "code")
        constraints = (
            models.CheckConstraint(condition=Q(default_minutes__gt=0), name="kind_has_length"),
            models.CheckConstraint(condition=Q(default_seats__gt=0), name="kind_has_seats"),
            models.CheckConstraint(
                condition=Q(monthly_min__isnull=True)
                | Q(monthly_max__isnull=True)
                | Q(monthly_max__gte=models.F("monthly_min")),
                name="kind_monthly_range",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def _in_language(self, stem: str) -> str:
        language = (get_language() or "fi")[:2]
        return str(getattr(self, f"{stem}_{language}", "") or getattr(self, f"{stem}_fi"))

    @property
    def name(self) -> str:
        """The name in the language of the moment."""
        return self._in_language("name")

    @property
    def purpose(self) -> str:
        """What it is for, in the language of the moment; printed on notices (S4 l.95)."""
        return self._in_language("purpose")
