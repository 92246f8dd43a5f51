"""The embedded servers live exactly as long as somebody uses them."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from coordination.project.embedded import Places, attach
from coordination.project.embedded.client import closed, detach
from coordination.project.embedded.processes import ServicesError
from tests.harness.programs import Program, clean_environment, processes_of, wait_until
from tests.harness.template import PROJECT

USER = """
import sys, time
from pathlib import Path
from coordination.project.embedded import Places, attach
attach(Places(Path(sys.argv[1])))
print("attached", flush=True)
time.sleep(600)
"""


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory that others may not enter, as a home directory is."""
    with tempfile.TemporaryDirectory(prefix="vuoro-embedded-") as directory:
        root = Path(directory) / "var"
        monkeypatch.setenv("VAR_DIR", str(root))  # by which the processes are found
        yield root
        wait_until(lambda: not processes_of(root), seconds=20)


def user_of(root: Path, name: str = "user") -> Program:
    said = root.parent / f"{name}.said"
    environment = clean_environment(VAR_DIR=str(root), PYTHONPATH=".")
    return Program(["-c", USER, str(root)], environment=environment, said=said)


def pid_of(root: Path, words: str) -> int:
    (pid,) = (pid for pid, command in processes_of(root).items() if words in command)
    return pid


def test_both_servers_answer_from_a_closed_directory_which_stays_closed(root: Path) -> None:
    assert stat.S_IMODE(root.parent.stat().st_mode) == 0o700
    places = Places(root)
    attach(places)
    try:
        with psycopg.connect(places.database_url) as connection:
            row = connection.execute("SHOW server_encoding").fetchone()
        with redis.from_url(places.redis_url) as client:
            assert client.ping()
        assert row == ("UTF8",)
        assert stat.S_IMODE(root.parent.stat().st_mode) == 0o700
    finally:
        detach(places)


def test_the_servers_do_not_run_as_root(root: Path) -> None:
    user = user_of(root)
    user.wait_for("attached")
    for words in ("/bin/postgres -D", "redis-server"):
        assert Path(f"/proc/{pid_of(root, words)}").stat().st_uid != 0
    user.end(signal.SIGTERM)


def test_users_that_come_at_once_share_one_pair_of_servers_until_the_last_goes(root: Path) -> None:
    users = [user_of(root, f"user{number}") for number in range(4)]
    for user in users:
        user.wait_for("attached")
    for user in users[:3]:
        user.end(signal.SIGKILL)
    with psycopg.connect(Places(root).database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert pid_of(root, "/bin/postgres -D")
    users[3].end(signal.SIGKILL)
    wait_until(lambda: not processes_of(root), seconds=20)


@pytest.mark.parametrize("victim", ["/bin/postgres -D", "redis-server", "embedded.keeper"])
def test_when_one_process_is_killed_the_others_end_and_users_learn_of_it(
    root: Path, victim: str
) -> None:
    places = Places(root)
    user = user_of(root)
    user.wait_for("attached")
    connection = attach(places)
    assert not closed(connection)

    os.kill(pid_of(root, victim), signal.SIGKILL)

    wait_until(lambda: closed(connection), seconds=20)
    user.end(signal.SIGKILL)
    wait_until(lambda: not processes_of(root), seconds=20)
    detach(places)


def test_the_data_is_there_again_after_a_crash(root: Path) -> None:
    places = Places(root)
    attach(places)
    with psycopg.connect(places.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    for pid in [pid_of(root, words) for words in ("/bin/postgres -D", "embedded.keeper")]:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not processes_of(root), seconds=20)

    attach(places)
    with psycopg.connect(places.database_url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    detach(places)


def test_a_path_too_long_for_a_socket_gets_its_sockets_elsewhere(root: Path) -> None:
    places = Places(root / ("long-" * 18))
    assert len(str(places.sockets)) < 100
    attach(places)
    with psycopg.connect(places.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    detach(places)
    wait_until(lambda: not processes_of(root), seconds=20)


def test_an_ephemeral_one_leaves_no_data(root: Path) -> None:
    places = Places(root, ephemeral=True)
    attach(places)
    assert places.cluster.is_dir()
    detach(places)
    wait_until(lambda: not root.exists(), seconds=20)


def test_servers_that_cannot_start_say_why(root: Path) -> None:
    root.mkdir()
    (root / "postgres").mkdir(mode=0o700)
    (root / "postgres" / "PG_VERSION").write_text("9.1\n")
    with pytest.raises(
        ServicesError, match=r"PostgreSQL did not start; the reason is in .*services"
    ):
        attach(Places(root))


def test_a_program_that_ends_lets_go_without_a_complaint(run_root: str) -> None:
    program = (
        "import sys; from pathlib import Path; from coordination.project.embedded import Places, attach;"
        "attach(Places(Path(sys.argv[1]), ephemeral=True))"
    )
    ended = subprocess.run(
        [sys.executable, "-W", "default", "-c", program, run_root],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
