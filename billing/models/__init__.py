"""The money: rules with dates, lines that are only added, batches that never change."""

from billing.models.batches import BatchExport, BatchState, PayBatch
from billing.models.fees import FeeBasis, FeeLine, FeeLineState, FeeRule

__all__ = [
    "BatchExport",
    "BatchState",
    "FeeBasis",
    "FeeLine",
    "FeeLineState",
    "FeeRule",
    "PayBatch",
]
