"""Plans a made-up period of a given size and prints how good the plan is."""

import json
import resource
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scheduling.benchmarks import checking
from scheduling.benchmarks.generator import generate
from scheduling.planner.compiled import Compiled
from scheduling.planner.planning import plan
from scheduling.planner.problem import Problem
from scheduling.planner.start import first_roster


class Command(BaseCommand):
    help = "Plans a made-up period, checks the plan and prints it as one line of JSON."
    requires_system_checks = []  # noqa: RUF012 - Django's own way to say that no database is needed

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--experts", type=int, default=50)
        parser.add_argument("--sessions", type=int, default=400)
        parser.add_argument("--regions", type=int, default=1)
        parser.add_argument("--seconds", type=float, default=10)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("experts", "sessions", "regions", "seconds"):
            if options[name] <= 0:
                raise CommandError(f"--{name} must be more than 0.")
        problem = generate(
            options["experts"],
            options["sessions"],
            seed=options["seed"],
            regions=options["regions"],
        )
        answer = measure(problem, seconds=options["seconds"], seed=options["seed"])
        size = {name: options[name] for name in ("experts", "sessions", "regions", "seed")}
        self.stdout.write(json.dumps({**size, **answer}))


def measure(problem: Problem, *, seconds: float, seed: int) -> dict[str, object]:
    """How good a plan is found in `seconds`; raises `CommandError` if it breaks a rule or is counted wrong."""
    found = plan(problem, seconds=seconds, seed=seed)
    broken = checking.broken_rules(problem, found.pairs)
    if broken:
        raise CommandError(f"The plan is wrong: {broken[0]}")
    if found.objective != checking.points(problem, found.pairs):
        raise CommandError("The plan's points are counted wrong.")
    return {
        "options": len(problem.options),
        "seats": sum(session.seats for session in problem.sessions),
        "filled": found.filled,
        "greedy": first_roster(Compiled(problem)).objective(),
        "objective": found.objective,
        "bound": found.bound,
        "gap_percent": round(100 * found.gap, 3),
        "seconds": round(found.seconds, 1),
        "repeatable": found.is_repeatable,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
