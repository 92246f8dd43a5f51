"""Our planner beside greedy and beside Timefold: the same problems, the same time, one independent checker."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from scheduling.benchmarks import checking
from scheduling.planner.compiled import Compiled
from scheduling.planner.plan import pairs_of
from scheduling.planner.planning import plan
from scheduling.planner.problem import Problem
from scheduling.planner.start import first_roster

_JAVA = 17
"""The oldest Java that Timefold runs on."""


class WrongAnswer(Exception):
    """Somebody's plan breaks a rule, or its points are not what the checker counts."""


@dataclass(frozen=True, slots=True)
class Row:
    """What each came to on one problem; points, the fewer the better. `timefold` is None where it is missing."""

    seed: int
    ours: int
    greedy: int
    timefold: int | None
    bound: int
    seats: int
    ours_filled: int
    greedy_filled: int
    timefold_filled: int | None
    ours_seconds: float

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def missing_for_timefold() -> str | None:
    """Why Timefold cannot run here, in a few words; None when it can."""
    version = _java_version()
    if version is None:
        return "there is no Java here"
    if version < _JAVA:
        return f"Java {version} is too old, {_JAVA} is needed"
    if importlib.util.find_spec("timefold") is None:
        return "the package is not installed (uv sync --group timefold)"
    return None


def _java_version() -> int | None:
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    if java is None:
        return None
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', told.stderr)
    return int(found.group(1)) if found else None


def compare(problem: Problem, *, seed: int, seconds: float, with_timefold: bool) -> Row:
    """One problem solved by each; raises `WrongAnswer` when one of the answers does not hold."""
    compiled = Compiled(problem)
    greedy = pairs_of(first_roster(compiled))
    ours = plan(problem, seconds=seconds, seed=seed)
    theirs = by_timefold(problem, seconds=seconds) if with_timefold else None
    if ours.objective != (points := _points(problem, ours.pairs, "Our")):
        raise WrongAnswer(f"Our plan says {ours.objective} points, the checker {points}")
    return Row(
        seed=seed,
        ours=points,
        greedy=_points(problem, greedy, "Greedy's"),
        timefold=None if theirs is None else _points(problem, theirs, "Timefold's"),
        bound=ours.bound,
        seats=sum(session.seats for session in problem.sessions),
        ours_filled=ours.filled,
        greedy_filled=len(greedy),
        timefold_filled=None if theirs is None else len(theirs),
        ours_seconds=round(ours.seconds, 2),
    )


def by_timefold(problem: Problem, *, seconds: float) -> Sequence[tuple[int, int]]:
    """Pairs of session and person; starts Java. Raises `WrongAnswer` when the points it made small are not ours,
    which is also what a time too short for its first plan looks like.
    """
    from scheduling.benchmarks import timefold_side  # noqa: PLC0415 - importing it starts Java

    try:
        return timefold_side.solve(problem, seconds=seconds)
    except timefold_side.WrongScore as error:
        raise WrongAnswer(str(error)) from error


def _points(problem: Problem, pairs: Sequence[tuple[int, int]], whose: str) -> int:
    broken = checking.broken_rules(problem, pairs)
    if broken:
        raise WrongAnswer(f"{whose} plan is wrong: {broken[0]}")
    return checking.points(problem, pairs)


def summary(rows: Sequence[Row]) -> dict[str, object]:
    """Of so many seeds, the share where ours is equal or better than each; None for who did not take part."""
    beside = [row for row in rows if row.timefold is not None]
    at_least = [row for row in beside if row.timefold is not None and row.ours <= row.timefold]
    return {
        "seeds": len(rows),
        "proven_best": _share(sum(row.ours == row.bound for row in rows), len(rows)),
        "not_worse_than_greedy": _share(sum(row.ours <= row.greedy for row in rows), len(rows)),
        "not_worse_than_timefold": _share(len(at_least), len(beside)),
        "points": {
            "ours": sum(row.ours for row in rows),
            "greedy": sum(row.greedy for row in rows),
            "timefold": sum(row.timefold or 0 for row in beside) if beside else None,
        },
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
