"""Work supervision: planned by coordinators, held by them or the session's own supervisor."""

from typing import Any

from django.db.models import DecimalField, F, Prefetch, Q, QuerySet, Value
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.serializers.experts import (
    AttendedRequest,
    SupervisionRequest,
    SupervisionRuleSerializer,
    SupervisionSerializer,
)
from api.views.base import ApiView
from coordination import clock
from coordination.permissions import Permission
from experts.models import Expert, SupervisionAttendance, SupervisionRule, SupervisionSession
from experts.models.supervision import SupervisionForm
from experts.services import supervision, supervision_rules
from experts.services.supervision import SupervisionDetails

MARK = (Permission.MANAGE_SUPERVISION, Permission.VIEW_OWN_SUPERVISION)


class Supervisions(ListModelMixin, RetrieveModelMixin, ApiView):
    """All for coordinators, one's own for supervisors and experts; an expert sees nobody else's attendance."""

    permissions = {
        "list": Permission.USE_API,
        "retrieve": Permission.USE_API,
        "create": Permission.MANAGE_SUPERVISION,
        "update": Permission.MANAGE_SUPERVISION,
        "cancel": Permission.MANAGE_SUPERVISION,
        "held": MARK,
        "attendance": MARK,
    }
    serializer_class = SupervisionSerializer
    queryset = SupervisionSession.objects.all()

    def get_queryset(self) -> QuerySet[SupervisionSession]:
        rows = SupervisionAttendance.objects.order_by("id")
        cost: Any = F("cost")
        if not self.person.access.can(Permission.MANAGE_SUPERVISION):
            rows = rows.filter(Q(session__supervisor=self.person) | Q(expert__user=self.person))
            cost = Value(None, DecimalField())
        return (
            SupervisionSession.objects.visible_to(self.person)
            .annotate(seen_cost=cost)
            .select_related("supervisor")
            .prefetch_related(Prefetch("attendances", rows, to_attr="seen_attendances"))
            .order_by("starts_at", "id")
        )

    def _asked(self, request: Request) -> tuple[SupervisionDetails, list[Expert]]:
        form = SupervisionRequest(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        said = form.validated_data
        experts = list(said.pop("experts"))
        return SupervisionDetails(**{**said, "form": SupervisionForm(said["form"])}), experts

    @extend_schema(request=SupervisionRequest, responses={201: SupervisionSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Plan a session: it takes its place in everybody's diary, and everybody gets a message."""
        details, experts = self._asked(request)
        made = supervision.plan(details, experts=experts, by=self.person, now=clock.now())
        return Response(self.read(made), status=201)

    @extend_schema(request=SupervisionRequest, responses=SupervisionSerializer)
    @idempotent
    def update(self, request: Request, **kwargs: Any) -> Response:
        """Move a planned session or change who is invited."""
        session = self.get_object()
        details, experts = self._asked(request)
        supervision.change(session, details, experts=experts, by=self.person, now=clock.now())
        return Response(self.read(session))

    @extend_schema(request=None, responses=SupervisionSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        return Response(
            self.read(supervision.cancel(self.get_object(), by=self.person, now=clock.now()))
        )

    def _attended(self, request: Request) -> set[int]:
        form = AttendedRequest(data=request.data)
        form.is_valid(raise_exception=True)
        return set(form.validated_data["attended"])

    @extend_schema(request=AttendedRequest, responses=SupervisionSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def held(self, request: Request, **kwargs: Any) -> Response:
        """Mark a session as held, and who was there."""
        session = self.get_object()
        there = self._attended(request)
        supervision.mark_held(session, attended=there, by=self.person, now=clock.now())
        return Response(self.read(session))

    @extend_schema(request=AttendedRequest, responses=SupervisionSerializer)
    @action(detail=True, methods=["put"])
    @idempotent
    def attendance(self, request: Request, **kwargs: Any) -> Response:
        """Mend who was there after the session was marked as held."""
        session = self.get_object()
        there = self._attended(request)
        supervision.correct_attendance(session, attended=there, by=self.person, now=clock.now())
        return Response(self.read(session))


class SupervisionRules(ListModelMixin, RetrieveModelMixin, ApiView):
    """How often supervision is due, from which day on."""

    permissions = {
        "list": Permission.MANAGE_SUPERVISION_RULE,
        "retrieve": Permission.MANAGE_SUPERVISION_RULE,
        "create": Permission.MANAGE_SUPERVISION_RULE,
        "destroy": Permission.MANAGE_SUPERVISION_RULE,
    }
    serializer_class = SupervisionRuleSerializer
    queryset = SupervisionRule.objects.all()

    @idempotent
    def create(self, request: Request) -> Response:
        """A rule from a day on; one that begins on the same day is replaced."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = supervision_rules.set_rule(**form.validated_data, by=self.person, now=clock.now())
        return Response(self.read(made), status=201)

    @idempotent
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Take out a rule that has not begun."""
        supervision_rules.remove_coming(self.get_object(), by=self.person, now=clock.now())
        return Response(status=204)
