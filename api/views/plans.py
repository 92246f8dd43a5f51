"""Planning a period, as on its pages: start, watch, change the draft, publish it. For those who assign people."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import Form
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api import looks
from api.idempotency import idempotent
from api.serializers.plans import (
    CandidatesWanted,
    GiveSeatRequest,
    PinRequest,
    PlanCandidateSerializer,
    PlanDetailSerializer,
    PlanRequest,
    PlanSeatSerializer,
    PlanSerializer,
    SeatsWanted,
    WeightsSerializer,
)
from api.views.base import ApiView
from coordination import clock
from coordination.permissions import Permission
from coordination.wake import wake
from experts.models import Expert
from scheduling import tasks
from scheduling.forms.plan import WEIGHTS, PlanForm, WeightsForm, initial_again, initial_of
from scheduling.models import PlanRun, PlanSeat, PlanState, Session
from scheduling.queries import plan_people
from scheduling.queries import plans as query
from scheduling.services import plan_defaults, plan_runs, plan_seats


class PlanFilter(django_filters.FilterSet):
    """`?state=done`"""

    state = django_filters.ChoiceFilter(choices=PlanState.choices)

    class Meta:
        model = PlanRun
        fields: tuple[str, ...] = ()


class Plans(ApiView):
    permissions = dict.fromkeys(
        (
            *("list", "retrieve", "create", "stop", "discard", "publish"),
            *("seats", "give", "candidates", "weights", "save_weights"),
        ),
        Permission.ASSIGN,
    )
    serializer_class = PlanDetailSerializer
    queryset = PlanRun.objects.all()
    filter_backends = (DjangoFilterBackend,)
    filterset_class = PlanFilter

    def get_queryset(self) -> QuerySet[PlanRun]:
        return PlanRun.objects.visible_to(self.person).select_related("made_by")

    def _answer(self, run: PlanRun, status: int = 200) -> Response:
        return self._shown(self.get_queryset().get(pk=run.pk), status)

    def _shown(self, run: PlanRun, status: int = 200) -> Response:
        outcome = query.outcome(run) if run.state == PlanState.PUBLISHED else None
        if outcome:
            looks.note(outcome.refused, viewer=self.person)
        context = {**self.get_serializer_context(), "outcome": outcome}
        return Response(PlanDetailSerializer(run, context=context).data, status=status)

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        """How far it is, what it would change, why seats are empty, what came of publishing it."""
        return self._shown(self.get_object())

    @extend_schema(responses=PlanSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The newest first."""
        rows = self.get_queryset().defer("gaps", "against", "pins")
        page = self.paginate_queryset(self.filter_queryset(rows)) or []
        progress = query.progress_of(page, now=clock.now())
        context = {**self.get_serializer_context(), "progress": progress}
        return self.get_paginated_response(PlanSerializer(page, many=True, context=context).data)

    @extend_schema(request=PlanRequest, responses={201: PlanDetailSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Start a run; workers make a draft that nobody hears of until it is published."""
        said = PlanRequest(data=request.data)
        said.is_valid(raise_exception=True)
        form = self._form(said.validated_data)
        _check(form, nested="weights")
        made = plan_runs.start(**form.wanted, by=self.person, now=clock.now())
        wake(tasks.plan_prepare, run_id=made.pk)
        return self._answer(made, 201)

    def _form(self, said: dict[str, Any]) -> PlanForm:
        """The pages' form with what was said, and for the rest what the page would have shown."""
        again = self.get_queryset().filter(pk=said.get("again", 0)).first()
        usual = initial_of(plan_defaults.current(), today=clock.today())
        shown = initial_again(again) if again else usual | {"starts_on": None, "ends_on": None}
        weights = said.pop("weights", {})
        seats = query.seats_to_free(self.person, seats=said.get("free_seats", []))
        return PlanForm({**shown, **said, **weights}, user=self.person, seats=seats)

    @extend_schema(request=None, responses=PlanDetailSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def stop(self, request: Request, **kwargs: Any) -> Response:
        """Stop searching: the best so far is the draft, in a moment."""
        run = self.get_object()
        plan_runs.stop(run, by=self.person, now=clock.now())
        return self._answer(run)

    @extend_schema(request=None, responses=PlanDetailSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def discard(self, request: Request, **kwargs: Any) -> Response:
        """Throw the draft away; nobody heard of it."""
        run = self.get_object()
        plan_runs.discard(run, by=self.person)
        return self._answer(run)

    @extend_schema(request=None, responses={202: PlanDetailSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def publish(self, request: Request, **kwargs: Any) -> Response:
        """A worker checks every seat once more and asks the people; `outcome` of the plan then says what came of it."""
        run = self.get_object()
        plan_runs.ask_to_publish(run, by=self.person, now=clock.now())
        wake(tasks.plan_publish_run, run_id=run.pk)
        return self._answer(run, 202)

    @extend_schema(parameters=[SeatsWanted], responses=PlanSeatSerializer(many=True))
    @action(detail=True, filter_backends=[])
    def seats(self, request: Request, **kwargs: Any) -> Response:
        """The seats of the plan in the order of time, each with what there is to say of the person."""
        run = self.get_object()
        wanted = SeatsWanted(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        page = self.paginate_queryset(_rows(run).filter(**wanted.validated_data)) or []
        return self.get_paginated_response(self._seats(run, page))

    def _seats(self, run: PlanRun, rows: Sequence[PlanSeat]) -> Any:
        looks.note(rows, viewer=self.person)
        people = plan_people.people_on(run, rows, now=clock.now())
        return PlanSeatSerializer(rows, many=True, context={"people": people}).data

    @extend_schema(request=GiveSeatRequest, responses={201: PlanSeatSerializer})
    @seats.mapping.post
    @idempotent
    def give(self, request: Request, **kwargs: Any) -> Response:
        """Put somebody on an empty seat of the draft."""
        run = self.get_object()
        form = GiveSeatRequest(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        session = self._session(run, form.validated_data["session"].pk)
        expert = form.validated_data["expert"]
        made = plan_seats.give(run, session, expert=expert, by=self.person, now=clock.now())
        [shown] = self._seats(run, [_rows(run).get(pk=made.pk)])
        return Response(shown, status=201)

    @extend_schema(parameters=[CandidatesWanted], responses=PlanCandidateSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def candidates(self, request: Request, **kwargs: Any) -> Response:
        """Everybody for one session of the plan, who fits first, with all reasons, the draft counted in."""
        run = self.get_object()
        wanted = CandidatesWanted(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        session = self._session(run, wanted.validated_data["session"])
        experts = list(Expert.objects.visible_to(self.person).active())
        looks.note(experts, viewer=self.person)
        found = plan_people.people_for(run, session, experts, now=clock.now())
        return Response(PlanCandidateSerializer(found, many=True).data)

    def _session(self, run: PlanRun, session_id: int) -> Session:
        return get_object_or_404(query.sessions_of(run, self.person), pk=session_id)

    @extend_schema(responses=WeightsSerializer)
    @action(detail=False, pagination_class=None, filter_backends=[])
    def weights(self, request: Request) -> Response:
        """What counts how much in every plan that does not say otherwise."""
        return Response(WeightsSerializer(plan_defaults.current()).data)

    @extend_schema(request=WeightsSerializer, responses=WeightsSerializer)
    @weights.mapping.put
    @idempotent
    def save_weights(self, request: Request) -> Response:
        """New plans start from these weights."""
        said = WeightsSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        form = WeightsForm(said.validated_data)
        _check(form)
        plan_defaults.save(form.weights, by=self.person)
        return Response(WeightsSerializer(plan_defaults.current()).data)


class PlanSeats(ApiView):
    """A seat of a plan: a draft's can be pinned and taken off."""

    permissions = dict.fromkeys(("retrieve", "partial_update", "destroy"), Permission.ASSIGN)
    serializer_class = PlanSeatSerializer
    queryset = PlanSeat.objects.all()

    def get_queryset(self) -> QuerySet[PlanSeat]:
        return _seats().filter(run__in=PlanRun.objects.visible_to(self.person))

    def _answer(self, seat: PlanSeat) -> Response:
        looks.note([seat], viewer=self.person)
        people = plan_people.people_on(seat.run, [seat], now=clock.now())
        return Response(PlanSeatSerializer(seat, context={"people": people}).data)

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return self._answer(self.get_object())

    @extend_schema(request=PinRequest, responses=PlanSeatSerializer)
    @idempotent
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Pin a seat, so that it stays when the plan is made again, or let it go."""
        seat = self.get_object()
        form = PinRequest(data=request.data)
        form.is_valid(raise_exception=True)
        plan_seats.pin(seat, stays=form.validated_data["is_pinned"], by=self.person)
        return self._answer(self.get_object())

    @idempotent
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """The seat of the draft is empty again."""
        plan_seats.take(self.get_object(), by=self.person)
        return Response(status=204)


def _seats() -> QuerySet[PlanSeat]:
    rows = PlanSeat.objects.select_related(
        *("run", "expert", "session__kind", "session__unit", "session__site")
    )
    return rows.order_by("session__starts_at", "session", "id")


def _rows(run: PlanRun) -> QuerySet[PlanSeat]:
    return _seats().filter(run=run)


def _check(form: Form, *, nested: str = "") -> None:
    """Raises the form's own sentences, each at the name it was sent by; weights below `nested`."""
    if form.is_valid():
        return
    found = {name: [str(one) for one in errors] for name, errors in form.errors.items()}
    inner = {name: found.pop(name) for name in list(found) if nested and name in WEIGHTS}
    raise ValidationError({**found, **({nested: inner} if inner else {})})
