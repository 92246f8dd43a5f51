"""The bound: the formulation with fractions allowed, solved by HiGHS (inside OR-Tools)."""

import datetime as dt
import math
from dataclasses import dataclass

from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from scheduling.planner.compiled import Compiled, Pair
from scheduling.planner.formulation import Formulation

_SLACK = 1e-6


@dataclass(frozen=True)
class Relaxed:
    """No plan has fewer points than `bound`. `part` is how much of each pair the relaxed plan takes,
    `more` how many points taking a whole pair that it leaves out costs at least."""

    bound: int
    part: dict[Pair, float]
    more: dict[Pair, float]


def least(given: Compiled) -> int:
    """A bound that needs no solving: each seat costs at least its cheapest person, or stays empty."""
    points = 0
    for at, session in enumerate(given.sessions):
        prices = [given.price[at, person] for person in given.who[at]]
        points += session.seats * min([given.empty[at], *prices])
    return points


def relax(formulation: Formulation, *, seconds: float) -> Relaxed | None:
    """None when the time was too short for a bound, or the solver could not."""
    model = mathopt.Model.from_model_proto(_model(formulation))
    limit = mathopt.SolveParameters(time_limit=dt.timedelta(seconds=seconds))
    try:
        result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=limit)
    except Exception:  # noqa: BLE001 - of whatever kind: a plan without a bound is better than none
        return None
    if result.termination.reason is not mathopt.TerminationReason.OPTIMAL:
        return None
    variables = list(model.variables())
    columns = formulation.column_of.items()
    values = result.variable_values(variables)
    more = [0.0] * len(
        variables
    )  # a problem without rows has no dual: nothing is known to cost more
    if result.has_dual_feasible_solution():
        more = result.reduced_costs(variables)
    return Relaxed(
        bound=math.ceil(
            result.objective_value() - _SLACK * max(1.0, abs(result.objective_value()))
        ),
        part={pair: values[at] for pair, at in columns},
        more={pair: more[at] for pair, at in columns},
    )


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
