"""Calendar addresses: one's own, made and renewed and ended. The address itself is told once and kept nowhere."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import idempotent
from api.serializers.fields import Scoped
from api.views.base import ApiView
from coordination import clock
from coordination.models import Unit
from coordination.permissions import Permission
from experts.models import Expert, ExpertStatus
from scheduling.feeds import page, tokens
from scheduling.models import FeedToken


class FeedAddressSerializer(serializers.ModelSerializer[FeedToken]):
    """An address in force; its secret cannot be read back."""

    class Meta:
        model = FeedToken
        fields = ("id", "expert", "unit", "created_at", "last_fetched_at", "last_reader")


class FeedRequest(serializers.Serializer[Any]):
    """Whose calendar: a unit's, or one's own when left out.

    `instead_of`: the address one has and wants to be renewed; the old one ends at once.
    """

    unit = Scoped(queryset=Unit.objects.all(), required=False, allow_null=True, default=None)
    instead_of = serializers.IntegerField(
        min_value=1, required=False, allow_null=True, default=None
    )


class NewAddressSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    address = serializers.CharField(help_text="Told once; who has it reads the calendar.")


class Feeds(ListModelMixin, RetrieveModelMixin, ApiView):
    permissions = {
        "list": Permission.SUBSCRIBE_FEED,
        "retrieve": Permission.SUBSCRIBE_FEED,
        "create": Permission.SUBSCRIBE_FEED,
        "destroy": Permission.SUBSCRIBE_FEED,
    }
    serializer_class = FeedAddressSerializer
    queryset = FeedToken.objects.all()

    def get_queryset(self) -> QuerySet[FeedToken]:
        units = Unit.objects.visible_to(self.person)
        own = Q(expert__user=self.person) | Q(unit__in=units, made_by=self.person)
        return FeedToken.objects.filter(own, revoked_at__isnull=True).order_by("id")

    @extend_schema(request=FeedRequest, responses={201: NewAddressSerializer})
    def create(self, request: Request) -> Response:
        """Make or renew an address.

        No idempotency key here: its stored answer would keep the secret. `instead_of` does the
        same: asked twice, the second is refused with `feed_changed`.
        """
        form = FeedRequest(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        unit, before = form.validated_data["unit"], form.validated_data["instead_of"]
        calendar = page.unit_calendar(unit) if unit else page.own_calendar(self._own_expert())
        with transaction.atomic():
            secret = tokens.issue(
                calendar.owner, instead_of=before, by=self.person, now=clock.now()
            )
            made = self.get_queryset().get(token_hash=tokens.hash_of(secret))
        answer = {"id": made.pk, "address": page.address(calendar, secret).https}
        return Response(answer, status=201, headers={"Cache-Control": "private, no-store"})

    def _own_expert(self) -> Expert:
        """Who has ended has no calendar any more."""
        at_work = Expert.objects.exclude(status=ExpertStatus.ENDED)
        return get_object_or_404(at_work, user=self.person)

    @idempotent
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """The address stops working at once."""
        found = self.get_object()
        owner = found.expert or found.unit
        tokens.revoke(owner, by=self.person, now=clock.now())
        return Response(status=204)
