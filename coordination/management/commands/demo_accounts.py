"""Print one log-in per role of the demo."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from coordination import demo


class Command(BaseCommand):
    help = "Prints one log-in per role of the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en"):
            for email, _name, role in demo.ACCOUNTS:
                self.stdout.write(f"  {role.label:<22} {email:<30} {demo.PASSWORD}")
