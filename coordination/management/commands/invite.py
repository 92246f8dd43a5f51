"""`manage.py invite EMAIL --name NAME`: how the first administrator of an installation gets in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coordination import clock
from coordination.errors import Refused
from coordination.models.people import Language
from coordination.permissions import Role
from coordination.services import invitations


class Command(BaseCommand):
    """Sends an invitation by mail; whoever can run this may give every role without a unit."""

    help = "Invite a person by mail, the first administrator for example."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        given = [role.value for role in Role if role != Role.CLINIC_CONTACT]
        parser.add_argument("--role", choices=given, default=Role.ADMINISTRATOR.value)
        parser.add_argument("--language", choices=Language.values, default=Language.FINNISH.value)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            invitation = invitations.invite(
                email=options["email"],
                name=options["name"],
                role=options["role"],
                language=options["language"],
                by=None,
                now=clock.now(),
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"Invited {invitation.email}; the link works until {invitation.expires_at:%Y-%m-%d}."
        )
