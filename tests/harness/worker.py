"""A real Celery worker: its own process, the run's own Redis, this xdist worker's database."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from coordination.project.embedded.processes import die_with_parent
from tests.harness.template import PROJECT

QUEUES = "default,mail,plan"


class CeleryWorker:
    """Start, kill and restart it as a test needs; `log()` is all it has said so far."""

    def __init__(self, *, concurrency: int = 1) -> None:
        self.concurrency = concurrency
        descriptor, name = tempfile.mkstemp(prefix="vuoro-worker-", suffix=".log")
        os.close(descriptor)
        self._log = Path(name)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "coordination.project.celery", "worker"]
        command += ["--pool=prefork", f"--concurrency={self.concurrency}", "-Q", QUEUES]
        command += ["--without-gossip", "--without-mingle", "-I", "tests.harness.jobs"]
        command += ["-l", "INFO", "-n", f"test{os.getpid()}@%h"]
        said = self.log().count(" ready.")
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=os.environ | {"CELERY_SKIP_CHECKS": "true"},  # they have their own place
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(signal.SIGKILL),  # one thread  # noqa: PLW1509  # one thread
            )
        self.wait_for(lambda: self.log().count(" ready.") > said, seconds=60)

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def wait_for(self, condition: Callable[[], object], *, seconds: float = 20) -> None:
        """Until the condition is true; fails with the worker's log when it stays false."""
        deadline = time.monotonic() + seconds
        while not condition():
            ended = self.process is None or self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                why = "The worker has ended" if ended else f"Not within {seconds} s"
                raise AssertionError(f"{why}:\n{self.log()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9 of the worker; its pool processes go with it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        self._log.unlink(missing_ok=True)
