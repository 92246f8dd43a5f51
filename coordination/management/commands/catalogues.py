"""`manage.py catalogues --update | --compile | --check [--package NAME]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coordination import catalogues
from coordination.catalogue_sources import UnreadableTextError


class Command(BaseCommand):
    help = "Message catalogues: extract texts, compile them, check that they are complete."
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's own signature; nothing else is needed

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--update", action="store_true", help="write .po files from the sources")
        what.add_argument("--compile", action="store_true", help="write .mo files")
        what.add_argument("--check", action="store_true", help="fail on anything missing or wrong")
        parser.add_argument(
            "--package",
            action="append",
            choices=sorted(catalogues.PACKAGES),
            help="only this package (may be repeated)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._do(options, options["package"] or list(catalogues.PACKAGES))
        except UnreadableTextError as error:
            raise CommandError(str(error)) from None

    def _do(self, options: dict[str, Any], packages: list[str]) -> None:
        if options["update"]:
            self._update(packages)
        elif options["compile"]:
            self._compile(packages)
        else:
            self._check(packages)

    def _update(self, packages: list[str]) -> None:
        for package in packages:
            for language, missing in catalogues.update(package).items():
                if language in catalogues.COMPLETE:
                    path = catalogues.po_path(package, language).relative_to(catalogues.ROOT)
                    self.stdout.write(f"{path}: {missing} to translate")

    def _compile(self, packages: list[str]) -> None:
        for package in packages:
            for language in catalogues.LANGUAGES:
                catalogues.compile_one(package, language)
        self.stdout.write(f"Compiled: {', '.join(packages)}")

    def _check(self, packages: list[str]) -> None:
        problems = [problem for package in packages for problem in catalogues.check(package)]
        problems += catalogues.check_agreement()
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            raise CommandError(f"{len(problems)} problems in the catalogues.")
        self.stdout.write("The catalogues are complete.")
