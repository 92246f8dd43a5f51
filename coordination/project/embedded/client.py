"""A program's hold on the embedded servers."""

import atexit
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from coordination.project.embedded.places import Places
from coordination.project.embedded.processes import ServicesError

PROJECT = Path(__file__).resolve().parent.parent.parent.parent
WAIT_SECONDS = 90
_held: dict[Path, socket.socket] = {}


def attach(places: Places) -> socket.socket:
    """Make sure the servers run for as long as this process (and its forks) live; starts them when nobody has.

    Returns the connection that holds them: it becomes readable when they stop. Raises ServicesError with the
    reason when they cannot run. Calling it again costs a system call.
    """
    held = _held.get(places.root)
    if held is not None and not closed(held):
        return held
    detach(places)
    places.root.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        connection = _connect(places) or _start_keeper(places)
        answer = _answer(connection)
        if answer == "ready":
            _held[places.root] = connection
            return connection
        connection.close()
        if answer.startswith("error "):
            raise ServicesError(answer.removeprefix("error "))
        # Without a word: the keeper was just stopping, or another one was faster.
        time.sleep(0.05)
    raise ServicesError(
        f"The embedded servers did not start in {WAIT_SECONDS} s; see {places.log}."
    )


def detach(places: Places) -> None:
    """Give up this process's hold; the servers stop when nobody else holds them."""
    held = _held.pop(places.root, None)
    if held is not None:
        held.close()


@atexit.register
def _let_go() -> None:
    """A program lets go as its last act: Python complains of a socket that is left to it."""
    while _held:
        _held.popitem()[1].close()


def closed(connection: socket.socket) -> bool:
    """Whether the keeper at the other end has gone, and the servers with it."""
    try:
        connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True  # the end, or a last word: a keeper says nothing else once it is ready


def _connect(places: Places) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(places.keeper_socket))
    except OSError:
        connection.close()
        return None
    return connection


def _start_keeper(places: Places) -> socket.socket:
    ours, theirs = socket.socketpair()
    command = [
        sys.executable,
        "-m",
        "coordination.project.embedded.keeper",
        str(places.root),
        str(theirs.fileno()),
    ]
    with theirs, places.log.open("ab") as log:
        keeper = subprocess.Popen(
            command + (["ephemeral"] if places.ephemeral else []),
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    keeper.returncode = 0  # nobody waits for it: it ends after us
    return ours


def _answer(connection: socket.socket) -> str:
    connection.settimeout(WAIT_SECONDS)
    line = b""
    with suppress(OSError):
        while not line.endswith(b"\n") and (piece := connection.recv(1024)):
            line += piece
    connection.settimeout(None)
    return line.decode().strip()
