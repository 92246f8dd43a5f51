"""The two servers a keeper looks after: set up, start, wait until ready, stop."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from coordination.project.embedded import processes
from coordination.project.embedded.places import DATABASE, ROLE, Places
from coordination.project.embedded.processes import ServicesError

START_SECONDS = 60
STOP_SECONDS = 20
FORGETFUL_POSTGRES = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
POSTGRES = {
    "max_connections": "200",
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Postgres:
    name = "PostgreSQL"

    def __init__(self, places: Places, log: IO[bytes]) -> None:
        self.places = places
        self.log = log
        program = processes.postgres_program("postgres")
        self.reach = [program, places.cluster, places.sockets / "socket"]
        if (places.cluster / "PG_VERSION").exists():
            self._bury_predecessor()
        else:
            self._initialise()
        self.process = processes.start(
            [program, "-D", places.cluster, *self._options()],
            stop_signal=signal.SIGINT,
            log=log,
            must_reach=self.reach,
        )

    def _initialise(self) -> None:
        """Make the cluster beside its final place, then rename: an interrupted initdb leaves no half cluster."""
        making = self.places.cluster.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        processes.own_by_server_user(making)
        command: list[str | Path] = [
            processes.postgres_program("initdb"),
            "-D",
            making,
            "-U",
            ROLE,
            "--auth=trust",
        ]
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        command += ["--no-sync"] if self.places.ephemeral else []
        processes.run(command, log=self.log, must_reach=[*self.reach, making])
        making.rename(self.places.cluster)

    def _bury_predecessor(self) -> None:
        """Wait until nothing of a server whose keeper was killed is left, then remove the file with its number.

        PostgreSQL does not start while a process of that number exists, and where nobody collects the dead
        (a container without an init) it exists for ever. Our lock says that no other keeper is at work here.
        """
        deadline = time.monotonic() + STOP_SECONDS
        while processes.at_work_in(self.places.cluster):
            if time.monotonic() > deadline:
                raise ServicesError(f"Another PostgreSQL still runs on {self.places.cluster}.")
            time.sleep(0.05)
        if processes.can_see_processes():
            (self.places.cluster / "postmaster.pid").unlink(missing_ok=True)
            (self.places.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _options(self) -> Sequence[str]:
        settings = POSTGRES | (FORGETFUL_POSTGRES if self.places.ephemeral else {})
        settings["unix_socket_directories"] = str(self.places.sockets)
        return [f"--{name}={value}" for name, value in settings.items()]

    def ready(self) -> bool:
        """The server itself writes 'ready' into its pid file; the pid tells it from an old file."""
        try:
            lines = (self.places.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def finish_start(self) -> None:
        """Make the database unless it is there (asked of the server, as an earlier start may have been cut short)."""
        access = ["-h", str(self.places.sockets), "-U", ROLE]
        psql = [str(processes.postgres_program("psql")), *access, "-d", "postgres", "-Atqc"]
        there = subprocess.run(
            [*psql, f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"],  # a constant  # noqa: S608  # a constant
            capture_output=True,
            check=False,
        )
        if there.stdout.strip() != b"1":
            processes.run(
                [processes.postgres_program("createdb"), *access, DATABASE],
                log=self.log,
                must_reach=self.reach,
            )

    def stop(self) -> None:
        # SIGINT: end the sessions, write everything down, stop. SIGQUIT: stop now; nobody reads this data again.
        _stop(self.process, signal.SIGQUIT if self.places.ephemeral else signal.SIGINT)


class Redis:
    name = "Redis"

    def __init__(self, places: Places, log: IO[bytes]) -> None:
        self.places = places
        places.redis.mkdir(mode=0o700, exist_ok=True)
        processes.own_by_server_user(places.redis)
        program = processes.redis_program()
        keep = [
            "--save",
            "",
            "--appendonly",
            "no" if places.ephemeral else "yes",
            "--appendfsync",
            "everysec",
        ]
        listen = [
            "--port",
            "0",
            "--unixsocket",
            str(places.redis_socket),
            "--unixsocketperm",
            "700",
        ]
        self.process = processes.start(
            [
                program,
                "--dir",
                places.redis,
                "--databases",
                "64",
                "--loglevel",
                "warning",
                *listen,
                *keep,
            ],
            stop_signal=signal.SIGTERM,
            log=log,
            must_reach=[program, places.redis, places.redis_socket],
        )

    def ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.places.redis_socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def finish_start(self) -> None:
        """Nothing to make."""

    def stop(self) -> None:
        _stop(self.process, signal.SIGKILL if self.places.ephemeral else signal.SIGTERM)


Server = Postgres | Redis


def wait_until_ready(server: Server) -> None:
    """Raises ServicesError when the server ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not server.ready():
        if server.process.poll() is not None or time.monotonic() > deadline:
            raise ServicesError(
                f"{server.name} did not start; the reason is in {server.places.log}."
            )
        time.sleep(0.02)
    server.finish_start()


def _stop(process: "subprocess.Popen[bytes]", sig: signal.Signals) -> None:
    if process.poll() is not None:
        return
    process.send_signal(sig)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
