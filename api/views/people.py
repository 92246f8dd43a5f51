"""Experts, absences, supervision."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.serializers.people import AbsenceSerializer, ExpertSerializer, SupervisionSerializer
from api.views.base import ApiView
from coordination import clock
from coordination.permissions import Permission
from coordination.services import traces
from experts.models import Absence, Expert, SupervisionSession
from experts.services import availability, register


class Experts(ListModelMixin, RetrieveModelMixin, ApiView):
    """The register. Looking at one person is logged, and the person sees that log."""

    permissions = {
        "list": Permission.VIEW_REGISTER,
        "retrieve": Permission.VIEW_REGISTER,
        "create": Permission.MANAGE_REGISTER,
        "partial_update": Permission.MANAGE_REGISTER,
    }
    serializer_class = ExpertSerializer
    queryset = Expert.objects.all()

    def get_queryset(self) -> QuerySet[Expert]:
        return Expert.objects.visible_to(self.person).prefetch_related("kinds", "excluded_units")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        expert = self.get_object()
        traces.looked_at(
            subject_kind="expert",
            subject_id=expert.pk,
            viewer=self.person,
            page="api",
            now=clock.now(),
        )
        return Response(self.get_serializer(expert).data)

    @idempotent
    def create(self, request: Request) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = register.create(form.validated_data, by=self.person, now=clock.now())
        return Response(self.read(made), status=201)

    @idempotent
    def partial_update(self, request: Request, pk: int) -> Response:
        expert = self.get_object()
        form = self.get_serializer(expert, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        register.change(expert, form.validated_data, by=self.person, now=clock.now())
        return Response(self.read(expert))


class Absences(ListModelMixin, RetrieveModelMixin, ApiView):
    """Days on which somebody cannot: one's own, or anybody's for coordinators."""

    permissions = {
        "list": (Permission.MANAGE_OWN_AVAILABILITY, Permission.MANAGE_REGISTER),
        "retrieve": (Permission.MANAGE_OWN_AVAILABILITY, Permission.MANAGE_REGISTER),
        "create": (Permission.MANAGE_OWN_AVAILABILITY, Permission.MANAGE_REGISTER),
        "destroy": (Permission.MANAGE_OWN_AVAILABILITY, Permission.MANAGE_REGISTER),
    }
    serializer_class = AbsenceSerializer
    queryset = Absence.objects.all()

    def get_queryset(self) -> QuerySet[Absence]:
        people = Expert.objects.visible_to(self.person)
        return Absence.objects.filter(expert__in=people).order_by("starts_on", "id")

    @idempotent
    def create(self, request: Request) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        people = Expert.objects.visible_to(self.person)
        named = form.validated_data.get("expert")
        wanted = {"pk": named.pk} if named else {"user": self.person}
        made = availability.add_absence(
            get_object_or_404(people, **wanted),
            starts_on=form.validated_data["starts_on"],
            ends_on=form.validated_data["ends_on"],
            by=self.person,
            now=clock.now(),
        )
        return Response(self.read(made), status=201)

    @idempotent
    def destroy(self, request: Request, pk: int) -> Response:
        availability.remove_absence(self.get_object(), by=self.person, now=clock.now())
        return Response(status=204)


class Supervisions(ListModelMixin, RetrieveModelMixin, ApiView):
    """Work supervision: all for coordinators, one's own for supervisors and experts."""

    permissions = {"list": Permission.USE_API, "retrieve": Permission.USE_API}
    serializer_class = SupervisionSerializer
    queryset = SupervisionSession.objects.all()

    def get_queryset(self) -> QuerySet[SupervisionSession]:
        return SupervisionSession.objects.visible_to(self.person).order_by("starts_at", "id")
