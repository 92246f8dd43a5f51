"""Bookings: asked for by a unit, decided by a coordinator."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import HEADER, idempotent
from api.serializers.scheduling import (
    BookingPreviewSerializer,
    BookingRequest,
    BookingSerializer,
    NoteSerializer,
)
from api.serializers.series import PublishedSerializer
from api.views.base import ApiView
from coordination import clock
from coordination.permissions import Permission
from scheduling.models import Booking
from scheduling.services import bookings, sessions
from scheduling.services.bookings import BookingDetails


class Bookings(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = {
        "list": Permission.BOOK,
        "retrieve": Permission.BOOK,
        "create": Permission.BOOK,
        "preview": Permission.BOOK,
        "withdraw": Permission.BOOK,
        "accept": Permission.DECIDE_BOOKINGS,
        "decline": Permission.DECIDE_BOOKINGS,
        "publish": Permission.MANAGE_SESSIONS,
    }
    serializer_class = BookingSerializer
    queryset = Booking.objects.all()

    def get_queryset(self) -> QuerySet[Booking]:
        return Booking.objects.visible_to(self.person)

    def _details(self, request: Request) -> BookingDetails:
        form = BookingRequest(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        return BookingDetails(**form.validated_data)

    @extend_schema(request=BookingRequest, responses={201: BookingSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        named = request.headers.get(HEADER)
        of_header = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.person.pk}:{named}")
        key = of_header if named else uuid.uuid4()
        made = bookings.request(self._details(request), key=key, by=self.person, now=clock.now())
        return Response(self.read(made), status=201)

    @extend_schema(request=BookingRequest, responses=BookingPreviewSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """What would come of a booking: days, what is skipped and why, cost, what is missing."""
        seen = bookings.preview(self._details(request), now=clock.now())
        return Response(BookingPreviewSerializer(seen).data)

    def _note(self, request: Request) -> str:
        form = NoteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return str(form.validated_data["note"])

    @extend_schema(request=NoteSerializer, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def accept(self, request: Request, **kwargs: Any) -> Response:
        booking, note = self.get_object(), self._note(request)
        return Response(
            self.read(bookings.accept(booking, note=note, by=self.person, now=clock.now()))
        )

    @extend_schema(request=NoteSerializer, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def decline(self, request: Request, **kwargs: Any) -> Response:
        booking, note = self.get_object(), self._note(request)
        return Response(
            self.read(bookings.decline(booking, note=note, by=self.person, now=clock.now()))
        )

    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        booking = self.get_object()
        return Response(self.read(bookings.withdraw(booking, by=self.person, now=clock.now())))

    @extend_schema(request=None, responses=PublishedSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def publish(self, request: Request, **kwargs: Any) -> Response:
        """Open every draft of it that lacks nothing."""
        drafts = self.get_object().sessions.all()
        return Response({"published": sessions.publish_ready(drafts, now=clock.now())})
