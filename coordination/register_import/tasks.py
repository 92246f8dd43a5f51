"""The worker's part of a register import; the row decides, the message only wakes."""

import datetime as dt
from typing import Any

from celery import shared_task

from coordination import clock, jobs
from coordination.services import register_imports
from coordination.wake import wake

_EXPIRES = 60  # the next sweep sends a new one


@shared_task(name="coordination.register_import.work")
def work(*, import_id: int, **kwargs: Any) -> None:
    register_imports.work(import_id, now=clock.now())


@jobs.job(name="register-import-sweep", every=jobs.minutes(1))
def sweep(*, now: dt.datetime, period: str) -> None:
    for import_id in register_imports.sweep(now=now):
        wake(work, expires=_EXPIRES, import_id=import_id)
