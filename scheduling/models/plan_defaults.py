"""What counts how much in a plan, unless a run says otherwise: one row for the organisation."""

from functools import reduce
from operator import and_
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.history import tracked
from scheduling.planner.problem import Weights


def _weight(label: Any, usual: int) -> "models.PositiveSmallIntegerField[Any, Any]":
    return models.PositiveSmallIntegerField(label, default=usual)


def _within(name: str) -> Q:
    return Q(**{f"{name}__range": (Weights.lowest(name), Weights.HIGHEST)})


@tracked()
class PlanDefaults(models.Model):
    """The weights from which the form of a run starts; without a row the planner's own."""

    ONLY = 1

    fill = _weight(_("Fill seats"), Weights().fill)
    share = _weight(_("Share evenly"), Weights().share)
    continuity = _weight(_("Same faces"), Weights().continuity)
    distance = _weight(_("Short trips"), Weights().distance)
    wishes = _weight(_("Asked first"), Weights().wishes)
    supervision = _weight(_("Supervision up to date"), Weights().supervision)
    gap = _weight(_("Days between"), Weights().gap)
    change = _weight(_("Keep what was agreed"), Weights().change)

    class Meta:
        verbose_name_plural = "plan defaults"
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="plan_defaults_one_row"),
            models.CheckConstraint(
                condition=reduce(and_, [_within(name) for name in Weights.__slots__]),
                name="plan_defaults_from_0_to_10",
            ),
        )

    def __str__(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in self.weights.items())

    @property
    def weights(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in Weights.__slots__}
