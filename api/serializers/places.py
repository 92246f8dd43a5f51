"""Activity kinds, units and their places."""

from typing import Any

from rest_framework import serializers

from coordination.models import ActivityKind, Site, Unit


class ActivityKindSerializer(serializers.ModelSerializer[ActivityKind]):
    name = serializers.CharField(read_only=True)

    class Meta:
        model = ActivityKind
        fields = (
            "id",
            "code",
            "name",
            "default_minutes",
            "default_seats",
            "place_kinds",
            "needs_responsible_professional",
            "is_paid",
            "bookable_by_unit",
        )


class SiteSerializer(serializers.ModelSerializer[Site]):
    class Meta:
        model = Site
        fields = ("id", "name", "kind", "room", "address", "municipality", "latitude", "longitude")


class UnitSerializer(serializers.ModelSerializer[Unit]):
    organisation = serializers.CharField(source="organisation.name", read_only=True)
    sites = SiteSerializer(many=True, read_only=True)

    class Meta:
        model = Unit
        fields = ("id", "name", "organisation", "municipality", "zone_name", "sites")


class MeSerializer(serializers.Serializer[Any]):
    """Who is calling, and what they may do."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    language = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    permissions = serializers.ListField(child=serializers.CharField())
    units = serializers.ListField(child=serializers.IntegerField())
