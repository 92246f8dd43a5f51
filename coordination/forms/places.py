"""Forms about organisations, units and their papers. They validate; services write."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fi import ytunnus

from coordination import municipalities
from coordination.errors import Refused
from coordination.forms.fields import FinnishDateField, MoneyField
from coordination.forms.people import PhoneField
from coordination.models import (
    ActivityKind,
    Agreement,
    FundingProject,
    InsurancePolicy,
    Organisation,
    Site,
    SpaceAgreement,
    Unit,
    UnitContact,
)
from coordination.models.activity import PlaceKind, TallyForm
from coordination.models.organisations import OrganisationKind
from coordination.models.places import ContactKind, SiteKind
from coordination.services import places

_FOREVER = _("Empty: until further notice.")
_CHOOSE = ("", _("Choose"))


class _PaperForm(forms.ModelForm):  # type: ignore[type-arg]  # one base for several models
    """Fields from the model, dates as people write them, constraints in sentences."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django asks the instance; its own answer names the constraint instead of what to mend
        self.instance.validate_constraints = self._check

    def _check(self, exclude: Any = None) -> None:
        if self.errors:  # what is missing is named already; half a row breaks rules by itself
            return
        try:
            places.check_constraints(self.instance)
        except Refused as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from refused


class _PeriodForm(_PaperForm):
    starts_on = FinnishDateField(label=_("From"))
    ends_on = FinnishDateField(label=_("Until"), required=False, help_text=_FOREVER)


def clean_municipality(name: str) -> str:
    """The municipality as its name is written. Raises ValidationError with names that look like it."""
    if not name:
        return ""
    found = municipalities.find(name)
    if found:
        return found.name_fi
    likely = municipalities.nearest_names(name, count=1)
    if likely:
        message = _("There is no municipality called “%(name)s”. Did you mean %(likely)s?")
        raise forms.ValidationError(message, params={"name": name, "likely": likely[0]})
    raise forms.ValidationError(
        _("There is no municipality called “%(name)s”."), params={"name": name}
    )


def clean_business_id(text: str) -> str:
    """The Business ID as it is written. Two digits swapped are found by the check digit (domain.md 4.4)."""
    if not text:
        return ""
    try:
        return str(ytunnus.format(ytunnus.validate(text)))
    except StdnumError:
        raise forms.ValidationError(
            _("This is no valid Business ID. Check the digits, for example 2077474-0."),
            code="invalid",
        ) from None


