"""A Redis connection that starts the embedded server first."""

from typing import Any

from redis import UnixDomainSocketConnection

from coordination.project.embedded import Places, attach


class EmbeddedConnection(UnixDomainSocketConnection):
    """`embedded` are the Places of the server; all other arguments are redis-py's."""

    def __init__(self, *, embedded: Places, **kwargs: Any) -> None:
        self._embedded = embedded
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]  # redis-py types it not

    def connect(self) -> None:
        if self._sock is None:
            attach(self._embedded)
        super().connect()  # type: ignore[no-untyped-call]  # as above
