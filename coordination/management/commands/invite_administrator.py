"""How the first administrator comes in: `manage.py invite_administrator EMAIL --name NAME`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coordination import clock
from coordination.errors import Refused
from coordination.models.people import Language
from coordination.permissions import Role
from coordination.services import invitations


class Command(BaseCommand):
    help = "Invite an administrator by mail; the first one has nobody else to ask."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--language", choices=Language.values, default=Language.FINNISH)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            invitations.invite(
                email=options["email"],
                name=options["name"],
                role=Role.ADMINISTRATOR,
                language=options["language"],
                by=None,
                now=clock.now(),
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("The invitation is on its way by mail.")
