"""Experts: what is kept of them, where they stand, when they can."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.serializers.experts import (
    AvailabilityRequest,
    FourPointsRequest,
    PapersSerializer,
    PatternSerializer,
    SignOffSerializer,
    StatusRequest,
)
from api.serializers.people import AbsenceSerializer, ExpertSerializer, OwnProfileSerializer
from api.views.base import ApiView
from coordination import clock
from coordination.permissions import Permission
from coordination.services import traces
from coordination.workbook.weekly import WeeklyHours, Weeks
from experts.models import Absence, Expert, ExpertStatus
from experts.services import availability, readiness, register

CAN_WORK = (Permission.MANAGE_OWN_AVAILABILITY, Permission.MANAGE_REGISTER)
"""The person, or who keeps the register."""


class Experts(ListModelMixin, RetrieveModelMixin, ApiView):
    """The register. Looking at one person is logged, and the person sees that log."""

    permissions = {
        "list": Permission.VIEW_REGISTER,
        "retrieve": Permission.VIEW_REGISTER,
        "create": Permission.MANAGE_REGISTER,
        "partial_update": Permission.MANAGE_REGISTER,
        "status": Permission.MANAGE_REGISTER,
        "papers": Permission.MANAGE_REGISTER,
        "see_papers": Permission.MANAGE_REGISTER,
        "sign_off": Permission.MANAGE_REGISTER,
        "withdraw_sign_off": Permission.MANAGE_REGISTER,
        "availability": CAN_WORK,
        "replace_availability": CAN_WORK,
    }
    serializer_class = ExpertSerializer
    queryset = Expert.objects.all()

    def get_queryset(self) -> QuerySet[Expert]:
        return Expert.objects.visible_to(self.person).prefetch_related("kinds", "excluded_units")

    def _looked_at(self) -> Expert:
        """The expert; who looks at somebody else's data is written down."""
        expert: Expert = self.get_object()
        if expert.user_id != self.person.pk:
            traces.looked_at(
                subject_kind="expert",
                subject_id=expert.pk,
                viewer=self.person,
                page="api",
                now=clock.now(),
            )
        return expert

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self._looked_at()).data)

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

    @extend_schema(request=StatusRequest, responses=ExpertSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def status(self, request: Request, **kwargs: Any) -> Response:
        """Move a person along: applicant, in training, active, on a break, ended. No reason is taken."""
        expert = self.get_object()
        form = StatusRequest(data=request.data)
        form.is_valid(raise_exception=True)
        to = ExpertStatus(form.validated_data["status"])
        register.change_status(expert, to=to, by=self.person, now=clock.now())
        return Response(self.read(expert))

    @extend_schema(responses=PapersSerializer)
    @action(detail=True)
    def papers(self, request: Request, **kwargs: Any) -> Response:
        """On which days papers were seen."""
        return Response(PapersSerializer(self._looked_at()).data)

    @extend_schema(request=PapersSerializer, responses=PapersSerializer)
    @papers.mapping.put
    @idempotent
    def see_papers(self, request: Request, **kwargs: Any) -> Response:
        """Write down on which days papers were seen or signed."""
        expert = self.get_object()
        form = PapersSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        seen = register.see_papers(expert, **form.validated_data, by=self.person, now=clock.now())
        return Response(PapersSerializer(seen).data)

    @extend_schema(request=FourPointsRequest, responses={201: SignOffSerializer})
    @action(detail=True, methods=["post"], url_path="sign-off")
    @idempotent
    def sign_off(self, request: Request, **kwargs: Any) -> Response:
        """Confirm the four points."""
        expert = self.get_object()
        form = FourPointsRequest(data=request.data)
        form.is_valid(raise_exception=True)
        points = readiness.FourPoints(**form.validated_data)
        made = readiness.sign_off(expert, points, by=self.person, now=clock.now())
        return Response(SignOffSerializer(made).data, status=201)

    @extend_schema(request=None, responses=SignOffSerializer)
    @action(detail=True, methods=["post"], url_path="withdraw-sign-off")
    @idempotent
    def withdraw_sign_off(self, request: Request, **kwargs: Any) -> Response:
        """Take the sign-off back; no reason is kept."""
        ended = readiness.withdraw_sign_off(self.get_object(), by=self.person, now=clock.now())
        return Response(SignOffSerializer(ended).data)

    @extend_schema(responses=PatternSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def availability(self, request: Request, **kwargs: Any) -> Response:
        """The usual hours of a week: one's own, or anybody's for coordinators."""
        return self._patterns(self._looked_at())

    @extend_schema(request=AvailabilityRequest, responses=PatternSerializer(many=True))
    @availability.mapping.put
    @idempotent
    def replace_availability(self, request: Request, **kwargs: Any) -> Response:
        """The weekly hours from a day on; what was there holds until the day before."""
        expert = self.get_object()
        form = AvailabilityRequest(data=request.data)
        form.is_valid(raise_exception=True)
        hours = [
            WeeklyHours(row["weekday"], row["start"], row["end"], Weeks(row["weeks"]))
            for row in form.validated_data["hours"]
        ]
        from_day = form.validated_data["from_day"]
        availability.replace(expert, hours, from_day=from_day, by=self.person, now=clock.now())
        return self._patterns(expert)

    def _patterns(self, expert: Expert) -> Response:
        return Response(PatternSerializer(expert.patterns.all(), many=True).data)


class OwnProfile(ApiView):
    """One's own details, as one may change them."""

    permissions = {
        "list": Permission.VIEW_OWN_PROFILE,
        "change": Permission.VIEW_OWN_PROFILE,
    }
    serializer_class = OwnProfileSerializer
    queryset = Expert.objects.all()

    def get_queryset(self) -> QuerySet[Expert]:
        return Expert.objects.filter(user=self.person)

    @extend_schema(responses=OwnProfileSerializer)
    def list(self, request: Request) -> Response:
        return Response(self.get_serializer(get_object_or_404(self.get_queryset())).data)

    @extend_schema(request=OwnProfileSerializer, responses=OwnProfileSerializer)
    @action(detail=False, methods=["patch"], url_path="change")
    @idempotent
    def change(self, request: Request) -> Response:
        """Change what is given."""
        expert = get_object_or_404(self.get_queryset())
        form = self.get_serializer(expert, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        register.change_own(expert, form.validated_data, by=self.person, now=clock.now())
        return Response(self.read(expert))


class Absences(ListModelMixin, RetrieveModelMixin, ApiView):
    """Days on which somebody cannot: one's own, or anybody's for coordinators."""

    permissions = {
        "list": CAN_WORK,
        "retrieve": CAN_WORK,
        "create": CAN_WORK,
        "destroy": CAN_WORK,
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
