"""Activity kinds, units, and the places, people and papers a unit must have."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.fields import Day, Euros, Scoped
from coordination.forms.people import PhoneField
from coordination.forms.places import KindForm, clean_business_id, clean_municipality
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


class ActivityKindSerializer(serializers.ModelSerializer[ActivityKind]):
    """A form of work with its rules; its code is made once, of the English name."""

    name = serializers.CharField(read_only=True)

    class Meta:
        model = ActivityKind
        fields = ("id", "code", "name", *KindForm.Meta.fields)
        read_only_fields = ("code",)
        extra_kwargs: dict[str, dict[str, Any]] = {
            "place_kinds": {"allow_empty": False},
            "default_minutes": {"min_value": 1, "max_value": 1440},
            "default_seats": {"min_value": 1, "max_value": 50},
            "monthly_min": {"max_value": 31},
            "monthly_max": {"max_value": 31},
        }


class Municipality(serializers.CharField):
    """The name of a Finnish municipality, in either language."""

    def to_internal_value(self, data: Any) -> str:
        try:
            return clean_municipality(super().to_internal_value(data))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error


class Phone(serializers.CharField):
    """A phone number, kept as pages keep it."""

    def to_internal_value(self, data: Any) -> str:
        try:
            return str(PhoneField(required=False).clean(super().to_internal_value(data)))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error


class BusinessId(serializers.CharField):
    """A Finnish Business ID, `2077474-0`; its check digit finds two digits swapped."""

    def to_internal_value(self, data: Any) -> str:
        try:
            return clean_business_id(super().to_internal_value(data))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation. Its name changes by renaming, so that the old one still finds it."""

    business_id = BusinessId(required=False, allow_blank=True, max_length=20)

    class Meta:
        model = Organisation
        fields = ("id", "name", "name_sv", "kind", "business_id", "successor", "ended_on")
        read_only_fields = ("successor", "ended_on")
        validators: tuple[Any, ...] = ()  # the service says what is taken, in one place


class RenameRequest(serializers.Serializer[Any]):
    """The new name, and the first day it holds."""

    name = serializers.CharField(max_length=200)
    name_sv = serializers.CharField(max_length=200, allow_blank=True, default="", required=False)
    on = Day()


class SucceedRequest(serializers.Serializer[Any]):
    """Who takes over, from which day; the units move to it at once."""

    successor = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.filter(ended_on=None)
    )
    on = Day()


class SiteSerializer(serializers.ModelSerializer[Site]):
    """A place of a unit. Without coordinates it gets those of its municipality."""

    unit = Scoped(queryset=Unit.objects.all())
    municipality = Municipality(required=False, allow_blank=True, max_length=60)
    arrival_notes = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    safety_notes = serializers.CharField(required=False, allow_blank=True, max_length=2000)

    class Meta:
        model = Site
        fields = (
            *("id", "unit", "name", "kind", "room", "address", "municipality"),
            *("latitude", "longitude", "arrival_notes", "safety_notes", "is_active"),
        )
        validators: tuple[Any, ...] = ()  # the service says what is taken, in one place


class UnitSerializer(serializers.ModelSerializer[Unit]):
    organisation = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.filter(ended_on=None)
    )
    organisation_name = serializers.CharField(source="organisation.name", read_only=True)
    municipality = Municipality(max_length=60)
    zone_name = serializers.ChoiceField(
        choices=["Europe/Helsinki", "Europe/Stockholm"], default="Europe/Helsinki"
    )
    sites = SiteSerializer(many=True, read_only=True)

    class Meta:
        model = Unit
        fields = (
            *("id", "name", "name_sv", "organisation", "organisation_name", "municipality"),
            *("cost_centre", "e_invoice_address", "zone_name", "is_active", "sites"),
        )


class ContactSerializer(serializers.ModelSerializer[UnitContact]):
    """A contact person, a deputy or a support person of a unit for a period of days."""

    unit = Scoped(queryset=Unit.objects.all())
    phone = Phone(required=False, allow_blank=True, max_length=40)
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True)

    class Meta:
        model = UnitContact
        fields = ("id", "unit", "kind", "name", "email", "phone", "starts_on", "ends_on")


class SpaceSerializer(serializers.ModelSerializer[SpaceAgreement]):
    """That the use of spaces was agreed; without a site: all places of the unit."""

    unit = Scoped(queryset=Unit.objects.all())
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True)

    class Meta:
        model = SpaceAgreement
        fields = ("id", "unit", "site", "agreed_with", "starts_on", "ends_on")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        site, unit = attrs.get("site"), attrs.get("unit") or getattr(self.instance, "unit", None)
        if site is not None and unit is not None and site.unit_id != unit.pk:
            raise serializers.ValidationError({"site": _("This place belongs to another unit.")})
        return attrs


class InsuranceSerializer(serializers.ModelSerializer[InsurancePolicy]):
    unit = Scoped(queryset=Unit.objects.all())
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True)

    class Meta:
        model = InsurancePolicy
        fields = ("id", "unit", "insurer", "policy_number", "starts_on", "ends_on")


class AgreementSerializer(serializers.ModelSerializer[Agreement]):
    """What a unit may order in a period, and who pays: the project while it runs, else the unit."""

    unit = Scoped(queryset=Unit.objects.all())
    kinds = serializers.PrimaryKeyRelatedField(
        many=True, queryset=ActivityKind.objects.filter(is_active=True), allow_empty=False
    )
    yearly_budget = Euros(min_value=0, required=False, allow_null=True)
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True)

    class Meta:
        model = Agreement
        fields = (
            *("id", "unit", "kinds", "starts_on", "ends_on"),
            *("project", "yearly_budget", "reference"),
        )


class ProjectSerializer(serializers.ModelSerializer[FundingProject]):
    amount = Euros(min_value=0, required=False, allow_null=True)
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True)

    class Meta:
        model = FundingProject
        fields = (
            *("id", "code", "name", "name_sv", "funder", "amount"),
            *("starts_on", "ends_on", "logo_text"),
        )


class MeSerializer(serializers.Serializer[Any]):
    """Who is calling, and what they may do."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    language = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    permissions = serializers.ListField(child=serializers.CharField())
    units = serializers.ListField(child=serializers.IntegerField())
