"""`manage.py reseal_second_factors`: after a new key was put in front (docs/operations.md, "Keys")."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coordination.services import second_factors


class Command(BaseCommand):
    help = "Put all secrets of second factors under the first key of SECOND_FACTOR_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        result = second_factors.reseal_all()
        self.stdout.write(
            f"{result.changed} put under the first key, {result.current} were under it already."
        )
        if result.unreadable:
            people = ", ".join(str(pk) for pk in result.unreadable)
            raise CommandError(
                f"No key opens the second factor of the people with the ids {people}. Put the key they were "
                "made with behind the others, or let these people set theirs up anew: reset_second_factor EMAIL."
            )
