"""Where the embedded servers keep their data and their sockets."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

# The kernel allows 107 bytes for a socket's path; the longest name below takes 20 of them.
LONGEST_SOCKET_DIRECTORY = 85
ROLE = "vuoro"
DATABASE = "vuoro"


@dataclass(frozen=True)
class Places:
    """All paths under one data directory (`root`); an ephemeral one is deleted when its keeper stops."""

    root: Path
    ephemeral: bool = False

    @property
    def cluster(self) -> Path:
        return self.root / "postgres"

    @property
    def redis(self) -> Path:
        return self.root / "redis"

    @property
    def log(self) -> Path:
        return self.root / "services.log"

    @property
    def lock(self) -> Path:
        return self.root / "keeper.lock"

    @property
    def sockets(self) -> Path:
        """A directory for sockets: inside the root, or a private one in /tmp when the root's path is too long."""
        inside = self.root / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_DIRECTORY:
            return inside
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"vuoro-{os.getuid()}-{name}"

    @property
    def keeper_socket(self) -> Path:
        return self.root / "k" if self._root_is_short else self.sockets.with_suffix(".k")

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def database_url(self) -> str:
        return self.database_url_for(DATABASE)

    def database_url_for(self, database: str) -> str:
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.sockets), safe='')}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.redis_socket}"

    @property
    def _root_is_short(self) -> bool:
        return len(os.fsencode(self.root)) <= LONGEST_SOCKET_DIRECTORY
