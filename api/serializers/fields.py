"""Fields the API shares."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class Scoped(serializers.PrimaryKeyRelatedField[Any]):
    """An id of something the caller may see: `queryset` is narrowed by `visible_to(user)`."""

    def get_queryset(self) -> Any:
        found = super().get_queryset()
        request = self.context.get("request")
        if found is None or request is None or not hasattr(found, "visible_to"):
            return found
        return found.visible_to(request.user)


@extend_schema_field({"type": "string", "format": "decimal", "example": "25.00"})
class Euros(serializers.DecimalField):
    """Euros with two decimals, as text so that no reader makes a float of it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=10, decimal_places=2, **kwargs)


FIRST_YEAR, LAST_YEAR = 2000, 2199


def in_our_time(value: dt.date) -> None:
    """A day or moment between 2000 and 2199: no shift is before or after, and zones behave."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(_("Give a day between the years 2000 and 2199."), code="year")


class Day(serializers.DateField):
    """A calendar day, `2027-03-04`."""

    def to_internal_value(self, value: Any) -> dt.date:
        day = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise serializers.ValidationError(_("Give a day between the years 2000 and 2199."))
        return day


class Moment(serializers.DateTimeField):
    """A moment with its offset, `2027-03-04T09:30:00+02:00`."""

    def enforce_timezone(self, value: dt.datetime) -> dt.datetime:
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise serializers.ValidationError(_("Give a day between the years 2000 and 2199."))
        return super().enforce_timezone(value)


class ReasonSerializer(serializers.Serializer[Any]):
    """A reason for or against."""

    code = serializers.CharField()
    level = serializers.ChoiceField(choices=["block", "ask", "note"])
    sentence = serializers.CharField()
