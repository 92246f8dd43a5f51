"""Sessions: who could, who comes, what was held."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api import looks
from api.idempotency import idempotent
from api.serializers.fields import in_our_time
from api.serializers.scheduling import (
    AssignmentSerializer,
    CandidateSerializer,
    CloseoutRequest,
    OfferRequest,
    OfferSerializer,
    ProposalRequest,
    SessionChangeRequest,
    SessionPreviewSerializer,
    SessionRequest,
    SessionSerializer,
)
from api.views.base import ApiView
from billing.services import closeout
from coordination import clock
from coordination.models import User
from coordination.permissions import Permission
from scheduling import eligibility
from scheduling.eligibility import Reason
from scheduling.models import Assignment, Session, SessionState
from scheduling.services import assignments, changes, offers, outcomes, sessions


class SessionFilter(django_filters.FilterSet):
    """`?from=2027-03-01T00:00Z&to=…&unit=1&kind=2&state=open`"""

    state = django_filters.ChoiceFilter(choices=SessionState.choices)
    unit = django_filters.NumberFilter()
    kind = django_filters.NumberFilter()

    class Meta:
        model = Session
        fields: tuple[str, ...] = ()


SessionFilter.base_filters["from"] = django_filters.IsoDateTimeFilter(
    "ends_at", "gt", validators=[in_our_time]
)
SessionFilter.base_filters["to"] = django_filters.IsoDateTimeFilter(
    "starts_at", "lt", validators=[in_our_time]
)


def seen_sessions(user: User) -> QuerySet[Session]:
    """The sessions somebody may see, with the seats as far as that person may see them."""
    seen = Assignment.objects.visible_to(user).seated().select_related("expert")
    return (
        Session.objects.visible_to(user)
        .select_related("unit", "kind", "site")
        .prefetch_related(Prefetch("assignments", seen, to_attr="seen_assignments"))
        .order_by("starts_at", "id")
    )


def as_unfit(
    unfit: Mapping[int, list[Reason]], people: Mapping[int, Assignment]
) -> list[dict[str, Any]]:
    """Who could no longer come or must be asked about, by assignment."""
    return [
        {
            "assignment": pk,
            "expert": people[pk].expert if pk in people else None,
            "reasons": reasons,
        }
        for pk, reasons in unfit.items()
    ]


class Sessions(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = {
        "list": Permission.USE_API,
        "retrieve": Permission.USE_API,
        "create": Permission.MANAGE_SESSIONS,
        "partial_update": Permission.MANAGE_SESSIONS,
        "preview_change": Permission.MANAGE_SESSIONS,
        "publish": Permission.MANAGE_SESSIONS,
        "cancel": Permission.MANAGE_SESSIONS,
        "candidates": Permission.ASSIGN,
        "propose": Permission.ASSIGN,
        "offer": Permission.ASSIGN,
        "close": Permission.CLOSE_OUT,
    }
    serializer_class = SessionSerializer
    queryset = Session.objects.all()
    filter_backends = (DjangoFilterBackend,)
    filterset_class = SessionFilter

    def get_queryset(self) -> QuerySet[Session]:
        return seen_sessions(self.person)

    def _answer(self, session: Session, status: int = 200) -> Response:
        return Response(self.read(session), status=status)

    @extend_schema(request=SessionRequest, responses={201: SessionSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        form = SessionRequest(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        made = sessions.create(**form.validated_data, by=self.person, now=clock.now())
        return self._answer(made, 201)

    @extend_schema(request=SessionChangeRequest, responses=SessionSerializer)
    @idempotent
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change what is given; people, units and diaries follow, and who must hear of it does."""
        session = self.get_object()
        form = SessionChangeRequest(
            session, data=request.data, partial=True, context=self.get_serializer_context()
        )
        form.is_valid(raise_exception=True)
        return self._answer(
            changes.change(session, **form.validated_data, by=self.person, now=clock.now())
        )

    @extend_schema(request=SessionChangeRequest, responses=SessionPreviewSerializer)
    @action(detail=True, methods=["post"], url_path="preview-change")
    def preview_change(self, request: Request, **kwargs: Any) -> Response:
        """Who would hear of a change, and who could no longer come; nothing is saved."""
        session = self.get_object()
        form = SessionChangeRequest(
            session, data=request.data, partial=True, context=self.get_serializer_context()
        )
        form.is_valid(raise_exception=True)
        how = {"release", "overrules", "seen"}
        wanted = {name: v for name, v in form.validated_data.items() if name not in how}
        found = changes.preview_change(session, **wanted, now=clock.now())
        people = {row.pk: row for row in outcomes.waiting_or_coming(session)}
        shown = {
            "told": [row.expert for row in found.told],
            "unfit": as_unfit(found.unfit, people),
        }
        return Response(SessionPreviewSerializer(shown).data)

    @extend_schema(request=None, responses=SessionSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def publish(self, request: Request, **kwargs: Any) -> Response:
        return self._answer(sessions.publish(self.get_object(), by=self.person, now=clock.now()))

    @extend_schema(request=None, responses=SessionSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        """Everybody on it gets a message."""
        return self._answer(sessions.cancel(self.get_object(), by=self.person, now=clock.now()))

    @extend_schema(responses=CandidateSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def candidates(self, request: Request, **kwargs: Any) -> Response:
        """Everybody, ranked, with all reasons for and against."""
        found = eligibility.candidates(self.get_object(), now=clock.now())
        looks.note([candidate.expert for candidate in found], viewer=self.person)
        return Response(CandidateSerializer(found, many=True).data)

    @extend_schema(request=ProposalRequest, responses={201: AssignmentSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def propose(self, request: Request, **kwargs: Any) -> Response:
        """Ask a person to take a seat; they get a mail with a link."""
        session = self.get_object()
        form = ProposalRequest(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        made = assignments.propose(session, **form.validated_data, by=self.person, now=clock.now())
        return Response(AssignmentSerializer(made).data, status=201)

    @extend_schema(request=OfferRequest, responses={201: OfferSerializer(many=True)})
    @action(detail=True, methods=["post"])
    @idempotent
    def offer(self, request: Request, **kwargs: Any) -> Response:
        """Ask several people; the first who accepts gets the seat."""
        session = self.get_object()
        form = OfferRequest(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        made = offers.send(session, **form.validated_data, by=self.person, now=clock.now())
        return Response(OfferSerializer(made, many=True).data, status=201)

    @extend_schema(request=CloseoutRequest, responses=SessionSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def close(self, request: Request, **kwargs: Any) -> Response:
        """Record the actual times, who was there and what was counted; the fee lines are made.

        Who came without having answered is for coordinators to say, as on the page.
        """
        session = self.get_object()
        form = CloseoutRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        if said["came_after_all"] and not self.person.access.can(Permission.ASSIGN):
            raise PermissionDenied
        closeout.close_out(
            session,
            actual_starts_at=said["actual_starts_at"],
            actual_ends_at=said["actual_ends_at"],
            not_present=set(said["not_present"]),
            came_after_all=set(said["came_after_all"]),
            counts=said.get("counts"),
            by=self.person,
            now=clock.now(),
        )
        return self._answer(session)
