"""Plans a made-up period, lets one person fall out and prints how fast and how calmly it is planned again."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scheduling.benchmarks import checking, replanning
from scheduling.benchmarks.generator import generate
from scheduling.planner.planning import plan


class Command(BaseCommand):
    help = (
        "Plans a made-up period, takes out the person with most sessions and plans again; checks the new "
        "plan and prints as one line of JSON how long that took, what was refilled and what moved."
    )
    requires_system_checks = []  # noqa: RUF012 - Django's own way to say that no database is needed

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--experts", type=int, default=100)
        parser.add_argument("--sessions", type=int, default=1000)
        parser.add_argument("--seconds", type=float, default=10, help="For the plan before.")
        parser.add_argument("--limit", type=float, default=2, help="Seconds for planning again.")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--may-move", action="store_true", help="The others' sessions may move, at their price."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("experts", "sessions", "seconds", "limit"):
            if options[name] <= 0:
                raise CommandError(f"--{name} must be more than 0.")
        size = {name: options[name] for name in ("experts", "sessions", "seed")}
        answer = measure(
            experts=options["experts"],
            sessions=options["sessions"],
            seed=options["seed"],
            seconds=options["seconds"],
            limit=options["limit"],
            may_move=options["may_move"],
        )
        self.stdout.write(json.dumps({**size, **answer}))


def measure(
    *, experts: int, sessions: int, seed: int, seconds: float, limit: float, may_move: bool
) -> dict[str, object]:
    """`seconds` of the answer are those of planning again, from the problem to the plan.

    Raises `CommandError` if the new plan breaks a rule or is counted wrong.
    """
    problem = generate(experts, sessions, seed=seed)
    before = plan(problem, seconds=seconds, seed=seed).pairs
    person = replanning.busiest(before)
    changed = replanning.without(problem, before, person, may_move=may_move)
    started = time.monotonic()
    found = plan(changed, seconds=limit, seed=seed)
    took = time.monotonic() - started
    broken = checking.broken_rules(changed, found.pairs)
    if broken:
        raise CommandError(f"The plan is wrong: {broken[0]}")
    if found.objective != checking.points(changed, found.pairs):
        raise CommandError("The plan's points are counted wrong.")
    freed = {session for session, one in before if one == person}
    return {
        "fell_out": person,
        "freed": len(freed),
        "refilled": sum(pair[0] in freed for pair in set(found.pairs) - set(before)),
        "moved_others": len(changed.current - set(found.pairs)),
        "filled_before": len(before),
        "filled": found.filled,
        "objective": found.objective,
        "bound": found.bound,
        "seconds": round(took, 2),
    }
