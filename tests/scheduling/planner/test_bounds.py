"""What is said to be a bound is one, and the tighter one is tighter."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings

from scheduling.benchmarks.generator import generate
from scheduling.planner import alone, planning
from scheduling.planner.alone import bound_alone
from scheduling.planner.compiled import Compiled
from scheduling.planner.formulation import formulate
from scheduling.planner.problem import Problem
from scheduling.planner.relaxation import Relaxed, least, relax
from scheduling.planner.search import Budget
from scheduling.planner.start import first_roster
from tests.scheduling.planner.small import best_points, problems


def relaxed(problem: Problem) -> Relaxed | None:
    given = Compiled(problem)
    return relax(formulate(first_roster(given), given.price), seconds=60)


def plenty() -> Budget:
    return Budget(seconds=600, work=600)


@pytest.mark.parametrize("near", [400, 0, -1])
@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(problem=problems())
def test_no_plan_is_below_what_people_alone_would_do(
    near: int, monkeypatch: pytest.MonkeyPatch, problem: Problem
) -> None:
    """Also when much or all that the relaxed plan leaves out is not looked at."""
    monkeypatch.setattr(alone, "_NEAR", near)
    found = relaxed(problem)
    assert found is not None

    tighter = bound_alone(found, plenty())

    assert tighter is not None
    assert tighter <= best_points(problem)
    if near > 0:
        assert tighter >= found.bound - len(problem.people)


def test_people_alone_know_more_than_fractions() -> None:
    found = relaxed(generate(60, 400, seed=5))
    assert found is not None

    tighter = bound_alone(found, plenty())

    assert tighter is not None
    assert tighter > found.bound + 500


def test_no_bound_without_the_time_for_it() -> None:
    found = relaxed(generate(30, 200, seed=5))
    assert found is not None

    budget = Budget(seconds=0.01, work=10)

    assert bound_alone(found, budget) is None
    assert budget.by_clock


def test_stop_is_heard_while_the_relaxation_computes() -> None:
    problem = generate(150, 1_500, seed=1)
    asked = count()

    answer = planning.plan(problem, seconds=600, seed=1, stop=lambda: next(asked) > 0)

    assert answer.was_stopped
    assert answer.bound == least(Compiled(problem))
