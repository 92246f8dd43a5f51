"""Jobs that happen by themselves, each once for each period, whatever beat, broker and workers do.

    @job(name="outbox-sweep", every=minutes(1))
    def sweep_outbox(*, now: dt.datetime, period: str) -> None: ...

in a package's tasks.py (or a module that one imports) is all it takes. A unique row (job, period)
makes it happen; a message only wakes a worker. A job may be cut short and run again for the same
period, so it must bear being run twice. It gets no transaction around it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import structlog
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from coordination import clock
from coordination.models import JobRun
from coordination.models.traces import JobState
from coordination.schedule import Schedule, daily_at, hourly, minutes

__all__ = ["daily_at", "due", "hourly", "job", "minutes", "registry", "run", "sweep"]

if TYPE_CHECKING:
    from django.db.models import QuerySet

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 5
WAKE_AGAIN_AFTER = dt.timedelta(seconds=60)
LIMIT = dt.timedelta(minutes=10)


class JobFunction(Protocol):
    def __call__(self, *, now: dt.datetime, period: str) -> None: ...


@dataclass(frozen=True)
class Job:
    """`limit`: a run that has not ended by then counts as lost with its worker, and runs again."""

    name: str
    every: Schedule
    function: JobFunction
    limit: dt.timedelta


registry: dict[str, Job] = {}


def job(
    *, name: str, every: Schedule, limit: dt.timedelta = LIMIT
) -> Callable[[JobFunction], JobFunction]:
    """Register a function to be run once for each period. Raises ValueError when the name is taken."""

    def register(function: JobFunction) -> JobFunction:
        known = registry.get(name)
        if known is not None and known.function is not function:
            raise ValueError(f"Two jobs are called {name!r}")
        registry[name] = Job(name=name, every=every, function=function, limit=limit)
        return function

    return register


def due(*, now: dt.datetime) -> list[int]:
    """Write down every job whose period has begun; returns the ids of the new rows, which want a worker.

    Two ticks at once write one row: the database decides (ON CONFLICT DO NOTHING).
    """
    wanted = {
        (name, period)
        for name, known in registry.items()
        if (period := known.every.due_period(now)) is not None
    }
    there = set(
        JobRun.objects.filter(
            job__in=[name for name, _ in wanted], period__in=[period for _, period in wanted]
        ).values_list("job", "period")
    )
    ids: list[int] = []
    for name, period in sorted(wanted - there):
        row = JobRun(job=name, period=period, created_at=now)
        JobRun.objects.bulk_create([row], ignore_conflicts=True)
        ids += JobRun.objects.filter(
            job=name, period=period, state=JobState.QUEUED, attempts=0
        ).values_list("pk", flat=True)
    return ids


def sweep(*, now: dt.datetime) -> list[int]:
    """Find what got stuck; returns the ids of rows that want a worker again.

    Queued rows whose message was lost or whose last attempt failed, and running ones beyond their limit.
    Whoever has had five attempts is given up.
    """
    stuck = Q(state=JobState.QUEUED) & Q(last_touched__lt=now - WAKE_AGAIN_AFTER)
    for name, known in registry.items():
        stuck |= Q(state=JobState.RUNNING, job=name, started_at__lt=now - known.limit)
    rows = JobRun.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING])
    rows = rows.annotate(last_touched=Coalesce("started_at", "created_at")).filter(stuck)
    ids = list(rows.values_list("pk", flat=True))
    _give_up(ids, now=now)
    JobRun.objects.filter(pk__in=ids, state=JobState.RUNNING).update(state=JobState.QUEUED)
    return list(
        JobRun.objects.filter(pk__in=ids, state=JobState.QUEUED).values_list("pk", flat=True)
    )


def run(job_run_id: int, *, now: dt.datetime) -> bool:
    """Run one row's job if nobody else does; returns whether it was run here to its end.

    An error is logged, leaves its code on the row and brings it back to the queue for the sweep.
    """
    claimed = JobRun.objects.filter(
        pk=job_run_id, state=JobState.QUEUED, attempts__lt=MOST_ATTEMPTS
    ).update(state=JobState.RUNNING, attempts=F("attempts") + 1, started_at=now)
    if not claimed:
        return False
    row = JobRun.objects.get(pk=job_run_id)
    known = registry.get(row.job)
    if known is None:  # from an older or newer release than this worker's
        return _failed(row, code="unknown_job")
    try:
        known.function(now=now, period=row.period)
    except Exception as error:
        log.exception("job failed", job=row.job, period=row.period, attempt=row.attempts)
        return _failed(row, code=str(getattr(error, "code", "") or type(error).__name__))
    _mine(row).update(state=JobState.DONE, finished_at=clock.now(), error_code="")
    return True


def _mine(row: JobRun) -> "QuerySet[JobRun]":
    """The row as long as it is this attempt's: after the sweep took it away, its new owner decides."""
    return JobRun.objects.filter(pk=row.pk, state=JobState.RUNNING, attempts=row.attempts)


def _failed(row: JobRun, *, code: str) -> bool:
    spent = row.attempts >= MOST_ATTEMPTS
    _mine(row).update(
        state=JobState.GIVEN_UP if spent else JobState.QUEUED,
        finished_at=clock.now() if spent else None,
        error_code=code[:60],
    )
    return False


def _give_up(ids: list[int], *, now: dt.datetime) -> None:
    """A run that takes its worker down each time never gets to report: it is counted here."""
    spent = JobRun.objects.filter(pk__in=ids, attempts__gte=MOST_ATTEMPTS)
    spent.filter(error_code="").update(error_code="lost_with_worker")
    spent.update(state=JobState.GIVEN_UP, finished_at=now)
