"""Experts, their absences and supervision."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.fields import Day
from coordination.models import ActivityKind, Unit
from experts.models import Absence, Expert
from experts.services.register import OWN


class ExpertSerializer(serializers.ModelSerializer[Expert]):
    """What coordinators keep of a person. Status and papers have their own ways to change."""

    kinds = serializers.PrimaryKeyRelatedField(
        many=True, required=False, queryset=ActivityKind.objects.all()
    )
    excluded_units = serializers.PrimaryKeyRelatedField(
        many=True, required=False, queryset=Unit.objects.all()
    )
    languages = serializers.ListField(
        child=serializers.RegexField(r"^[a-z]{2,3}$"), required=False, max_length=20
    )

    class Meta:
        model = Expert
        fields = (
            "id",
            "name",
            "official_name",
            "email",
            "phone",
            "language",
            "home_municipality",
            "languages",
            "kinds",
            "status",
            "is_volunteer",
            "payroll_number",
            "weekly_hours",
            "monthly_sessions",
            "max_km",
            "rest_hours",
            "excluded_units",
            "wishes",
        )
        read_only_fields = ("status",)
        extra_kwargs = {
            "weekly_hours": {"min_value": 0, "max_value": 60},
            "rest_hours": {"max_value": 48},
        }
        validators: tuple[Any, ...] = ()  # the service says what is taken, in one place

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for name in fields.keys() & {"email", "payroll_number"}:
            fields[name].validators = [
                one for one in fields[name].validators if "Unique" not in type(one).__name__
            ]
        return fields


class OwnProfileSerializer(ExpertSerializer):
    """What a person changes about themselves; the rest is agreed with a coordinator."""

    class Meta(ExpertSerializer.Meta):
        fields = tuple(sorted(OWN))  # type: ignore[assignment]  # fewer fields than the whole
        read_only_fields = ()  # type: ignore[assignment]  # none of the fields is
        extra_kwargs: dict[str, Any] = {"email": {"allow_blank": False}}  # messages go there


class AbsenceSerializer(serializers.ModelSerializer[Absence]):
    """Days on which somebody cannot; there is no reason, on purpose."""

    expert = serializers.PrimaryKeyRelatedField(
        queryset=Expert.objects.all(), required=False, help_text="Left out: one's own."
    )

    starts_on = Day()
    ends_on = Day()

    class Meta:
        model = Absence
        fields = ("id", "expert", "starts_on", "ends_on")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["ends_on"] < attrs["starts_on"]:
            raise serializers.ValidationError(
                {"ends_on": _("The last day must not be before the first.")}
            )
        return attrs
