"""Tests talk to this machine only."""

import socket
from typing import Any

LOCAL = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "testserver", "", None}  # compared, not bound  # noqa: S104  # compared, not bound

_connect = socket.socket.connect
_getaddrinfo = socket.getaddrinfo


def forbid_network() -> None:
    """From now on a connection or name look-up beyond this machine raises RuntimeError."""

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOCAL:
            raise RuntimeError(f"A test tried to reach {address[0]!r}: tests use no network.")
        _connect(self, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in LOCAL and name != socket.gethostname():
            raise RuntimeError(f"A test tried to look up {name!r}: tests use no network.")
        return _getaddrinfo(host, *args, **kwargs)

    socket.socket.connect = connect  # type: ignore[method-assign, assignment]
    socket.getaddrinfo = getaddrinfo
