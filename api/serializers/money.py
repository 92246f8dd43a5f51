"""Fee rules, fee lines, batches."""

from typing import Any

from rest_framework import serializers

from api.serializers.fields import Day, Euros
from billing.models import FeeLine, FeeRule, PayBatch


class FeeRuleSerializer(serializers.ModelSerializer[FeeRule]):
    amount = Euros(min_value=0, max_value=999_999)
    starts_on = Day()

    class Meta:
        model = FeeRule
        fields = ("id", "kind", "basis", "amount", "income_type", "starts_on", "ends_on")
        read_only_fields = ("ends_on",)


class FeeLineSerializer(serializers.ModelSerializer[FeeLine]):
    amount = Euros(read_only=True)
    rate = Euros(read_only=True)
    batch = serializers.CharField(source="batch.number", read_only=True, default=None)

    class Meta:
        model = FeeLine
        fields = (
            *("id", "state", "assignment", "expert", "kind", "unit", "session_on"),
            *("basis", "rate", "minutes", "amount", "income_type", "payer_name", "cost_centre"),
            *("project", "reverses", "corrects", "batch", "approved_at"),
        )


class ApproveRequest(serializers.Serializer[Any]):
    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62),
        allow_empty=False,
        max_length=1000,
    )


class ApprovedSerializer(serializers.Serializer[Any]):
    approved = serializers.IntegerField()
    moved = serializers.IntegerField(
        help_text="Lines left open because their payer has changed since they were seen."
    )


class CorrectionRequest(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(min_value=1, max_value=1440)


class LockRequest(serializers.Serializer[Any]):
    """The month to lock: any day in it."""

    period_on = Day()


class BatchFileSerializer(serializers.Serializer[Any]):
    format = serializers.CharField()
    sha256 = serializers.CharField()


class PayBatchSerializer(serializers.ModelSerializer[PayBatch]):
    total = Euros(read_only=True)
    lines = serializers.IntegerField(source="line_count", read_only=True)
    files = BatchFileSerializer(many=True, read_only=True, source="file_list")

    class Meta:
        model = PayBatch
        fields = ("number", "period_on", "state", "locked_at", "exported_at", "total", "lines", "files")  # fmt: skip
