"""Our problem as a user of Timefold would write it in its Python, for the side-by-side benchmark only.

Imported only where Timefold and Java are there: the decorators start the Java machine.

What is done so that the comparison is fair:

- One planning entity a seat; the variable is the person, from the seat's own options (an entity's value range),
  and may stay unassigned. Hard: what one person cannot do together, weeks, months. Soft: exactly the points of
  `planner/costs.py`, so that its answer's points, counted by our checker, compare with ours.
- Everything that needs no search is worked out beforehand, as its manual advises: which sessions exclude each
  other (times, travel, rest), what each pair costs, what each load costs. Constraints only look it up, joins are
  by equal keys, and weeks, months, loads, series and heavy days are grouped with collectors, so all of them are
  counted step by step.
- Its default solver: construction heuristic, then late acceptance with change and swap moves. Seats come hardest
  first (dearest empty, fewest options), which makes the construction heuristic first fit decreasing. Assertions
  are off (`NO_ASSERT`). Moves in several threads belong to its paid edition; Java's own compiler and garbage
  collector have the other core.
- Keys are texts, not numbers: numbers of its Python are slow to hash, with texts it tries several times as many
  moves a second.
- Its time counts from its solver's start: the start of Java, translating the constraints, handing the model over
  and reading the answer are not counted, and the command lets it solve another problem first, because Java
  compiles while it runs.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any

from timefold.solver import SolverFactory
from timefold.solver.config import (
    Duration,
    EnvironmentMode,
    ScoreDirectorFactoryConfig,
    SolverConfig,
    SolverConfigOverride,
    TerminationConfig,
)
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningPin,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)

from scheduling.benchmarks.checking import points
from scheduling.planner import costs
from scheduling.planner.compiled import Compiled
from scheduling.planner.problem import Problem
from scheduling.planner.rules import bits

_NO_LIMIT = 10**9

# What it tells of its own course is no result.
logging.getLogger("timefold.solver").setLevel(logging.WARNING)


class WrongScore(Exception):
    """The model here and our checker do not count the same points: the comparison would mean nothing."""


@dataclass(eq=False)
class Worker:
    """A person: how much room there is, what a load costs."""

    id: Annotated[str, PlanningId]
    rest: str
    week_room: dict[str, int]
    month_room: dict[str, int]
    load_price: list[int]
    """Points of so many quarters of an hour in all."""


@dataclass(eq=False)
class HeavyRun:
    """A heavy session in the run of heavy sessions that begins on a day."""

    shift: str
    day: str
    points: int


@dataclass(eq=False)
class Shift:
    """What is known of a session; `excludes` are those one cannot do besides, by minutes of rest wanted."""

    id: Annotated[str, PlanningId]
    week: str
    month: str
    minutes: int
    quarters: int
    series: str
    is_heavy: bool
    empty_points: int
    face_points: int
    moved_points: int
    prices: dict[str, int]
    excludes: dict[str, set[str]]
    promised: set[str]


@planning_entity
@dataclass(eq=False)
class Seat:
    id: Annotated[str, PlanningId]
    shift: Shift
    is_pinned: Annotated[bool, PlanningPin]
    options: Annotated[list[Worker], ValueRangeProvider]
    worker: Annotated[Worker | None, PlanningVariable(allows_unassigned=True)] = field(default=None)


@planning_solution
@dataclass
class Rota:
    workers: Annotated[list[Worker], ProblemFactCollectionProperty]
    runs: Annotated[list[HeavyRun], ProblemFactCollectionProperty]
    seats: Annotated[list[Seat], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)


def rules_and_wishes(factory: ConstraintFactory) -> list[Constraint]:
    return [
        factory.for_each_unique_pair(Seat, Joiners.equal(lambda seat: seat.worker))
        .filter(lambda one, other: other.shift.id in one.shift.excludes[one.worker.rest])
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("one at a time"),
        factory.for_each(Seat)
        .group_by(
            lambda seat: seat.worker,
            lambda seat: seat.shift.week,
            ConstraintCollectors.sum(lambda seat: seat.shift.minutes),
        )
        .filter(lambda worker, week, done: done > worker.week_room[week])
        .penalize(HardSoftScore.ONE_HARD, lambda worker, week, done: done - worker.week_room[week])
        .as_constraint("hours a week"),
        factory.for_each(Seat)
        .group_by(
            lambda seat: seat.worker, lambda seat: seat.shift.month, ConstraintCollectors.count()
        )
        .filter(lambda worker, month, done: done > worker.month_room[month])
        .penalize(
            HardSoftScore.ONE_HARD, lambda worker, month, done: done - worker.month_room[month]
        )
        .as_constraint("sessions a month"),
        factory.for_each_including_unassigned(Seat)
        .filter(lambda seat: seat.worker is None)
        .penalize(HardSoftScore.ONE_SOFT, lambda seat: seat.shift.empty_points)
        .as_constraint("empty seat"),
        factory.for_each(Seat)
        .penalize(HardSoftScore.ONE_SOFT, lambda seat: seat.shift.prices[seat.worker.id])
        .as_constraint("distance, wishes, supervision, familiar faces"),
        factory.for_each(Seat)
        .filter(lambda seat: seat.worker.id in seat.shift.promised)
        .reward(HardSoftScore.ONE_SOFT, lambda seat: seat.shift.moved_points)
        .as_constraint("promised"),
        factory.for_each(Seat)
        .group_by(
            lambda seat: seat.worker, ConstraintCollectors.sum(lambda seat: seat.shift.quarters)
        )
        .penalize(HardSoftScore.ONE_SOFT, lambda worker, done: worker.load_price[done])
        .as_constraint("even share"),
        factory.for_each(Seat)
        .filter(lambda seat: seat.shift.series != "")
        .group_by(
            lambda seat: seat.shift.series,
            lambda seat: seat.worker,
            ConstraintCollectors.max(lambda seat: seat.shift.face_points),
        )
        .penalize(HardSoftScore.ONE_SOFT, lambda series, worker, points: points)
        .as_constraint("new face in a series"),
        factory.for_each(Seat)
        .filter(lambda seat: seat.shift.is_heavy)
        .join(HeavyRun, Joiners.equal(lambda seat: seat.shift.id, lambda run: run.shift))
        .group_by(
            lambda seat, run: seat.worker,
            lambda seat, run: run.day,
            ConstraintCollectors.sum(lambda seat, run: run.points),
            ConstraintCollectors.max(lambda seat, run: run.points),
        )
        .filter(lambda worker, day, points, each: points > each)
        .penalize(HardSoftScore.ONE_SOFT, lambda worker, day, points, each: points - each)
        .as_constraint("heavy sessions too soon"),
    ]


def modelled(given: Compiled) -> Rota:
    """The problem with its tables; seats of no option are left out, they stay empty in any plan."""
    workers = [_worker(given, at) for at in range(len(given.people))]
    pinned: dict[int, list[int]] = defaultdict(list)
    for session_at, person_at in sorted(given.pinned):
        pinned[session_at].append(person_at)
    hardest = sorted(
        range(len(given.sessions)), key=lambda at: (-given.empty[at], len(given.who[at]), at)
    )
    seats: list[Seat] = []
    for at in hardest:
        shift = _shift(given, at)
        options = [workers[p] for p in given.who[at]]
        for number in range(given.sessions[at].seats if options else 0):
            held = workers[pinned[at][number]] if number < len(pinned[at]) else None
            seats.append(Seat(str(len(seats)), shift, held is not None, options, held))
    return Rota(workers=workers, runs=_runs(given), seats=seats)


def _shift(given: Compiled, at: int) -> Shift:
    session = given.sessions[at]
    one_of = {person.rest_minutes: who for who, person in enumerate(given.people)}
    return Shift(
        id=str(session.id),
        week=str(session.week),
        month=str(session.month),
        minutes=session.minutes,
        quarters=given.length[at],
        series="" if session.series is None else str(session.series),
        is_heavy=session.is_heavy,
        empty_points=given.empty[at],
        face_points=given.new_face,
        moved_points=costs.moved(given.problem.weights),
        prices={str(given.people[p].id): given.price[at, p] for p in given.who[at]},
        excludes={
            str(rest): {str(given.sessions[s].id) for s in bits(given.clash_of(who)[at] | 1 << at)}
            for rest, who in one_of.items()
        },
        promised={str(given.people[p].id) for p in given.who[at] if (at, p) in given.current},
    )


def _worker(given: Compiled, at: int) -> Worker:
    person = given.people[at]
    mine = [given.sessions[s] for s in bits(given.may[at])]
    prices = [0]
    # While it searches somebody may sit on every seat of a session at once.
    most = sum(costs.quarters(session.minutes) * session.seats for session in mine)
    for step in costs.load_steps(person, given.problem.weights, most):
        prices += [prices[-1] + step.each * (more + 1) for more in range(step.quarters)]
    week_left, month_left = given.week_left[at], given.month_left[at]
    return Worker(
        id=str(person.id),
        rest=str(person.rest_minutes),
        week_room={str(s.week): week_left.get(s.week, _NO_LIMIT) for s in mine},
        month_room={str(s.month): month_left.get(s.month, _NO_LIMIT) for s in mine},
        load_price=prices,
    )


def _runs(given: Compiled) -> list[HeavyRun]:
    each = costs.too_soon(given.problem.weights)
    return [
        HeavyRun(str(given.sessions[s].id), str(day), each)
        for day, run in enumerate(given.heavy_runs)
        for s in run
        if each
    ]


@cache
def _factory() -> Any:
    """Made once: what Java has compiled of the constraints serves every problem."""
    return SolverFactory.create(
        SolverConfig(
            solution_class=Rota,
            entity_class_list=[Seat],
            environment_mode=EnvironmentMode.NO_ASSERT,
            score_director_factory_config=ScoreDirectorFactoryConfig(
                constraint_provider_function=constraint_provider(rules_and_wishes)
            ),
        )
    )


def solve(problem: Problem, *, seconds: float) -> list[tuple[int, int]]:
    """Pairs of session and person, as good as Timefold finds in `seconds` of solving.

    Raises `WrongScore` when what it made small is not what the checker counts.
    """
    given = Compiled(problem)
    limit = TerminationConfig(spent_limit=Duration(milliseconds=round(1000 * seconds)))
    solver = _factory().build_solver(SolverConfigOverride(termination_config=limit))
    rota = solver.solve(modelled(given))
    pairs = sorted(
        (int(seat.shift.id), int(seat.worker.id)) for seat in rota.seats if seat.worker is not None
    )
    beside = sum(
        given.empty[at] * session.seats
        for at, session in enumerate(given.sessions)
        if not given.who[at]
    )
    beside += costs.moved(problem.weights) * len(given.current)
    if rota.score.hard_score or beside - rota.score.soft_score != points(problem, pairs):
        raise WrongScore(f"Timefold: {rota.score}, {beside}; counted {points(problem, pairs)}")
    return pairs
