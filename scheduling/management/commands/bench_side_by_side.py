"""Solves made-up periods with our planner, with greedy and with Timefold, and prints who came how far."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scheduling.benchmarks import side_by_side
from scheduling.benchmarks.generator import generate

_WARM_UP = 5.0
"""Seconds at least on a problem that does not count: Java compiles while it runs."""


class Command(BaseCommand):
    help = (
        "Solves made-up periods with our planner, with greedy and, where Java and the package are there, with "
        "Timefold in the same time; checks every plan and prints a line of JSON for each seed and one of all."
    )
    requires_system_checks = []  # noqa: RUF012 - Django's own way to say that no database is needed

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--experts", type=int, default=40)
        parser.add_argument("--sessions", type=int, default=300)
        parser.add_argument("--seconds", type=float, default=5, help="For each, on each seed.")
        parser.add_argument("--seeds", type=int, default=40, help="How many.")
        parser.add_argument("--seed", type=int, default=1, help="The first.")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("experts", "sessions", "seconds", "seeds"):
            if options[name] <= 0:
                raise CommandError(f"--{name} must be more than 0.")
        size, seconds = (options["experts"], options["sessions"]), options["seconds"]
        missing = side_by_side.missing_for_timefold()
        if missing:
            self.stderr.write(f"Without Timefold: {missing}.")
        else:
            before = generate(*size, seed=options["seed"] - 1)
            side_by_side.by_timefold(before, seconds=max(seconds, _WARM_UP))
        rows = []
        for seed in range(options["seed"], options["seed"] + options["seeds"]):
            rows.append(self._row(size, seconds, seed, with_timefold=not missing))
            self._say(rows[-1].as_json())
        shape = {name: options[name] for name in ("experts", "sessions", "seconds")}
        self._say({**shape, **side_by_side.summary(rows), "without_timefold": missing})

    def _row(
        self, size: tuple[int, int], seconds: float, seed: int, *, with_timefold: bool
    ) -> side_by_side.Row:
        try:
            return side_by_side.compare(
                generate(*size, seed=seed), seed=seed, seconds=seconds, with_timefold=with_timefold
            )
        except side_by_side.WrongAnswer as error:
            raise CommandError(f"Seed {seed}: {error}") from error

    def _say(self, line: dict[str, object]) -> None:
        self.stdout.write(json.dumps(line))
        self.stdout.flush()
