"""Vuoro's own programs, run as a person or a container engine would run them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from tests.harness.template import PROJECT

OURS = (
    "ENVIRONMENT",
    "DATABASE_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "PORT",
    "VAR_DIR",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
)


def clean_environment(**more: str) -> dict[str, str]:
    """This process's environment without what the harness put into it."""
    return {key: value for key, value in os.environ.items() if key not in OURS} | more


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], object], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)


def health(port: int) -> int:
    """The status of /healthz; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def processes_of(var: Path) -> dict[int, str]:
    """Every process of this data directory, with its command.

    The environment tells, or where the process works: servers overwrite the one but not the other.
    """
    found = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if _belongs(entry, var):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                found[int(entry.name)] = command
    return found


def _belongs(process: Path, var: Path) -> bool:
    if f"VAR_DIR={var}".encode() in (process / "environ").read_bytes().split(b"\0"):
        return True
    return (process / "cwd").readlink().is_relative_to(var)


class Program:
    """A program in its own session, with all it says in one text."""

    def __init__(self, command: Iterable[str], *, environment: dict[str, str], said: Path) -> None:
        self._said = said
        with said.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=PROJECT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self._said.read_text(errors="replace")

    def wait_for(self, text: str, *, seconds: float = 240) -> None:
        def there() -> bool:
            assert text in self.said() or self.process.poll() is None, self.said()
            return text in self.said()

        wait_until(there, seconds=seconds)

    def end(self, sig: signal.Signals = signal.SIGTERM, *, seconds: float = 40) -> int:
        """Send a signal unless it has ended; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sig)
        return self.process.wait(seconds)
