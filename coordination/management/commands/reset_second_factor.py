"""`manage.py reset_second_factor EMAIL`: for somebody whose phone and recovery codes are lost."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coordination import clock
from coordination.errors import Refused
from coordination.models import User
from coordination.services import second_factors


class Command(BaseCommand):
    help = "Remove a person's second factors; the person sets up a new one at the next sign-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            user = User.objects.get(email=email)
            second_factors.reset(user, by=None, now=clock.now())
        except User.DoesNotExist:
            raise CommandError(f"Nobody signs in as {email}.") from None
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{email} has no second factor any more; all sessions have ended.")
