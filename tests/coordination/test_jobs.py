"""Each job once for each period, whatever happens to ticks and workers."""

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from coordination import clock, jobs, retention
from coordination.models import JobRun
from coordination.models.traces import JobState
from coordination.tasks import run_job, tick
from tests.harness import jobs as made_up
from tests.harness.worker import CeleryWorker

NOON = dt.datetime(2027, 3, 4, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def only_made_up_jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    names = (made_up.STEADY, made_up.POISON, made_up.SLOW)
    monkeypatch.setattr(jobs, "registry", {name: jobs.registry[name] for name in names})
    yield
    made_up.forget()


def states(name: str) -> list[tuple[str, int]]:
    return list(JobRun.objects.filter(job=name).values_list("state", "attempts"))


def test_a_second_tick_in_the_same_period_adds_nothing(db: None) -> None:
    first = jobs.due(now=NOON)
    assert len(first) == 3
    assert jobs.due(now=NOON + dt.timedelta(hours=3)) == []
    assert JobRun.objects.count() == 3


def test_the_next_day_is_a_new_period(db: None) -> None:
    jobs.due(now=NOON)
    jobs.due(now=NOON + dt.timedelta(days=1))
    assert sorted(JobRun.objects.filter(job=made_up.STEADY).values_list("period", flat=True)) == [
        "2027-03-04",
        "2027-03-05",
    ]


def test_ticks_at_the_same_moment_write_one_row_and_one_of_them_runs_it(
    transactional_db: None,
) -> None:
    gate = threading.Barrier(8)
    ran: list[bool] = []

    def one_tick() -> None:
        gate.wait()
        for pk in jobs.due(now=NOON):
            steady = JobRun.objects.get(pk=pk).job == made_up.STEADY
            ran.extend([jobs.run(pk, now=NOON)] if steady else [])
        connection.close()

    threads = [threading.Thread(target=one_tick) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ran.count(True) == 1
    assert states(made_up.STEADY) == [(JobState.DONE, 1)]
    assert made_up.notes() == ["steady 2027-03-04"]


def test_a_lost_message_is_woken_again_after_a_minute(db: None) -> None:
    ids = jobs.due(now=NOON)
    assert jobs.sweep(now=NOON + dt.timedelta(seconds=59)) == []
    assert sorted(jobs.sweep(now=NOON + dt.timedelta(seconds=61))) == sorted(ids)


def test_a_poison_job_is_given_up_after_five_attempts(db: None) -> None:
    jobs.due(now=NOON)
    row = JobRun.objects.get(job=made_up.POISON)
    for attempt in range(8):
        now = NOON + dt.timedelta(minutes=2 * attempt)
        jobs.sweep(now=now)
        jobs.run(row.pk, now=now)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error_code) == (JobState.GIVEN_UP, 5, "LookupError")
    assert row.finished_at is not None
    assert made_up.notes() == ["poison"] * 5


def test_a_job_that_takes_its_worker_down_each_time_is_given_up(db: None) -> None:
    jobs.due(now=NOON)
    JobRun.objects.filter(job=made_up.SLOW).update(
        state=JobState.RUNNING, attempts=5, started_at=NOON
    )
    jobs.sweep(now=NOON + dt.timedelta(seconds=4))
    row = JobRun.objects.get(job=made_up.SLOW)
    assert (row.state, row.error_code) == (JobState.GIVEN_UP, "lost_with_worker")


def test_a_running_job_is_left_alone_until_its_limit(db: None) -> None:
    jobs.due(now=NOON)
    JobRun.objects.exclude(job=made_up.SLOW).delete()
    JobRun.objects.update(state=JobState.RUNNING, attempts=1, started_at=NOON)
    assert jobs.sweep(now=NOON + dt.timedelta(seconds=3)) == []
    assert states(made_up.SLOW) == [(JobState.RUNNING, 1)]


def test_two_jobs_of_one_name_are_refused() -> None:
    def other(*, now: dt.datetime, period: str) -> None: ...

    with pytest.raises(ValueError, match="Two jobs are called 'test-steady'"):
        jobs.job(name=made_up.STEADY, every=jobs.hourly())(other)


def test_finished_rows_go_after_thirty_days(db: None) -> None:
    old = NOON - dt.timedelta(days=31)
    for state in (JobState.DONE, JobState.GIVEN_UP):
        JobRun.objects.create(job=state, period="x", state=state, created_at=old)
    JobRun.objects.create(job="new", period="x", state=JobState.DONE, created_at=NOON)
    retention.apply(now=NOON)
    assert set(JobRun.objects.values_list("job", flat=True)) == {"new", JobState.GIVEN_UP}


def test_a_real_worker_runs_what_a_tick_finds(celery_worker: CeleryWorker) -> None:
    tick.delay()
    celery_worker.wait_for(lambda: JobRun.objects.filter(state=JobState.DONE).exists())
    celery_worker.wait_for(lambda: states(made_up.STEADY) == [(JobState.DONE, 1)])


def test_a_tick_while_no_worker_runs_is_not_lost(celery_worker: CeleryWorker) -> None:
    celery_worker.kill()
    tick.delay()
    tick.delay()
    celery_worker.start()
    celery_worker.wait_for(lambda: states(made_up.STEADY) == [(JobState.DONE, 1)])
    assert made_up.notes().count(f"steady {clock.today().isoformat()}") == 1


def test_a_job_of_a_killed_worker_is_done_by_the_next_one(celery_worker: CeleryWorker) -> None:
    (row,) = JobRun.objects.bulk_create(
        [JobRun(job=made_up.SLOW, period="hang", created_at=clock.now())]
    )
    run_job.delay(job_run_id=row.pk)
    celery_worker.wait_for(lambda: made_up.notes() == ["slow begins"])
    celery_worker.kill()
    assert states(made_up.SLOW) == [(JobState.RUNNING, 1)]

    celery_worker.start()

    def ticked_until_done() -> bool:
        for pk in jobs.sweep(now=clock.now()):
            run_job.delay(job_run_id=pk)
        return states(made_up.SLOW) == [(JobState.DONE, 2)]

    celery_worker.wait_for(ticked_until_done, seconds=30)
    assert made_up.notes() == ["slow begins", "slow begins", "slow ends"]
