"""`manage.py retention`: how many rows would go now; `--write`, `--check`: the page that tells the rules."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from coordination import clock, retention, retention_table
from coordination.retention import Keep

PAGE = "docs/data-protection.md"
BEGIN = "<!-- Written by manage.py retention --write -->"
END = "<!-- End of what manage.py retention writes -->"


class Command(BaseCommand):
    help = "Says what the daily retention job would delete or blank now; changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help=f"write the rules into {PAGE}")
        parser.add_argument("--check", action="store_true", help=f"fail when {PAGE} is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        page = Path(settings.BASE_DIR) / PAGE
        if options["check"] or options["write"]:
            now_there = page.read_text(encoding="utf-8")
            wanted = with_table(now_there)
            if options["write"]:
                page.write_text(wanted, encoding="utf-8")
            elif now_there != wanted:
                raise CommandError(f"{PAGE} is stale: run manage.py retention --write")
            return
        now = clock.now()
        for rule in retention.policy():
            if not isinstance(rule, Keep) and (count := retention.due(rule, now=now).count()):
                self.stdout.write(f"{rule.model}: {count} ({rule.why})")


def with_table(page: str) -> str:
    """The page with the table of today's rules between its marks."""
    before, mark, rest = page.partition(BEGIN)
    if not mark or END not in rest:
        raise CommandError(f"{PAGE} has lost its marks {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n{retention_table.markdown()}\n{END}{rest.partition(END)[2]}"
