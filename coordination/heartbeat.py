"""Signs of life of the processes that show no page; health.py reads them."""

import datetime as dt

from django.core.cache import cache

SILENT_AFTER = dt.timedelta(seconds=100)  # beat ticks every 30 s: three ticks missed
_REMEMBER_SECONDS = 24 * 3600


def beat(who: str, *, now: dt.datetime) -> None:
    """`who` is "worker" or "beat"."""
    cache.set(f"heartbeat-{who}", now.timestamp(), _REMEMBER_SECONDS)


def silence(who: str, *, now: dt.datetime) -> dt.timedelta | None:
    """How long ago `who` was last heard of; None when not within a day."""
    seen = cache.get(f"heartbeat-{who}")
    return None if seen is None else now - dt.datetime.fromtimestamp(seen, dt.UTC)
