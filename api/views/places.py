"""Who is calling, activity kinds, units."""

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers.places import ActivityKindSerializer, MeSerializer, UnitSerializer
from api.views.base import ApiView
from coordination.models import ActivityKind, Site, Unit
from coordination.permissions import Permission


class Me(ApiView):
    """Who the token stands for."""

    permissions = {"list": Permission.USE_API}
    serializer_class = MeSerializer
    queryset = Unit.objects.none()

    @extend_schema(responses=MeSerializer)
    def list(self, request: Request) -> Response:
        access = self.person.access
        return Response(
            {
                "id": self.person.pk,
                "name": self.person.name,
                "language": self.person.language,
                "roles": sorted(access.roles),
                "permissions": sorted(access.permissions),
                "units": sorted(access.unit_ids),
            }
        )


class ActivityKinds(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = {"list": Permission.USE_API, "retrieve": Permission.USE_API}
    serializer_class = ActivityKindSerializer
    queryset = ActivityKind.objects.filter(is_active=True)


class Units(ListModelMixin, RetrieveModelMixin, ApiView):
    """The units one may see: all, or one's own."""

    permissions = {"list": Permission.USE_API, "retrieve": Permission.USE_API}
    serializer_class = UnitSerializer
    queryset = Unit.objects.all()

    def get_queryset(self) -> QuerySet[Unit]:
        sites = Prefetch("sites", Site.objects.filter(is_active=True).order_by("id"))
        seen = Unit.objects.visible_to(self.person)
        return seen.select_related("organisation").prefetch_related(sites)
