"""Fee rules, fee lines, batches."""

from typing import Any

import django_filters
from django.db.models import Count, Prefetch, QuerySet, Sum
from django.http import Http404, HttpResponse
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api import looks
from api.idempotency import idempotent
from api.serializers.money import (
    ApprovedSerializer,
    ApproveRequest,
    CorrectionRequest,
    FeeLineSerializer,
    FeeRuleSerializer,
    LockRequest,
    PayBatchSerializer,
)
from api.views.base import ApiView
from billing.models import BatchExport, FeeLine, FeeLineState, FeeRule, PayBatch
from billing.services import batches, fee_lines, fee_rules
from billing.views.batches import CONTENT_TYPES
from coordination import clock
from coordination.permissions import Permission

SEE = (Permission.VIEW_MONEY, Permission.VIEW_OWN_EARNINGS)


class FeeRules(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = {
        "list": Permission.VIEW_MONEY,
        "retrieve": Permission.VIEW_MONEY,
        "create": Permission.MANAGE_FEE_RULES,
        "destroy": Permission.MANAGE_FEE_RULES,
    }
    serializer_class = FeeRuleSerializer
    queryset = FeeRule.objects.order_by("kind", "-starts_on")

    @idempotent
    def create(self, request: Request) -> Response:
        """A rate from a day on; the rule in force before ends the day before."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = {"income_type": "216", **form.validated_data}
        made = fee_rules.set_rule(**values, by=self.person, now=clock.now())
        return Response(self.read(made), status=201)

    @idempotent
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Take out a rule no fee was made with; the one before it goes on."""
        fee_rules.remove_unused(self.get_object(), by=self.person, now=clock.now())
        return Response(status=204)


class LineFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=FeeLineState.choices)

    class Meta:
        model = FeeLine
        fields: tuple[str, ...] = ()


class FeeLines(ListModelMixin, RetrieveModelMixin, ApiView):
    """All for finance, one's own for experts."""

    permissions = {
        "list": SEE,
        "retrieve": SEE,
        "approve": Permission.APPROVE_FEES,
        "take_back_approval": Permission.APPROVE_FEES,
        "make_again": Permission.APPROVE_FEES,
        "reverse": Permission.APPROVE_FEES,
        "correct": Permission.APPROVE_FEES,
    }
    serializer_class = FeeLineSerializer
    queryset = FeeLine.objects.all()
    filter_backends = (DjangoFilterBackend,)
    filterset_class = LineFilter

    def get_queryset(self) -> QuerySet[FeeLine]:
        seen = FeeLine.objects.visible_to(self.person)
        return seen.select_related("batch").order_by("-session_on", "-id")

    @extend_schema(request=ApproveRequest, responses=ApprovedSerializer, filters=False)
    @action(detail=False, methods=["post"])
    @idempotent
    def approve(self, request: Request) -> Response:
        """Approve open lines; a correction and the line that takes back the old one go together.

        Lines whose payer has changed meanwhile are counted as `moved` and stay open with the new payer.
        """
        form = ApproveRequest(data=request.data)
        form.is_valid(raise_exception=True)
        done = fee_lines.approve(form.validated_data["lines"], by=self.person, now=clock.now())
        return Response({"approved": done.lines, "moved": done.moved})

    @extend_schema(request=None, responses=FeeLineSerializer)
    @action(detail=True, methods=["post"], url_path="take-back-approval")
    @idempotent
    def take_back_approval(self, request: Request, **kwargs: Any) -> Response:
        """Open an approved line again while it is in no batch."""
        line = self.get_object()
        fee_lines.take_back_approval(line, by=self.person, now=clock.now())
        return Response(self.read(line))

    @extend_schema(request=None, responses={201: FeeLineSerializer})
    @action(detail=True, methods=["post"], url_path="make-again")
    @idempotent
    def make_again(self, request: Request, **kwargs: Any) -> Response:
        """A fee that was taken back, made again with a new line."""
        made = fee_lines.make_again(self.get_object(), by=self.person, now=clock.now())
        return Response(self.read(made), status=201)

    @extend_schema(request=None, responses={201: FeeLineSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def reverse(self, request: Request, **kwargs: Any) -> Response:
        """Take the fee back with a new negative line."""
        made = fee_lines.reverse(self.get_object(), by=self.person, now=clock.now())
        return Response(self.read(made), status=201)

    @extend_schema(request=CorrectionRequest, responses={201: FeeLineSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def correct(self, request: Request, **kwargs: Any) -> Response:
        """Replace the line by one with other paid minutes."""
        line = self.get_object()
        form = CorrectionRequest(data=request.data)
        form.is_valid(raise_exception=True)
        made = fee_lines.correct(line, **form.validated_data, by=self.person, now=clock.now())
        return Response(self.read(made), status=201)


class Batches(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = {
        "list": Permission.VIEW_MONEY,
        "retrieve": Permission.VIEW_MONEY,
        "create": Permission.EXPORT_PAY,
        "export": Permission.EXPORT_PAY,
        "file": Permission.EXPORT_PAY,
    }
    serializer_class = PayBatchSerializer
    queryset = PayBatch.objects.all()
    lookup_field = "number"
    lookup_value_regex = r"[0-9]{4}-[0-9]{2}-[0-9]+"

    def get_queryset(self) -> QuerySet[PayBatch]:
        exports = BatchExport.objects.defer("content").order_by("format")
        files = Prefetch("exports", exports, to_attr="file_list")
        return (
            PayBatch.objects.annotate(total=Sum("lines__amount"), line_count=Count("lines"))
            .prefetch_related(files)
            .order_by("-period_on", "-number")
        )

    @extend_schema(request=LockRequest, responses={201: PayBatchSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Lock everything approved of sessions up to the end of the month."""
        form = LockRequest(data=request.data)
        form.is_valid(raise_exception=True)
        made = batches.lock(**form.validated_data, by=self.person, now=clock.now())
        return Response(self.read(made), status=201)

    @extend_schema(request=None, responses=PayBatchSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def export(self, request: Request, **kwargs: Any) -> Response:
        """Make the files, once."""
        batch = self.get_object()
        batches.export(batch, by=self.person, now=clock.now())
        return Response(self.read(batch))

    @extend_schema(
        parameters=[OpenApiParameter("form", str, OpenApiParameter.PATH, enum=["csv", "xlsx"])],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, url_path=r"files/(?P<form>csv|xlsx)")
    def file(self, request: Request, number: str, form: str) -> HttpResponse:
        """The stored bytes of one file."""
        found = BatchExport.objects.filter(batch__number=number, format=form).first()
        if found is None:
            raise Http404
        looks.note(FeeLine.objects.filter(batch=found.batch_id), viewer=self.person)
        kinds = {str(key): value for key, value in CONTENT_TYPES.items()}
        return HttpResponse(bytes(found.content), content_type=kinds[form])
