"""kill -9 in the middle of writing reminders: after the next worker's turn each is there exactly once.

Sending itself is tried the same way in tests/coordination/messages/test_never_twice.py.
"""

import datetime as dt

import pytest

from coordination import clock, jobs
from coordination.clock import HOME_ZONE
from coordination.models import JobRun, OutboxMessage
from coordination.models.traces import JobState
from coordination.tasks import run_job, tick
from scheduling import tasks  # noqa: F401 — registers the jobs
from scheduling.models import Assignment, AssignmentState, Offer, Session
from scheduling.services import offers
from tests.cast import Cast
from tests.harness.worker import CeleryWorker
from tests.scheduling.makers import make_experts, make_session

PEOPLE = 150


@pytest.fixture
def shifts_tomorrow(celery_worker: CeleryWorker, cast: Cast) -> set[str]:
    """So many people with a shift tomorrow at noon, by the real clock; the keys of their reminders."""
    tomorrow = clock.now().astimezone(HOME_ZONE).date() + dt.timedelta(days=1)
    sessions = [
        make_session(cast.sastamala, f"{tomorrow} 12:00", seats=50) for _n in range(PEOPLE // 50)
    ]
    kind = cast.kinds["lobby_shift"]
    people = make_experts(PEOPLE, units=[cast.sastamala.unit], kinds=[kind])
    now = clock.now()
    made = Assignment.objects.bulk_create(
        Assignment(
            session=sessions[number // 50],
            expert=expert,
            seat=number % 50 + 1,
            state=AssignmentState.CONFIRMED,
            proposed_at=now,
            changed_at=now,
        )
        for number, expert in enumerate(people)
    )
    return {f"reminder:assignment:{assignment.pk}" for assignment in made}


def _reminders() -> "list[str]":
    keys = OutboxMessage.objects.filter(kind="reminder").values_list("key", flat=True)
    return [":".join(key.split(":")[:3]) for key in keys]


def test_reminders_of_a_killed_worker_are_neither_lost_nor_doubled(
    celery_worker: CeleryWorker, shifts_tomorrow: set[str]
) -> None:
    row = JobRun.objects.create(job="shift-reminders", period="killed", created_at=clock.now())
    run_job.apply_async(kwargs={"job_run_id": row.pk})
    celery_worker.wait_for(lambda: len(_reminders()) > 20)
    celery_worker.kill()
    written = len(_reminders())
    assert 0 < written < PEOPLE, "it was not in the middle"
    row.refresh_from_db()
    assert row.state == JobState.RUNNING
    # the time after which a silent run counts as lost, without waiting for it
    limit = jobs.registry["shift-reminders"].limit
    JobRun.objects.filter(pk=row.pk).update(started_at=clock.now() - 2 * limit)
    celery_worker.start()
    tick.delay()
    celery_worker.wait_for(lambda: JobRun.objects.get(pk=row.pk).state == JobState.DONE, seconds=60)
    found = _reminders()
    assert len(found) == PEOPLE
    assert set(found) == shifts_tomorrow
    row.refresh_from_db()
    assert row.attempts == 2


def test_offers_of_a_killed_worker_expire_once(celery_worker: CeleryWorker, cast: Cast) -> None:
    now = clock.now()
    soon = (now + dt.timedelta(days=3)).astimezone(HOME_ZONE)
    kind = cast.kinds["lobby_shift"]
    people = make_experts(80, units=[cast.sastamala.unit], kinds=[kind])
    for number in range(4):
        session = make_session(cast.sastamala, f"{soon:%Y-%m-%d} 0{number + 1}:00", 1)
        offers.send(
            Session.objects.get(pk=session.pk),
            experts=people[number * 20 : number * 20 + 20],
            expires_at=now + dt.timedelta(seconds=1),
            by=cast.coordinator,
            now=now,
        )
    celery_worker.wait_for(lambda: clock.now() > now + dt.timedelta(seconds=1))
    row = JobRun.objects.create(job="offers-expire", period="killed", created_at=now)
    run_job.apply_async(kwargs={"job_run_id": row.pk})
    celery_worker.wait_for(lambda: Offer.objects.filter(state="expired").count() > 10)
    celery_worker.kill()
    half = Offer.objects.filter(state="expired").count()
    assert 0 < half < 80, "it was not in the middle"
    JobRun.objects.filter(pk=row.pk).update(started_at=now - dt.timedelta(hours=1))
    celery_worker.start()
    tick.delay()
    celery_worker.wait_for(lambda: JobRun.objects.get(pk=row.pk).state == JobState.DONE, seconds=60)
    assert Offer.objects.filter(state="expired").count() == 80
    # each session's sender hears once that nobody took it
    assert OutboxMessage.objects.filter(kind="offers_ran_out").count() == 4
