"""Load the demo's data: three units, about sixty made-up experts, half a year of shifts."""

from typing import Any

from django.core.management.base import BaseCommand

from coordination import clock, demo


class Command(BaseCommand):
    help = "Loads the demo's made-up data through the services; does nothing when it is there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not demo.load(now=clock.now(), tell=self.stdout.write):
            self.stdout.write("The demo's data is there already.")
