"""The process that owns the embedded servers: `python -m coordination.project.embedded.keeper ROOT FD [ephemeral]`.

It serves as long as somebody holds a connection to its socket. FD is the first user's connection.
"""

import fcntl
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from coordination.project.embedded import processes
from coordination.project.embedded.places import Places
from coordination.project.embedded.processes import ServicesError
from coordination.project.embedded.servers import Postgres, Redis, Server, wait_until_ready

LOOK_SECONDS = 0.5
READY = b"ready\n"


class Keeper:
    def __init__(self, places: Places, first_user: socket.socket) -> None:
        self.places = places
        self.users: set[socket.socket] = {first_user}
        self.selector = selectors.DefaultSelector()
        self.servers: list[Server] = []
        self.stopping = False

    def run(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._on_term)
        lock = self._take_lock()
        if lock is None:
            return  # another keeper serves: our user sees the connection close and goes there
        with lock, self.places.log.open("ab") as log:
            try:
                self._start(log)
                self._serve()
            except ServicesError as error:
                self._tell(f"error {error}\n".encode())
            finally:
                self._stop()

    def _on_term(self, _signal: int, _frame: object) -> None:
        self.stopping = True

    def _take_lock(self) -> IO[bytes] | None:
        """Wait while an earlier keeper stops; None when another one is serving."""
        lock = self.places.lock.open("ab")
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lock
            with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
                probe.connect(str(self.places.keeper_socket))
                return None
            if self.stopping:
                return None
            time.sleep(0.05)

    def _start(self, log: IO[bytes]) -> None:
        sockets = self.places.sockets
        sockets.mkdir(mode=0o700, exist_ok=True)
        if sockets.is_symlink() or sockets.stat().st_uid not in (os.geteuid(), self._server_uid()):
            raise ServicesError(f"{sockets} belongs to somebody else.")
        processes.own_by_server_user(sockets)
        self._listen()
        for server in (Postgres, Redis):
            self.servers.append(server(self.places, log))
        for started in self.servers:
            wait_until_ready(started)
        self._tell(READY)

    def _server_uid(self) -> int:
        return self.places.cluster.stat().st_uid if self.places.cluster.exists() else os.geteuid()

    def _listen(self) -> None:
        self.places.keeper_socket.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.places.keeper_socket))
        self.places.keeper_socket.chmod(0o600)
        self.listener.listen(100)
        self.selector.register(self.listener, selectors.EVENT_READ)
        for user in self.users:
            self.selector.register(user, selectors.EVENT_READ)

    def _serve(self) -> None:
        while self.users and not self.stopping:
            for key, _ in self.selector.select(LOOK_SECONDS):
                if key.fileobj is self.listener:
                    self._welcome()
                elif isinstance(key.fileobj, socket.socket):
                    self._farewell(key.fileobj)
            for server in self.servers:
                if server.process.poll() is not None:
                    raise ServicesError(
                        f"{server.name} ended by itself; the reason is in {self.places.log}."
                    )

    def _welcome(self) -> None:
        user, _ = self.listener.accept()
        self.users.add(user)
        self.selector.register(user, selectors.EVENT_READ)
        with suppress(OSError):
            user.sendall(READY)

    def _farewell(self, user: socket.socket) -> None:
        """Users send nothing: something to read means that the connection is closed."""
        self.selector.unregister(user)
        self.users.discard(user)
        user.close()

    def _tell(self, message: bytes) -> None:
        for user in self.users:
            with suppress(OSError):
                user.sendall(message)

    def _stop(self) -> None:
        """The socket's name goes first: who comes now starts the next keeper, which waits for our lock."""
        self.places.keeper_socket.unlink(missing_ok=True)
        for server in reversed(self.servers):
            server.stop()
        for user in self.users:
            user.close()
        if self.places.ephemeral:
            shutil.rmtree(self.places.root, ignore_errors=True)
            shutil.rmtree(self.places.sockets, ignore_errors=True)


def main() -> None:
    root, descriptor, *rest = sys.argv[1:]
    places = Places(Path(root), ephemeral=rest == ["ephemeral"])
    Keeper(places, socket.socket(fileno=int(descriptor))).run()


if __name__ == "__main__":
    main()
