"""Staffs published instances with as few people as possible and prints what was found, a line each."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scheduling.benchmarks import checking, smptsp
from scheduling.planner.fewest import NobodyCan, fewest_people


class Command(BaseCommand):
    help = (
        "Staffs each instance of shift minimisation personnel task scheduling with as few people as can be "
        "found in the time given, checks the answer and prints it as one line of JSON."
    )
    requires_system_checks = []  # noqa: RUF012 - Django's own way to say that no database is needed

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="+", type=Path)
        parser.add_argument(
            "--seconds", type=float, default=60, help="The longest for each instance."
        )
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seconds"] <= 0:
            raise CommandError("--seconds must be more than 0.")
        for path in options["file"]:
            try:
                instance = smptsp.read(path)
                answer = solve(instance, seconds=options["seconds"], seed=options["seed"])
            except (OSError, smptsp.NoInstance, NobodyCan) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(json.dumps(answer))
            self.stdout.flush()


def solve(instance: smptsp.Instance, *, seconds: float, seed: int) -> dict[str, object]:
    """One line of the table; raises `CommandError` if the answer does not hold."""
    started = time.monotonic()
    found = fewest_people(
        instance.spans,
        instance.qualified,
        seed=seed,
        out_of_time=lambda: time.monotonic() - started > seconds,
    )
    took = time.monotonic() - started
    broken = checking.broken_staffing(instance.spans, instance.qualified, found.by)
    broken += checking.broken_crowd(instance.spans, instance.qualified, found.crowd)
    if broken:
        raise CommandError(f"{instance.name}: the answer is wrong: {broken[0]}")
    return {
        "instance": instance.name,
        "people": found.people,
        "lower_bound": found.bound,
        "seconds": round(took, 2),
    }
