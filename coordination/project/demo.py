"""`make demo`: one process that sets everything up, runs all parts and stops them together.

It says what it does in a few lines; the parts' own logs are in var/log.
"""

import fcntl
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, NoReturn

os.environ["ENVIRONMENT"] = "demo"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coordination.project.settings")

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.db import connections

from coordination.project.embedded import attach
from coordination.project.embedded.client import closed
from coordination.project.embedded.processes import ServicesError
from coordination.project.parts import Parts

HEALTHY_SECONDS = 60


class Stop(Exception):
    """Why the demo ends, in one line."""


def main() -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    # also where the parent had it ignored, as a shell does for what it puts into the background
    signal.signal(signal.SIGINT, _interrupt)
    try:
        if sys.argv[1:] == ["--reset"]:
            reset(settings.VAR)
        else:
            Demo(port=int(os.environ.get("PORT", "8000"))).run()
    except (Stop, ServicesError, ImproperlyConfigured) as reason:
        say(str(reason))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def say(line: str) -> None:
    print(line, flush=True)  # this is what the command is for  # noqa: T201  # this is what the command is for


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def reset(var: Path) -> None:
    """Delete the demo's data; raises Stop while somebody uses it."""
    if os.environ.get("DATABASE_URL"):
        raise Stop("DATABASE_URL is set: that database is yours, empty it yourself.")
    if not var.exists():
        return
    for name in ("demo.lock", "keeper.lock"):
        with _hold(var / name, "The demo's data is in use: stop `make demo` first."):
            pass
    shutil.rmtree(var)
    say("The demo's data is gone; `make demo` makes new.")


def _hold(path: Path, otherwise: str) -> IO[bytes]:
    lock = path.open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise Stop(otherwise) from None
    return lock


class Demo:
    def __init__(self, *, port: int) -> None:
        self.host = os.environ.get("HOST", "127.0.0.1")
        self.port = port
        self.address = f"http://localhost:{port}"
        self.parts = Parts(logs=settings.VAR / "log")
        self.services: socket.socket | None = None

    def run(self) -> None:
        """Runs until Ctrl-C or SIGTERM; raises Stop when a part ends by itself."""
        self._port_is_free()
        settings.VAR.mkdir(parents=True, exist_ok=True)
        with _hold(settings.VAR / "demo.lock", "A demo is already running in this directory."):
            try:
                self._set_up()
                self.parts.start()
                self._wait_until_healthy()
                self._greet()
                while True:
                    self._all_run()
                    time.sleep(0.5)
            finally:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                self.parts.stop()

    def _port_is_free(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise Stop(
                    f"Port {self.port} cannot be used ({error.strerror}): "
                    f"choose another with `PORT={self.port + 1} make demo`."
                ) from None

    def _set_up(self) -> None:
        if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
            say("Starting PostgreSQL and Redis")
            self.services = attach(settings.EMBEDDED)
        django.setup()
        say("Preparing the database")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if os.environ.get("DEMO_EMPTY") != "1":
            _if_there("load_demo", lambda: say("Loading the demo (the first time takes a minute)"))
        connections.close_all()

    def _wait_until_healthy(self) -> None:
        say("Starting web, worker and beat")
        deadline = time.monotonic() + HEALTHY_SECONDS
        while not self._healthy():
            self._all_run()
            if time.monotonic() > deadline:
                say(f"Not all parts are well yet: see {self.address}/healthz")
                return
            time.sleep(0.2)

    def _healthy(self) -> bool:
        with suppress(OSError):  # HTTP errors among them
            url = f"http://{self.host}:{self.port}/healthz"
            with urllib.request.urlopen(url, timeout=5) as answer:  # our own address
                return bool(answer.status == 200)
        return False

    def _all_run(self) -> None:
        ended = self.parts.ended()
        if ended:
            name, code = ended
            why = f"signal {-code}" if code < 0 else f"exit code {code}"
            words = self.parts.log(name).read_text(errors="replace").splitlines()[-15:]
            raise Stop("\n".join([*words, f"The {name} ended by itself ({why}); all stopped."]))
        if self.services and closed(self.services):
            raise Stop("PostgreSQL or Redis ended by itself; all stopped (see var/services.log).")

    def _greet(self) -> None:
        say(f"\nVuoro runs at {self.address}\n")
        _if_there("demo_accounts")
        say("\nThe second factor is off in this demo, and mails stay on a page. Ctrl-C stops it.")


def _if_there(command: str, before: Callable[[], None] | None = None) -> None:
    if command in get_commands():
        if before:
            before()
        call_command(command)


if __name__ == "__main__":
    sys.exit(main())
