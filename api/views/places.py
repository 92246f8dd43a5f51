"""Who is calling, activity kinds, units and what a unit must have. Scoped to the units one may see."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Model, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.serializers import places as shapes
from api.views.base import ApiView
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
from coordination.permissions import Permission
from coordination.services import places


class Me(ApiView):
    """Who the token stands for."""

    permissions = {"list": Permission.USE_API}
    serializer_class = shapes.MeSerializer
    queryset = Unit.objects.none()

    @extend_schema(responses=shapes.MeSerializer)
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


class Kept(ListModelMixin, RetrieveModelMixin, ApiView):
    """Something that is made and changed by one service, and never taken away: papers have days."""

    permissions = {
        "list": Permission.VIEW_UNIT,
        "retrieve": Permission.VIEW_UNIT,
        "create": Permission.MANAGE_PLACES,
        "partial_update": Permission.MANAGE_PLACES,
    }
    save: ClassVar[Callable[..., Any]]
    fixed: ClassVar[frozenset[str]] = frozenset({"unit"})
    """What is said when it is made and stays."""
    together: ClassVar[tuple[str, ...]] = ()
    """What the service looks at together, so that a change of one brings the others along."""

    @idempotent
    def create(self, request: Request) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = dict(form.validated_data)
        own = {name: values.pop(name) for name in self.fixed & values.keys()}
        made = type(self).save(self.get_queryset().model(**own), values=values, by=self.person)
        return Response(self.read(made), status=201)

    @idempotent
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        thing: Model = self.get_object()
        form = self.get_serializer(thing, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        said = {name: v for name, v in form.validated_data.items() if name not in self.fixed}
        values = {name: getattr(thing, name) for name in self.together} | said
        type(self).save(thing, values=values, by=self.person)
        return Response(self.read(thing))


class Units(Kept):
    """The units one may see: all, or one's own."""

    permissions = {**Kept.permissions, "list": Permission.USE_API, "retrieve": Permission.USE_API}
    serializer_class = shapes.UnitSerializer
    queryset = Unit.objects.all()
    save = staticmethod(places.save_unit)
    fixed = frozenset()

    def get_queryset(self) -> QuerySet[Unit]:
        sites = Prefetch("sites", Site.objects.filter(is_active=True).order_by("id"))
        seen = Unit.objects.visible_to(self.person)
        return seen.select_related("organisation").prefetch_related(sites)


class OfUnit(Kept):
    """Rows of the units one may see."""

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset()
        return rows.filter(unit__in=Unit.objects.visible_to(self.person)).order_by("id")


class Sites(OfUnit):
    serializer_class = shapes.SiteSerializer
    queryset = Site.objects.all()
    save = staticmethod(places.save_site)
    together = ("kind", "municipality", "latitude", "longitude")


class Contacts(OfUnit):
    serializer_class = shapes.ContactSerializer
    queryset = UnitContact.objects.all()
    save = staticmethod(places.save_contact)


class Spaces(OfUnit):
    serializer_class = shapes.SpaceSerializer
    queryset = SpaceAgreement.objects.all()
    save = staticmethod(places.save_space)


class Insurances(OfUnit):
    serializer_class = shapes.InsuranceSerializer
    queryset = InsurancePolicy.objects.all()
    save = staticmethod(places.save_insurance)


class Agreements(OfUnit):
    serializer_class = shapes.AgreementSerializer
    queryset = Agreement.objects.prefetch_related("kinds")
    save = staticmethod(places.save_agreement)


class Projects(Kept):
    """Funding projects; moving the end of one moves the payer of sessions after it."""

    permissions = {
        **Kept.permissions,
        "list": Permission.VIEW_PLACES,
        "retrieve": Permission.VIEW_PLACES,
    }
    serializer_class = shapes.ProjectSerializer
    queryset = FundingProject.objects.order_by("id")
    save = staticmethod(places.save_project)
    fixed = frozenset()


class ActivityKinds(Kept):
    """Forms of work: those in use; who keeps them sees those out of use too."""

    permissions = {
        "list": Permission.USE_API,
        "retrieve": Permission.USE_API,
        "create": Permission.MANAGE_KINDS,
        "partial_update": Permission.MANAGE_KINDS,
    }
    serializer_class = shapes.ActivityKindSerializer
    queryset = ActivityKind.objects.all()
    save = staticmethod(places.save_kind)
    fixed = frozenset()

    def get_queryset(self) -> QuerySet[ActivityKind]:
        seen: QuerySet[ActivityKind] = super().get_queryset()
        keeps = self.person.access.can(Permission.MANAGE_KINDS)
        return seen if keeps else seen.filter(is_active=True)


class Organisations(Kept):
    """Made and mended here; a new name and a successor have their own ways, which keep what was."""

    permissions = {
        **Kept.permissions,
        "list": Permission.VIEW_PLACES,
        "retrieve": Permission.VIEW_PLACES,
        "rename": Permission.MANAGE_PLACES,
        "succeed": Permission.MANAGE_PLACES,
    }
    serializer_class = shapes.OrganisationSerializer
    queryset = Organisation.objects.order_by("id")
    save = staticmethod(places.save_organisation)
    fixed = frozenset({"name"})

    @extend_schema(request=shapes.RenameRequest, responses=shapes.OrganisationSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def rename(self, request: Request, **kwargs: Any) -> Response:
        """A new name from a day on; the old one still finds it."""
        row = self.get_object()
        form = shapes.RenameRequest(data=request.data)
        form.is_valid(raise_exception=True)
        places.rename(row, **form.validated_data, by=self.person)
        return Response(self.read(row))

    @extend_schema(request=shapes.SucceedRequest, responses=shapes.OrganisationSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def succeed(self, request: Request, **kwargs: Any) -> Response:
        """Another takes over on a day: the units move to it, and this one ends the day before."""
        row = self.get_object()
        form = shapes.SucceedRequest(data=request.data)
        form.is_valid(raise_exception=True)
        places.succeed(row, **form.validated_data, by=self.person)
        return Response(self.read(row))
