"""Fields the API shares."""

from typing import Any

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


class ReasonSerializer(serializers.Serializer[Any]):
    """A reason for or against."""

    code = serializers.CharField()
    level = serializers.ChoiceField(choices=["block", "ask", "note"])
    sentence = serializers.CharField()
