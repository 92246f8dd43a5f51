"""Assignments and offers: the answers of people, and what they counted."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.serializers.scheduling import (
    AssignmentSerializer,
    OfferSerializer,
    PresenceRequest,
    TallySerializer,
)
from api.views.base import ApiView
from billing.services import closeout
from coordination import clock
from coordination.permissions import Permission
from experts.models import Expert
from scheduling.models import Assignment, Offer
from scheduling.models.assignments import SEATED
from scheduling.services import assignments, offers, tallies

ANSWER = (Permission.ANSWER_OWN_SHIFTS, Permission.ASSIGN)
"""The person, or a coordinator on behalf of the person."""


class Assignments(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = {
        "list": Permission.USE_API,
        "retrieve": Permission.USE_API,
        "confirm": ANSWER,
        "decline": ANSWER,
        "release": ANSWER,
        "take_back_release": ANSWER,
        "cancel": Permission.ASSIGN,
        "tally": Permission.TALLY,
        "presence": Permission.MANAGE_SESSIONS,
    }
    serializer_class = AssignmentSerializer
    queryset = Assignment.objects.all()

    def get_queryset(self) -> QuerySet[Assignment]:
        """Who declined or gave up a seat is for coordinators and for that person: a unit sees who comes."""
        seen = Assignment.objects.visible_to(self.person)
        if not self.person.access.can(Permission.VIEW_BOARD):
            seen = seen.filter(Q(state__in=SEATED) | Q(expert__user=self.person))
        return seen.select_related("session", "expert").order_by("session__starts_at", "id")

    def _do(self, service: Callable[..., Assignment]) -> Response:
        return Response(self.read(service(self.get_object(), by=self.person, now=clock.now())))

    @extend_schema(request=None, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def confirm(self, request: Request, **kwargs: Any) -> Response:
        return self._do(assignments.confirm)

    @extend_schema(request=None, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def decline(self, request: Request, **kwargs: Any) -> Response:
        return self._do(assignments.decline)

    @extend_schema(request=None, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def release(self, request: Request, **kwargs: Any) -> Response:
        """ "I can't come." No reason is asked or taken."""
        return self._do(assignments.release)

    @extend_schema(request=None, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"], url_path="take-back-release")
    @idempotent
    def take_back_release(self, request: Request, **kwargs: Any) -> Response:
        return self._do(assignments.take_back_release)

    @extend_schema(request=None, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        return self._do(assignments.cancel)

    @extend_schema(request=TallySerializer, responses=TallySerializer)
    @action(detail=True, methods=["put"])
    @idempotent
    def tally(self, request: Request, **kwargs: Any) -> Response:
        """What was counted; sent again, it replaces what was there."""
        assignment = self.get_object()
        form = TallySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = tallies.save(assignment, counts=form.validated_data, by=self.person, now=clock.now())
        return Response(TallySerializer(made).data)

    @extend_schema(request=PresenceRequest, responses=AssignmentSerializer)
    @action(detail=True, methods=["put"])
    @idempotent
    def presence(self, request: Request, **kwargs: Any) -> Response:
        """Mend who was there after the session was recorded; the fee follows."""
        assignment = self.get_object()
        form = PresenceRequest(data=request.data)
        form.is_valid(raise_exception=True)
        closeout.amend_presence(assignment, **form.validated_data, by=self.person, now=clock.now())
        return Response(self.read(assignment))


class Offers(ListModelMixin, RetrieveModelMixin, ApiView):
    """Seats offered: all for coordinators, one's own for experts."""

    permissions = {"list": ANSWER, "retrieve": ANSWER, "accept": ANSWER, "decline": ANSWER}
    serializer_class = OfferSerializer
    queryset = Offer.objects.all()

    def get_queryset(self) -> QuerySet[Offer]:
        people = Expert.objects.visible_to(self.person)
        return Offer.objects.filter(expert__in=people).select_related("expert")

    @extend_schema(request=None, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def accept(self, request: Request, **kwargs: Any) -> Response:
        """The first who accepts gets the seat; the others are refused with `full`."""
        made = offers.accept(self.get_object(), by=self.person, now=clock.now())
        return Response(AssignmentSerializer(made).data)

    @extend_schema(request=None, responses=OfferSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def decline(self, request: Request, **kwargs: Any) -> Response:
        return Response(
            self.read(offers.decline(self.get_object(), by=self.person, now=clock.now()))
        )
