"""Allowed moves of fee lines and pay batches; docs/states.md is drawn from these."""

from billing.models import BatchState, FeeLineState
from coordination.transitions import Transitions

FEE_LINE = Transitions(
    machine="fee line",
    states=FeeLineState,
    initial=(FeeLineState.OPEN,),
    moves={
        FeeLineState.OPEN: {FeeLineState.APPROVED: "approve", FeeLineState.REVERSED: "reverse"},
        FeeLineState.APPROVED: {
            FeeLineState.OPEN: "take back approval",
            FeeLineState.EXPORTED: "export",
            FeeLineState.REVERSED: "reverse",
        },
        FeeLineState.EXPORTED: {},
        FeeLineState.REVERSED: {},
    },
)

BATCH = Transitions(
    machine="pay batch",
    states=BatchState,
    initial=(BatchState.OPEN,),
    moves={
        BatchState.OPEN: {BatchState.LOCKED: "lock"},
        BatchState.LOCKED: {BatchState.EXPORTED: "export"},
        BatchState.EXPORTED: {},
    },
)
