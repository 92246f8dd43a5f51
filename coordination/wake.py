"""Waking a worker: only ever a hint, since rows in the database say what is to be done."""

from functools import partial
from typing import Any

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def wake(task: "Task[Any, Any]", *, expires: float | None = None, **kwargs: Any) -> None:
    """Queue a task after the commit of the current transaction; `expires` in seconds.

    When the broker is away this writes a log line and returns: what is to be done stands in a row, and
    a sweep finds it. So a page never fails because Redis is down.
    """
    transaction.on_commit(partial(_send, task, expires, kwargs))


def _send(task: "Task[Any, Any]", expires: float | None, kwargs: dict[str, Any]) -> None:
    try:
        limits: dict[str, Any] = {} if expires is None else {"expires": expires}
        task.apply_async(kwargs=kwargs, retry=False, **limits)
    except OperationalError:
        log.warning("broker away, the sweep will find it", task=task.name)
