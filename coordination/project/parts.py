"""The processes a running Vuoro consists of, and how to run them together."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from coordination.project.embedded.processes import die_with_parent

PROJECT = Path(__file__).resolve().parent.parent.parent
STOP_SECONDS = 15
QUEUES = "default,mail,plan"
CELERY = [sys.executable, "-m", "celery", "-A", "coordination.project.celery", "--quiet"]
COMMANDS = {
    "web": [
        *[sys.executable, "-m", "gunicorn", "-c", "python:coordination.project.gunicorn_conf"],
        "coordination.project.wsgi",
    ],
    "worker": [
        *CELERY,
        "worker",
        "-Q",
        QUEUES,
        "--concurrency=2",
        "--without-gossip",
        "-l",
        "INFO",
    ],
    "beat": [*CELERY, "beat", "--pidfile=", "-l", "INFO"],
}


@dataclass
class Parts:
    """Web, worker and beat as children of this process. Each logs into its own file in `logs`."""

    logs: Path
    environment: dict[str, str] = field(default_factory=dict)
    running: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    def start(self) -> None:
        """Start all. They end when this process does, however it ends."""
        self.logs.mkdir(parents=True, exist_ok=True)
        for name, command in COMMANDS.items():
            with self.log(name).open("wb") as log:
                self.running[name] = subprocess.Popen(
                    command,
                    cwd=PROJECT,
                    env=os.environ | self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C comes to us alone, and we stop them in order
                    preexec_fn=lambda: die_with_parent(signal.SIGTERM),  # no threads here  # noqa: PLW1509  # no threads here
                )

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def ended(self) -> tuple[str, int] | None:
        """The first part that has ended by itself, with its exit code."""
        for name, process in self.running.items():
            code = process.poll()
            if code is not None:
                return name, code
        return None

    def stop(self) -> None:
        """Ask all to end; whoever has not after 15 s is killed, with everything it started."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()
