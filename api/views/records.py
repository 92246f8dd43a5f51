"""What makes a person ready: trainings, sign-offs, orientations. Scoped to the people one may see."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.serializers.experts import (
    OrientationRequest,
    OrientationSerializer,
    SignOffSerializer,
    TrainingDetailsRequest,
    TrainingRequest,
    TrainingSerializer,
)
from api.views.base import ApiView
from coordination import clock
from coordination.permissions import Permission
from experts.models import Expert, Orientation, SignOff, Training
from experts.services import readiness
from experts.services.readiness import TrainingDetails


class OfExpert(django_filters.FilterSet):
    """`?expert=1`"""

    expert = django_filters.NumberFilter(max_value=2**62)


class Trainings(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = {
        "list": Permission.VIEW_REGISTER,
        "retrieve": Permission.VIEW_REGISTER,
        "create": Permission.MANAGE_REGISTER,
        "update": Permission.MANAGE_REGISTER,
        "destroy": Permission.MANAGE_REGISTER,
    }
    serializer_class = TrainingSerializer
    queryset = Training.objects.all()
    filter_backends = (DjangoFilterBackend,)
    filterset_class = OfExpert

    def get_queryset(self) -> QuerySet[Training]:
        people = Expert.objects.visible_to(self.person)
        return Training.objects.filter(expert__in=people).order_by("id")

    @extend_schema(request=TrainingRequest, responses={201: TrainingSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        form = TrainingRequest(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        expert = form.validated_data.pop("expert")
        details = TrainingDetails(**form.validated_data)
        made = readiness.add_training(expert, details, by=self.person, now=clock.now())
        return Response(self.read(made), status=201)

    @extend_schema(request=TrainingDetailsRequest, responses=TrainingSerializer)
    @idempotent
    def update(self, request: Request, **kwargs: Any) -> Response:
        """Mend what was recorded; whose training it is stays."""
        training = self.get_object()
        form = TrainingDetailsRequest(data=request.data)
        form.is_valid(raise_exception=True)
        details = TrainingDetails(**form.validated_data)
        readiness.change_training(training, details, by=self.person, now=clock.now())
        return Response(self.read(training))

    @idempotent
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Take away what was recorded by mistake; the audit keeps it."""
        readiness.remove_training(self.get_object(), by=self.person, now=clock.now())
        return Response(status=204)


class SignOffs(ListModelMixin, RetrieveModelMixin, ApiView):
    """Sign-offs in force and withdrawn; given and taken back at the expert."""

    permissions = {"list": Permission.VIEW_REGISTER, "retrieve": Permission.VIEW_REGISTER}
    serializer_class = SignOffSerializer
    queryset = SignOff.objects.all()
    filter_backends = (DjangoFilterBackend,)
    filterset_class = OfExpert

    def get_queryset(self) -> QuerySet[SignOff]:
        people = Expert.objects.visible_to(self.person)
        return SignOff.objects.filter(expert__in=people).order_by("id")


class OrientationFilter(OfExpert):
    """`?expert=1&unit=2`"""

    unit = django_filters.NumberFilter(max_value=2**62)


class Orientations(ListModelMixin, RetrieveModelMixin, ApiView):
    """Who was shown round at which unit: experts, and the unit's own professionals."""

    permissions = {
        "list": Permission.VIEW_REGISTER,
        "retrieve": Permission.VIEW_REGISTER,
        "create": Permission.MANAGE_REGISTER,
        "destroy": Permission.MANAGE_REGISTER,
    }
    serializer_class = OrientationSerializer
    queryset = Orientation.objects.all()
    filter_backends = (DjangoFilterBackend,)
    filterset_class = OrientationFilter

    def get_queryset(self) -> QuerySet[Orientation]:
        people = Expert.objects.visible_to(self.person)
        seen = Orientation.objects.filter(Q(expert__in=people) | Q(expert__isnull=True))
        return seen.order_by("id")

    @extend_schema(request=OrientationRequest, responses={201: OrientationSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        form = OrientationRequest(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        said = form.validated_data
        given = {
            "unit": said["unit"],
            "on": said["oriented_on"],
            "given_by": said["given_by"],
            "by": self.person,
            "now": clock.now(),
        }
        if said["expert"]:
            made = readiness.orient(said["expert"], **given)
        else:
            made = readiness.orient_professional(said["professional_name"], **given)
        return Response(self.read(made), status=201)

    @idempotent
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Take away what was recorded by mistake; the audit keeps it."""
        readiness.remove_orientation(self.get_object(), by=self.person, now=clock.now())
        return Response(status=204)
