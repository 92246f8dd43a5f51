"""Print a new API token of a person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.services import tokens
from coordination import clock
from coordination.models import User


class Command(BaseCommand):
    help = "Prints a new API token of the person with this e-mail address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="What the key is for.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active person with the address {options['email']}.")
        _, token = tokens.make(user, name=options["name"], now=clock.now())
        self.stdout.write(token)
