"""The bound: the formulation with fractions allowed, solved by HiGHS (inside OR-Tools)."""

import datetime as dt
import math
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from scheduling.planner.compiled import Compiled, Pair
from scheduling.planner.exact import LOOK_EVERY
from scheduling.planner.formulation import Formulation

_SLACK = 1e-6


@dataclass(frozen=True)
class Relaxed:
    """No plan has fewer points than `bound`. By column of the formulation: how much the relaxed plan takes,
    and what one more of it costs at least; a problem without rows knows nothing of that, and says 0."""

    formulation: Formulation
    bound: int
    values: list[float]
    reduced: list[float]

    @cached_property
    def part(self) -> dict[Pair, float]:
        """How much of each pair the relaxed plan takes."""
        return {pair: self.values[at] for pair, at in self.formulation.column_of.items()}

    @cached_property
    def more(self) -> dict[Pair, float]:
        """How many points taking a whole pair that the relaxed plan leaves out costs at least."""
        return {pair: self.reduced[at] for pair, at in self.formulation.column_of.items()}

    def worth(self, session: int) -> float:
        """What the relaxed plan pays to fill one more seat of the session: never more than an empty seat costs."""
        empty = self.formulation.empty_of[session]
        return self.formulation.cost[empty] - max(0.0, self.reduced[empty])


def least(given: Compiled) -> int:
    """A bound that needs no solving: each seat costs at least its cheapest person, or stays empty."""
    points = 0
    for at, session in enumerate(given.sessions):
        prices = [given.price[at, person] for person in given.who[at]]
        points += session.seats * min([given.empty[at], *prices])
    return points


def relax(
    formulation: Formulation, *, seconds: float, stop: Callable[[], bool] = lambda: False
) -> Relaxed | None:
    """None when the time was too short for a bound, the solver could not, or `stop` said yes."""
    model = mathopt.Model.from_model_proto(_model(formulation))
    limit = mathopt.SolveParameters(
        time_limit=dt.timedelta(seconds=seconds), presolve=mathopt.Emphasis.OFF
    )
    result = _unless(stop, lambda: mathopt.solve(model, mathopt.SolverType.HIGHS, params=limit))
    if result is None:
        return None
    if result.termination.reason is not mathopt.TerminationReason.OPTIMAL:
        return None
    variables = list(model.variables())
    reduced = [0.0] * len(variables)
    if result.has_dual_feasible_solution():
        reduced = result.reduced_costs(variables)
    points = result.objective_value()
    return Relaxed(
        formulation=formulation,
        bound=math.ceil(points - _SLACK * max(1.0, abs(points))),
        values=result.variable_values(variables),
        reduced=reduced,
    )


def _unless(
    stop: Callable[[], bool], solve: Callable[[], mathopt.SolveResult]
) -> mathopt.SolveResult | None:
    """HiGHS inside OR-Tools takes no interruption: after `stop` it goes on to its end, and nobody
    listens. No daemon: a process that ends under a computing thread is torn down with an error."""
    results: list[mathopt.SolveResult] = []

    def work() -> None:
        # of whatever kind an error is: a plan without a bound is better than none
        with suppress(Exception):
            results.append(solve())

    worker = threading.Thread(target=work)
    worker.start()
    while worker.is_alive():
        worker.join(LOOK_EVERY)
        if worker.is_alive() and stop():
            return None
    return results[0] if results else None


def _model(formulation: Formulation) -> model_pb2.ModelProto:
    model = model_pb2.ModelProto()
    ids = range(len(formulation.upper))
    model.variables.ids.extend(ids)
    model.variables.lower_bounds.extend([0.0] * len(ids))
    model.variables.upper_bounds.extend(float(u) for u in formulation.upper)
    model.variables.integers.extend([False] * len(ids))
    priced = [at for at in ids if formulation.cost[at]]
    model.objective.offset = float(formulation.offset)
    model.objective.linear_coefficients.ids.extend(priced)
    model.objective.linear_coefficients.values.extend(float(formulation.cost[at]) for at in priced)
    model.linear_constraints.ids.extend(range(len(formulation.rows)))
    model.linear_constraints.lower_bounds.extend(float(row.low) for row in formulation.rows)
    model.linear_constraints.upper_bounds.extend(float(row.high) for row in formulation.rows)
    matrix = model.linear_constraint_matrix
    for number, row in enumerate(formulation.rows):
        for column, coefficient in sorted(zip(row.columns, row.coefficients, strict=True)):
            matrix.row_ids.append(number)
            matrix.column_ids.append(column)
            matrix.coefficients.append(float(coefficient))
    return model
