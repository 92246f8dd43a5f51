"""Tasks of the ground floor. Each takes an id, may run any number of times, and calls one function."""

import datetime as dt
from typing import Any

from celery import shared_task

from coordination import clock, heartbeat, jobs, retention
from coordination.register_import import tasks as register_import_tasks  # noqa: F401 - its tasks and jobs
from coordination.services import messages
from coordination.wake import wake

WAKE_EXPIRES = 60  # the next sweep sends a new one


@shared_task(name="coordination.tasks.tick")
def tick(**kwargs: Any) -> None:
    """What beat sends every 30 s. The database decides what is due, so two ticks do no more than one."""
    now = clock.now()
    heartbeat.beat("worker", now=now)
    for job_run_id in [*jobs.due(now=now), *jobs.sweep(now=now)]:
        wake(run_job, expires=WAKE_EXPIRES, job_run_id=job_run_id)


@shared_task(name="coordination.tasks.run_job")
def run_job(*, job_run_id: int, **kwargs: Any) -> None:
    jobs.run(job_run_id, now=clock.now())


@shared_task(name="coordination.tasks.mail_send_message")
def send_message(*, message_id: int, **kwargs: Any) -> None:
    messages.send(message_id, now=clock.now())


@jobs.job(name="outbox-sweep", every=jobs.minutes(1))
def sweep_outbox(*, now: dt.datetime, period: str) -> None:
    messages.sweep(now=now)


@jobs.job(name="retention", every=jobs.daily_at("03:20"), limit=dt.timedelta(hours=2))
def apply_retention(*, now: dt.datetime, period: str) -> None:
    """At night, when nobody waits for a row."""
    retention.apply(now=now)
