"""A run of the planner without a worker: the same functions, one after the other."""

import datetime as dt
from typing import Any

from experts.models import Expert
from scheduling.models import PlanRun, Session
from scheduling.services import plan_runs, plan_work
from tests.cast import Cast
from tests.scheduling.makers import NOW, make_experts, make_session

FIRST, LAST = dt.date(2027, 3, 1), dt.date(2027, 3, 31)


def make_sessions(cast: Cast, count: int, **fields: Any) -> list[Session]:
    """So many lobby shifts in Sastamala, one a weekday from 8 March on."""
    days = [dt.date(2027, 3, 8) + dt.timedelta(days=n) for n in range(60)]
    weekdays = [day for day in days if day.weekday() < 5]
    return [make_session(cast.sastamala, f"{day} 09:30", **fields) for day in weekdays[:count]]


def make_people(cast: Cast, count: int) -> list[Expert]:
    kinds = [kind for kind in cast.kinds.values() if not kind.with_minors]
    return make_experts(count, units=[cast.sastamala.unit], kinds=kinds)


def start(cast: Cast, **fields: Any) -> PlanRun:
    values = {"starts_on": FIRST, "ends_on": LAST, "weights": {}, "seconds": 5, "now": NOW}
    return plan_runs.start(**{**values, "by": cast.coordinator, **fields})


def run(cast: Cast, **fields: Any) -> PlanRun:
    """A finished run."""
    made = start(cast, **fields)
    for part in plan_work.prepare(made.pk, now=NOW):
        plan_work.plan_part(part, now=NOW)
    made.refresh_from_db()
    return made
