"""The organisation's own weights. Each change is audited; a run keeps those it was started with."""

from collections.abc import Mapping

from coordination.models import User
from coordination.transactions import one_transaction
from scheduling.models import PlanDefaults
from scheduling.services.plan_runs import checked_weights


def current() -> dict[str, int]:
    """All weights by name; the planner's own until somebody has chosen others."""
    row = PlanDefaults.objects.filter(pk=PlanDefaults.ONLY).first()
    return row.weights if row else usual()


@one_transaction
def save(weights: Mapping[str, int], *, by: User) -> None:
    """These weights for every run to come. Raises Refused `bad_weights`."""
    wanted = checked_weights(weights)
    PlanDefaults.objects.update_or_create(pk=PlanDefaults.ONLY, defaults=wanted)


def usual() -> dict[str, int]:
    """The planner's own weights."""
    return PlanDefaults().weights
