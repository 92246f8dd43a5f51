"""CP-SAT: the best of a formulation, or the best found in the time given."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduling.planner.compiled import Pair
from scheduling.planner.formulation import Formulation


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs chosen among the free ones; `points` and `bound` are those of the formulation."""

    pairs: frozenset[Pair]
    points: int
    bound: int
    is_best: bool
    work: float
    """Deterministic time spent, about a second of one core each."""
    by_clock: bool
    """The clock, not the work, ended the search: another run may end elsewhere."""


LOOK_EVERY = 0.2
"""Seconds between two questions whether to give up."""


def solve(
    formulation: Formulation,
    *,
    work: float,
    seconds: float,
    seed: int,
    stop: Callable[[], bool] = lambda: False,
) -> Found | None:
    """The best within `work` (repeatable) and `seconds` (not), or until `stop` says yes; None if nothing was found."""
    model = _model(formulation)
    solver = cp_model.CpSolver()
    settings = solver.parameters
    settings.num_workers = 1
    settings.random_seed = seed
    settings.max_deterministic_time = work
    settings.max_time_in_seconds = max(0.05, seconds)
    settings.linearization_level = 2
    with _watched(solver, stop):
        status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    values = solver.response_proto.solution
    chosen = frozenset(pair for pair, at in formulation.column_of.items() if values[at])
    spent = solver.response_proto.deterministic_time
    return Found(
        pairs=chosen,
        points=round(solver.objective_value),
        bound=round(solver.best_objective_bound),
        is_best=status == cp_model.OPTIMAL,
        work=spent,
        by_clock=status != cp_model.OPTIMAL and spent < 0.9 * work,
    )


@contextmanager
def _watched(solver: cp_model.CpSolver, stop: Callable[[], bool]) -> Iterator[None]:
    """While it computes, somebody asks for it whether to give up."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(LOOK_EVERY):
            if stop():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _model(formulation: Formulation) -> cp_model.CpModel:
    """Written straight into the model's own form: half the time of one expression after another."""
    model = cp_model.CpModel()
    ids = range(len(formulation.upper))
    for upper in formulation.upper:
        model.proto.variables.add().domain.extend([0, upper])
    for row in formulation.rows:
        linear = model.proto.constraints.add().linear
        linear.vars.extend(row.columns)
        linear.coeffs.extend(row.coefficients)
        linear.domain.extend([row.low, row.high])
    model.proto.solution_hint.vars.extend(ids)
    model.proto.solution_hint.values.extend(formulation.start)
    model.proto.objective.vars.extend(ids)
    model.proto.objective.coeffs.extend(formulation.cost)
    model.proto.objective.offset = formulation.offset
    return model
