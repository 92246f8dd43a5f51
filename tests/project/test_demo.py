"""`make demo` for real: it starts, keeps its data, and leaves no process behind however it ends."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from coordination.project.embedded import Places
from tests.harness.programs import (
    Program,
    clean_environment,
    free_port,
    health,
    processes_of,
    wait_until,
)
from tests.harness.template import PROJECT

DEMO = ["-m", "coordination.project.demo"]


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="vuoro-demo-") as directory:
        yield Path(directory) / "var"


def parent_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("PPid:")[2].split()[0])


class Demo(Program):
    def __init__(self, var: Path, *, port: int | None = None) -> None:
        self.port = port or free_port()
        self.var = var
        environment = clean_environment(VAR_DIR=str(var), PORT=str(self.port), DEMO_EMPTY="1")
        said = Path(tempfile.mkstemp(dir=var.parent, suffix=".said")[1])
        super().__init__(DEMO, environment=environment, said=said)

    def pid_of(self, part: str) -> int:
        """The part's first process: the one whose parent is none of the part."""
        found = {pid for pid, command in processes_of(self.var).items() if part in command}
        (first,) = (pid for pid in found if parent_of(pid) not in found)
        return first


@pytest.fixture
def demo(var: Path) -> Iterator[Demo]:
    demo = Demo(var)
    try:
        demo.wait_for("Vuoro runs at")
        yield demo
    finally:
        demo.end(signal.SIGTERM)
        wait_until(lambda: not processes_of(var), seconds=20)


def test_it_answers_says_where_and_stops_cleanly_on_sigterm(demo: Demo) -> None:
    assert health(demo.port) == 200
    assert f"Vuoro runs at http://localhost:{demo.port}" in demo.said()
    assert "second factor is off" in demo.said()
    with psycopg.connect(Places(demo.var).database_url) as connection:
        connection.execute("CREATE TABLE kept (note text)")

    second = Demo(demo.var)
    assert second.process.wait(60) == 1
    assert second.said() == "A demo is already running in this directory.\n"
    assert reset(demo.var) == (1, "The demo's data is in use: stop `make demo` first.\n")
    assert health(demo.port) == 200

    assert demo.end(signal.SIGTERM) == 0
    wait_until(lambda: not processes_of(demo.var), seconds=20)


def reset(var: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *DEMO, "--reset"],
        env=clean_environment(VAR_DIR=str(var)),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_second_start_keeps_the_data_and_ctrl_c_stops_it(var: Path) -> None:
    demo = Demo(var)
    demo.wait_for("Vuoro runs at")
    try:
        with psycopg.connect(Places(var).database_url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    finally:
        assert demo.end(signal.SIGINT) == 0  # Ctrl-C
    wait_until(lambda: not processes_of(var), seconds=20)


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ("--quiet worker", "The worker ended by itself (signal 9); all stopped."),
        ("/bin/postgres -D", "PostgreSQL or Redis ended by itself; all stopped"),
        ("redis-server", "PostgreSQL or Redis ended by itself; all stopped"),
    ],
)
def test_when_one_part_is_killed_all_stop(demo: Demo, part: str, line: str) -> None:
    os.kill(demo.pid_of(part), signal.SIGKILL)
    demo.wait_for(line)
    assert demo.process.wait(40) == 1
    wait_until(lambda: not processes_of(demo.var), seconds=20)


def test_when_the_supervisor_is_killed_nothing_stays(demo: Demo) -> None:
    assert len(processes_of(demo.var)) > 8
    assert demo.end(signal.SIGKILL) == -9
    wait_until(lambda: not processes_of(demo.var), seconds=30)


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = Demo(tmp_path / "var", port=port)
        assert demo.process.wait(30) == 1
    assert demo.said() == (
        f"Port {port} cannot be used (Address already in use): "
        f"choose another with `PORT={port + 1} make demo`.\n"
    )


def test_reset_clears_the_data(var: Path) -> None:
    assert (var / "postgres").is_dir()
    assert reset(var) == (0, "The demo's data is gone; `make demo` makes new.\n")
    assert not var.exists()
