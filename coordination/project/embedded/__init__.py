"""PostgreSQL and Redis from Python wheels, for trial, development and tests: no root, no container.

A *keeper* process owns the two servers. Whoever needs them holds a connection to the keeper's socket;
when the last user is gone, for whatever reason, the kernel closes that connection and the keeper stops
both servers. So there are no pid files to go stale, and a killed program leaves nothing behind.
"""

from coordination.project.embedded.client import attach
from coordination.project.embedded.places import Places

__all__ = ["Places", "attach"]
