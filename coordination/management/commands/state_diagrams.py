"""Draws docs/states.md from the tables of moves, so that the picture and the code are the same thing."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.module_loading import autodiscover_modules

from coordination.transitions import Transitions, all_machines

HEAD = """# States

Drawn by `python manage.py state_diagrams` from the tables in `<package>/transitions.py`; do not edit.
`make check` fails when this page and the tables differ. An arrow names the service function that makes
the move; what else must be true is in that function.
"""


class Command(BaseCommand):
    help = "Writes docs/states.md from the transition tables; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="fail when docs/states.md is stale"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "states.md"
        drawn = draw()
        if check:
            if not page.exists() or page.read_text(encoding="utf-8") != drawn:
                raise CommandError(
                    "docs/states.md is stale: run `python manage.py state_diagrams`."
                )
            return
        page.write_text(drawn, encoding="utf-8")
        self.stdout.write(f"{page.name}: {len(all_machines())} diagrams")


def draw() -> str:
    """The whole page, from every package's tables, with the words of the source language."""
    autodiscover_modules("transitions", "register_import.transitions")
    with translation.override("en"):
        return "\n".join([HEAD, *(diagram(machine) for machine in all_machines())])


def diagram(machine: Transitions) -> str:
    """One machine as a Mermaid state diagram with its heading."""
    lines = [
        f"## {machine.machine.replace('_', ' ').capitalize()}",
        "",
        "```mermaid",
        "stateDiagram-v2",
    ]
    lines += [f"    {_id(state)}: {machine.label(state)}" for state in machine.known_states()]
    lines += [f"    [*] --> {_id(state)}" for state in machine.initial]
    for state in machine.known_states():
        for target, does in machine.targets(state).items():
            lines.append(f"    {_id(state)} --> {_id(target)}" + (f": {does}" if does else ""))
        if not machine.targets(state):
            lines.append(f"    {_id(state)} --> [*]")
    return "\n".join([*lines, "```", ""])


def _id(state: str) -> str:
    return state.replace("-", "_")
