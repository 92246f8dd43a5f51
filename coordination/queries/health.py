"""Whether the parts Vuoro stands on are well."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache import cache
from django.db import connection
from django.db.models import Min

from coordination import heartbeat
from coordination.models import JobRun, OutboxMessage
from coordination.models.messages import MessageState
from coordination.models.traces import JobState

log = structlog.get_logger(__name__)

OLDEST_MESSAGE = dt.timedelta(minutes=10)
Finding = dict[str, Any]


def findings(*, now: dt.datetime) -> dict[str, Finding]:
    """One entry for each part, `ok` first; the rest says what was seen (ages in whole seconds).

    A part that cannot be asked is not ok, and the others are asked all the same.
    """
    parts: dict[str, Callable[[dt.datetime], Finding]] = {
        "database": _database,
        "redis": _redis,
        "worker": lambda moment: _process("worker", moment),
        "beat": lambda moment: _process("beat", moment),
        "outbox": _outbox,
        "jobs": _jobs,
    }
    return {name: _asked(name, ask, now) for name, ask in parts.items()}


def _asked(name: str, ask: Callable[[dt.datetime], Finding], now: dt.datetime) -> Finding:
    try:
        return ask(now)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
        log.warning("unhealthy", part=name, error=type(error).__name__)
        return {"ok": False, "error": type(error).__name__}


def _database(_now: dt.datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def _redis(now: dt.datetime) -> Finding:
    cache.set("health", now.timestamp(), 60)
    return {"ok": cache.get("health") == now.timestamp()}


def _process(who: str, now: dt.datetime) -> Finding:
    silent = heartbeat.silence(who, now=now)
    if silent is None:
        return {"ok": False, "silent_seconds": None}
    return {"ok": silent < heartbeat.SILENT_AFTER, "silent_seconds": int(silent.total_seconds())}


def _outbox(now: dt.datetime) -> Finding:
    waiting = OutboxMessage.objects.filter(state=MessageState.QUEUED, send_after__lte=now)
    oldest = waiting.aggregate(oldest=Min("send_after"))["oldest"]
    age = now - oldest if oldest else dt.timedelta()
    return {"ok": age < OLDEST_MESSAGE, "oldest_seconds": int(age.total_seconds())}


def _jobs(now: dt.datetime) -> Finding:
    """A job given up wants a person, but taking the service down would not help it: it stays ok."""
    day = now - dt.timedelta(days=1)
    given_up = JobRun.objects.filter(state=JobState.GIVEN_UP, created_at__gte=day)
    return {"ok": True, "given_up": given_up.count()}
