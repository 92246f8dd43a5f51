"""Series and the days they could not have: all for coordinators, a clinic contact's own units'."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.serializers.scheduling import SessionSerializer
from api.serializers.series import (
    EndedSerializer,
    EndRequest,
    PreferredSerializer,
    PublishedSerializer,
    SeriesChangeRequest,
    SeriesPreviewRequest,
    SeriesPreviewSerializer,
    SeriesSerializer,
    SkippedDaySerializer,
)
from api.views.base import ApiView
from api.views.sessions import as_unfit, seen_sessions
from coordination import clock
from coordination.permissions import Permission
from scheduling.models import PreferredPerson, Series, SkippedOccurrence
from scheduling.services import preferred, series, series_changes, sessions
from scheduling.services.series_changes import SeriesPreview, Step


class SeriesView(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = {
        "list": Permission.VIEW_UNIT_SESSIONS,
        "retrieve": Permission.VIEW_UNIT_SESSIONS,
        "partial_update": Permission.MANAGE_SESSIONS,
        "preview": Permission.MANAGE_SESSIONS,
        "end": Permission.MANAGE_SESSIONS,
        "publish": Permission.MANAGE_SESSIONS,
    }
    serializer_class = SeriesSerializer
    queryset = Series.objects.all()

    def get_queryset(self) -> QuerySet[Series]:
        return Series.objects.visible_to(self.person).order_by("starts_on", "id")

    @extend_schema(request=SeriesPreviewRequest, responses=SeriesPreviewSerializer)
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, **kwargs: Any) -> Response:
        """What a change would do, looked at before it is done."""
        row = self.get_object()
        form = SeriesPreviewRequest(data=request.data)
        form.is_valid(raise_exception=True)
        found = series_changes.preview_change(
            row, **form.validated_data, by=self.person, now=clock.now()
        )
        return Response(SeriesPreviewSerializer(_as_shown(found)).data)

    @extend_schema(request=SeriesChangeRequest, responses=SeriesSerializer)
    @idempotent
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change a series from a day on, or all that is to come; answers the series that goes on."""
        row = self.get_object()
        form = SeriesChangeRequest(data=request.data)
        form.is_valid(raise_exception=True)
        goes_on = series_changes.change(row, **form.validated_data, by=self.person, now=clock.now())
        return Response(self.read(goes_on))

    @extend_schema(request=EndRequest, responses=EndedSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def end(self, request: Request, **kwargs: Any) -> Response:
        """No sessions after a day: those made already are cancelled and everybody is told."""
        row = self.get_object()
        form = EndRequest(data=request.data)
        form.is_valid(raise_exception=True)
        count = series.end(row, **form.validated_data, by=self.person, now=clock.now())
        return Response({"cancelled": count})

    @extend_schema(request=None, responses=PublishedSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def publish(self, request: Request, **kwargs: Any) -> Response:
        """Open every draft of it that lacks nothing."""
        drafts = self.get_object().sessions.all()
        return Response({"published": sessions.publish_ready(drafts, now=clock.now())})


class PreferredPeople(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = dict.fromkeys(
        ("list", "retrieve", "create", "up", "destroy"), Permission.MANAGE_SESSIONS
    )
    serializer_class = PreferredSerializer
    queryset = PreferredPerson.objects.all()

    def get_queryset(self) -> QuerySet[PreferredPerson]:
        rows = PreferredPerson.objects.filter(series__in=Series.objects.visible_to(self.person))
        return rows.order_by("series", "order", "id")

    @idempotent
    def create(self, request: Request) -> Response:
        """Put somebody last on a series' list, or give them other days."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = preferred.prefer(**form.validated_data, by=self.person)
        return Response(self.read(made), status=201)

    @extend_schema(request=None, responses=PreferredSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def up(self, request: Request, **kwargs: Any) -> Response:
        """One place earlier."""
        row = self.get_object()
        preferred.raise_up(row, by=self.person)
        return Response(self.read(row))

    @idempotent
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Take somebody off the list; their seats are not touched."""
        preferred.forget(self.get_object(), by=self.person)
        return Response(status=204)


class SkippedDays(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = {
        "list": Permission.VIEW_UNIT_SESSIONS,
        "retrieve": Permission.VIEW_UNIT_SESSIONS,
        "add_back": Permission.MANAGE_SESSIONS,
    }
    serializer_class = SkippedDaySerializer
    queryset = SkippedOccurrence.objects.all()

    def get_queryset(self) -> QuerySet[SkippedOccurrence]:
        rows = SkippedOccurrence.objects.filter(series__in=Series.objects.visible_to(self.person))
        return rows.order_by("occurrence_on", "id")

    @extend_schema(request=None, responses={201: SessionSerializer})
    @action(detail=True, methods=["post"], url_path="add-back")
    @idempotent
    def add_back(self, request: Request, **kwargs: Any) -> Response:
        """Make the session of that day all the same."""
        made = series.add_back(self.get_object(), by=self.person, now=clock.now())
        shown = seen_sessions(self.person).get(pk=made.pk)
        return Response(SessionSerializer(shown).data, status=201)


def _as_shown(found: SeriesPreview) -> dict[str, Any]:
    names = ("digest", "first_on", "is_cut", "made", "cancelled", "kept", "skipped", "told")
    shown = {name: getattr(found, name) for name in (*names, "to_call")}
    return shown | {"changed": [_step(step) for step in found.changed]}


def _step(step: Step) -> dict[str, Any]:
    return {
        "session": step.before.pk,
        "starts_at": step.after.starts_at,
        "ends_at": step.after.ends_at,
        "unfit": as_unfit(step.unfit, step.people),
    }
