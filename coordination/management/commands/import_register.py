"""Brings a register kept in a spreadsheet into Vuoro.

`--dry-run` shows what is wrong and what would change. To write, say `--yes`; rows with errors stay
out only with `--skip-errors`, else one error stops it all. Importing the same file again changes
nothing.

Exit codes: 0 read or written, 1 the file cannot be read, or has errors and was not to be written
without them.
"""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from coordination import clock
from coordination.errors import Refused
from coordination.register_import import planning, results
from coordination.register_import.files import read_file
from coordination.register_import.planning import Outcome, PlannedRow, Rehearsal
from coordination.register_import.reading import Reading
from coordination.transactions import one_transaction
from coordination.workbook.problems import Problem, Severity


class Command(BaseCommand):
    help = (
        "Imports a register of experts, units, agreements, fees and shifts from an Excel workbook."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="only show problems and changes; write nothing"
        )
        parser.add_argument("--json", action="store_true", help="print the problems as a JSON list")
        parser.add_argument(
            "--lang", choices=["fi", "sv", "en"], default="fi", help="language of the sentences"
        )
        parser.add_argument(
            "--skip-errors",
            action="store_true",
            help="leave out rows with errors and write the rest",
        )
        parser.add_argument(
            "--notes", action="store_true", help="show notes too, beside errors and warnings"
        )
        parser.add_argument("--yes", action="store_true", help="write without asking")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["lang"]):
            self.run(options)

    def run(self, options: dict[str, Any]) -> None:
        found = self.look(options)
        problems = found.problems if options["notes"] else found.reading.worth_mending()
        if options["json"]:
            self.print_json([problem.as_json() for problem in problems])
        else:
            self.print_problems(problems)
        rows = found.rows if options["dry_run"] else self.write(found, options)
        if not options["json"]:
            self.print_rows(rows, written=not options["dry_run"])
        if found.refusal:  # only after a rehearsal: writing has raised it
            raise CommandError(_("Nothing was written: %(why)s") % {"why": found.refusal})

    def look(self, options: dict[str, Any]) -> Rehearsal:
        """Who has said --yes does not ask what would come of it."""
        if options["yes"] and not options["dry_run"]:
            return Rehearsal(self.read(options), [])
        return planning.rehearse(lambda: self.read(options), by=None, now=clock.now())

    def read(self, options: dict[str, Any]) -> Reading:
        try:
            with options["file"].open("rb") as content:
                return read_file(content, today=clock.today())
        except OSError as error:
            refused = Refused(
                _("The file cannot be read: %(why)s") % {"why": error.strerror}, code="unreadable"
            )
        except Refused as error:
            refused = error
        if options["json"]:
            self.print_json(
                [
                    {
                        "sheet": "",
                        "row": 0,
                        "column": "",
                        "code": refused.code,
                        "message": str(refused),
                    }
                ]
            )
        raise CommandError(str(refused))

    def write(self, found: Rehearsal, options: dict[str, Any]) -> list[PlannedRow]:
        self.check_errors(found.reading, options)
        if not options["yes"]:
            self.print_rows(found.rows, written=False)
            if not self.asked():
                raise CommandError(_("Nothing was written. Confirm with --yes."))
        try:
            return self.write_now(options)
        except Refused as refused:
            raise CommandError(_("Nothing was written: %(why)s") % {"why": refused}) from refused

    @one_transaction
    def write_now(self, options: dict[str, Any]) -> list[PlannedRow]:
        planning.take_turns()
        # somebody else may have written since the file was looked at
        reading = self.read(options)
        self.check_errors(reading, options)
        return planning.write(reading.register, by=None, now=clock.now())

    def check_errors(self, reading: Reading, options: dict[str, Any]) -> None:
        errors = sum(problem.is_error for problem in reading.problems)
        if errors and not options["skip_errors"]:
            raise CommandError(
                _(
                    "Nothing was written: %(errors)d errors. Mend the file, or leave out those "
                    "rows with --skip-errors."
                )
                % {"errors": errors}
            )

    def asked(self) -> bool:
        """Asks a person at a terminal; a script has to say --yes."""
        if not sys.stdin.isatty():
            return False
        return input(_("Write these changes? Type yes: ")).strip().casefold() in {
            "yes",
            "kyllä",
            "ja",
            "y",
            "k",
            "j",
        }

    def print_json(self, found: list[dict[str, object]]) -> None:
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))

    def print_problems(self, problems: list[Problem]) -> None:
        marks = {
            Severity.ERROR: _("error"),
            Severity.WARNING: _("warning"),
            Severity.NOTE: _("note"),
        }
        for problem in problems:
            place = f"{problem.sheet} {problem.row} {problem.column}".strip()
            self.stdout.write(
                f"{marks[problem.severity]}: {place} [{problem.code}] {problem.sentence()}"
            )

    def print_rows(self, rows: list[PlannedRow], *, written: bool) -> None:
        names = {
            Outcome.NEW: _("new"),
            Outcome.CHANGED: _("changed"),
            Outcome.UNCHANGED: _("unchanged"),
            Outcome.ERROR: _("left out, has errors"),
            Outcome.WAITS: _("left out, needs a row with errors"),
        }
        self.stdout.write("")
        for sheet in dict.fromkeys(row.sheet for row in rows):
            counts = Counter(row.outcome for row in rows if row.sheet == sheet)
            told = ", ".join(
                f"{counts[outcome]} {name}"
                for outcome, name in names.items()
                if counts[outcome] or outcome in {Outcome.NEW, Outcome.CHANGED}
            )
            self.stdout.write(f"{sheet}: {told}")
        for row in rows:
            if row.effects:
                effects = "; ".join(results.told_effects(row))
                self.stdout.write(f"{row.sheet} {row.row}, {row.label}: {effects}")
        self.stdout.write(_("Written.") if written else _("Nothing was written."))