class OrganisationForm(_PaperForm):
    """An organisation; the name of an old one is changed by renaming."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[_CHOOSE, *OrganisationKind.choices])

    class Meta:
        model = Organisation
        fields = ("name", "name_sv", "kind", "business_id")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["name"]

    def clean_business_id(self) -> str:
        return clean_business_id(str(self.cleaned_data["business_id"]))


class RenameForm(forms.Form):
    """A new name from a day on."""

    name = forms.CharField(label=_("New name"), max_length=200)
    name_sv = forms.CharField(label=_("New name in Swedish"), max_length=200, required=False)
    on = FinnishDateField(label=_("From"))


class SucceedForm(forms.Form):
    """Who takes over, from which day."""

    successor = forms.ModelChoiceField(
        Organisation.objects.filter(ended_on=None).order_by("name"),
        label=_("Successor"),
        empty_label=_("Choose"),
    )
    on = FinnishDateField(label=_("From"), help_text=_("The units move to the successor at once."))


class UnitForm(_PaperForm):
    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(ended_on=None).order_by("name"),
        label=_("Organisation"),
        empty_label=_("Choose"),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    class Meta:
        model = Unit
        fields = (
            *("organisation", "name", "name_sv", "municipality", "cost_centre"),
            *("e_invoice_address", "zone_name", "is_active"),
        )
        widgets: ClassVar[dict[str, Any]] = {
            "zone_name": forms.Select(
                choices=[
                    ("Europe/Helsinki", "Europe/Helsinki"),
                    ("Europe/Stockholm", "Europe/Stockholm"),
                ]
            )
        }

    def clean_municipality(self) -> str:
        return clean_municipality(self.cleaned_data["municipality"])


class SiteForm(_PaperForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=SiteKind.choices)
    latitude = forms.FloatField(
        label=_("Latitude"),
        required=False,
        localize=True,
        help_text=_("Empty: the point of the municipality."),
    )
    longitude = forms.FloatField(label=_("Longitude"), required=False, localize=True)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    class Meta:
        model = Site
        fields = (
            *("name", "kind", "room", "address", "municipality", "latitude", "longitude"),
            *("arrival_notes", "safety_notes", "is_active"),
        )

    def clean_municipality(self) -> str:
        return clean_municipality(self.cleaned_data["municipality"])


class ContactForm(_PeriodForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=[_CHOOSE, *ContactKind.choices])
    phone = PhoneField(label=_("Phone"), required=False)

    class Meta:
        model = UnitContact
        fields = ("kind", "name", "email", "phone", "starts_on", "ends_on")


class SpaceForm(_PeriodForm):
    site = forms.ModelChoiceField(
        Site.objects.none(),
        label=_("Place"),
        required=False,
        empty_label=_("all places of the unit"),
    )

    class Meta:
        model = SpaceAgreement
        fields = ("site", "agreed_with", "starts_on", "ends_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = self.fields["site"]
        of_unit = Site.objects.filter(unit=self.instance.unit).select_related("unit")
        site.queryset = of_unit  # type: ignore[attr-defined]


class InsuranceForm(_PeriodForm):
    class Meta:
        model = InsurancePolicy
        fields = ("insurer", "policy_number", "starts_on", "ends_on")


class AgreementForm(_PeriodForm):
    kinds = forms.ModelMultipleChoiceField(
        ActivityKind.objects.filter(is_active=True),
        label=_("Forms of work"),
        widget=forms.CheckboxSelectMultiple,
    )
    project = forms.ModelChoiceField(
        FundingProject.objects.all(),
        label=_("Funding project"),
        required=False,
        empty_label=_("none: the unit pays"),
    )
    yearly_budget = MoneyField(label=_("Budget a year"), required=False)

    class Meta:
        model = Agreement
        fields = ("starts_on", "ends_on", "kinds", "project", "yearly_budget", "reference")


class ProjectForm(_PeriodForm):
    amount = MoneyField(label=_("Amount"), required=False)

    class Meta:
        model = FundingProject
        fields = (
            "code",
            "name",
            "name_sv",
            "funder",
            "amount",
            "starts_on",
            "ends_on",
            "logo_text",
        )


class KindForm(_PaperForm):
    """A form of work and its rules."""

    place_kinds = forms.MultipleChoiceField(
        label=_("Places"), choices=PlaceKind.choices, widget=forms.CheckboxSelectMultiple
    )
    tally_form = forms.ChoiceField(
        label=_("What is counted afterwards"),
        choices=TallyForm.choices,
        initial=TallyForm.ENCOUNTERS,
    )

    class Meta:
        model = ActivityKind
        fields = (
            *("name_fi", "name_sv", "name_en", "purpose_fi", "purpose_sv", "purpose_en"),
            *("default_minutes", "default_seats", "place_kinds", "monthly_min", "monthly_max"),
            *(
                "needs_responsible_professional",
                "asks_professional_present",
                "needs_space_agreement",
            ),
            *("needs_unit_agreement", "needs_further_training", "with_minors", "tally_form"),
            *("is_heavy", "is_paid", "bookable_by_unit", "is_active"),
        )


class UnitFilter(forms.Form):
    q = forms.CharField(label=_("Name or municipality"), required=False, max_length=100)
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("name"),
        label=_("Organisation"),
        required=False,
        empty_label=_("all"),
    )
    papers = forms.ChoiceField(
        label=_("Papers"),
        required=False,
        choices=[
            ("", _("all")),
            ("missing", _("something is missing")),
            ("ending", _("something ends soon")),
        ],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("in use")), ("ended", _("has ended")), ("all", _("all"))],
    )


class AgreementFilter(forms.Form):
    unit = forms.ModelChoiceField(
        Unit.objects.all(), label=_("Unit"), required=False, empty_label=_("all")
    )
    project = forms.ModelChoiceField(
        FundingProject.objects.all(),
        label=_("Funding project"),
        required=False,
        empty_label=_("all"),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("in force")),
            ("ending", _("ends soon")),
            ("coming", _("coming")),
            ("ended", _("has ended")),
            ("all", _("all")),
        ],
    )


class OrganisationFilter(forms.Form):
    q = forms.CharField(label=_("Name or Business ID"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("running")), ("ended", _("has ended")), ("all", _("all"))],
    )


class ProjectFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("running or coming")), ("ended", _("has ended")), ("all", _("all"))],
    )
