"""A real worker plans, stops when told, and is killed in mid-run: no half plan, the run says so."""

import datetime as dt

import pytest

from coordination import clock
from coordination.clock import HOME_ZONE
from coordination.tasks import tick
from coordination.wake import wake
from experts.models import Orientation
from scheduling import tasks
from scheduling.models import Assignment, PlanRun, PlanSeat, PlanState
from scheduling.services import plan_runs, plan_work
from tests.cast import Cast
from tests.harness.worker import CeleryWorker
from tests.scheduling.makers import make_experts, make_session

TODAY = clock.now().astimezone(HOME_ZONE).date()


@pytest.fixture
def month(celery_worker: CeleryWorker, cast: Cast) -> Cast:
    """A month too hard to be solved within seconds: eighteen people, four shifts a day of four lengths."""
    kinds = [cast.kinds["lobby_shift"], cast.kinds["group_session"]]
    people = make_experts(18, units=[cast.sastamala.unit, cast.nokia.unit], kinds=kinds)
    for number, person in enumerate(people):
        person.weekly_hours, person.monthly_sessions = 5 + number % 4, 7
        person.home_municipality = ("Nokia", "Sastamala", "Tampere")[number % 3]
        person.save()
    for day in range(2, 30):
        on = TODAY + dt.timedelta(days=day)
        for number, (hour, place) in enumerate(
            ((8, cast.sastamala), (9, cast.nokia), (11, cast.sastamala), (13, cast.nokia))
        ):
            make_session(place, f"{on} {hour:02}:00", (2, 3, 2.5, 3.5)[(day + number) % 4])
    return cast


def _start(cast: Cast, *, seconds: int) -> PlanRun:
    run = plan_runs.start(
        starts_on=TODAY,
        ends_on=TODAY + dt.timedelta(days=31),
        weights={},
        seconds=seconds,
        by=cast.coordinator,
        now=clock.now(),
    )
    wake(tasks.plan_prepare, run_id=run.pk)
    return run


def _now(run: PlanRun) -> PlanRun:
    return PlanRun.objects.get(pk=run.pk)


def _in_the_middle(run: PlanRun) -> bool:
    return run.parts.filter(
        claimed_at__isnull=False, finished_at__isnull=True, filled__gt=0, bound__isnull=False
    ).exists()


def test_a_worker_plans_and_publishes(celery_worker: CeleryWorker, month: Cast) -> None:
    run = _start(month, seconds=5)
    celery_worker.wait_for(lambda: not _now(run).is_working, seconds=60)
    done = _now(run)
    assert (done.state, done.seats) == (PlanState.DONE, 112)
    assert done.filled == done.planned.count() > 95
    assert done.bound is not None
    assert done.bound <= done.objective
    assert not done.parts.exists()
    plan_runs.ask_to_publish(done, by=month.coordinator, now=clock.now())
    wake(tasks.plan_publish_run, run_id=run.pk)
    celery_worker.wait_for(lambda: _now(run).state == PlanState.PUBLISHED, seconds=60)
    refused = list(done.planned.filter(outcome="refused").values_list("why", flat=True))
    assert refused == [], "the planner's limits are those of the rules"
    assert Assignment.objects.filter(state="proposed").count() == done.filled


def test_a_killed_worker_leaves_no_half_plan(celery_worker: CeleryWorker, month: Cast) -> None:
    run = _start(month, seconds=600)
    celery_worker.wait_for(lambda: _in_the_middle(run), seconds=60)
    celery_worker.kill()
    assert _now(run).state == PlanState.RUNNING
    assert not PlanSeat.objects.exists()
    # so much later nobody has heard of it
    silent = clock.now() - 2 * plan_work.LOST_AFTER
    run.parts.filter(finished_at__isnull=True).update(heartbeat_at=silent)
    celery_worker.start()
    tick.delay()
    celery_worker.wait_for(lambda: _now(run).state == PlanState.FAILED, seconds=60)
    assert _now(run).error_code == "lost_with_worker"
    assert not PlanSeat.objects.exists()
    assert not run.parts.exists()
    again = _start(month, seconds=5)
    celery_worker.wait_for(lambda: _now(again).state == PlanState.DONE, seconds=60)
    assert _now(again).filled > 95


def test_a_run_stops_soon_after_it_is_told_and_keeps_the_best(
    celery_worker: CeleryWorker, month: Cast
) -> None:
    run = _start(month, seconds=300)
    celery_worker.wait_for(lambda: _in_the_middle(run), seconds=60)
    plan_runs.stop(_now(run), by=month.coordinator, now=clock.now())
    celery_worker.wait_for(lambda: not _now(run).is_working, seconds=60)
    stopped = _now(run)
    assert stopped.state == PlanState.STOPPED
    assert stopped.filled == stopped.planned.count() > 95


def test_regions_are_planned_side_by_side_and_become_one_plan(
    celery_worker: CeleryWorker, month: Cast
) -> None:
    """Half of the people know one unit, half the other: two regions, two processes."""
    for unit, place in enumerate((month.sastamala, month.nokia)):
        known = Orientation.objects.filter(unit=place.unit).order_by("expert_id")
        strangers = [row.pk for row in known][unit::2]
        Orientation.objects.filter(pk__in=strangers).delete()
    celery_worker.kill()
    celery_worker.concurrency = 2
    celery_worker.start()

    run = _start(month, seconds=300)
    at_work = run.parts.filter(claimed_at__isnull=False, finished_at__isnull=True, filled__gt=0)
    celery_worker.wait_for(lambda: at_work.count() == 2, seconds=60)
    plan_runs.stop(_now(run), by=month.coordinator, now=clock.now())
    celery_worker.wait_for(lambda: not _now(run).is_working, seconds=60)

    stopped = _now(run)
    assert stopped.filled == stopped.planned.count()
    assert set(stopped.planned.values_list("session__unit__name", flat=True)) == {
        month.sastamala.unit.name,
        month.nokia.unit.name,
    }


def test_a_lost_message_is_found_by_the_sweep(celery_worker: CeleryWorker, month: Cast) -> None:
    run = plan_runs.start(
        starts_on=TODAY,
        ends_on=TODAY + dt.timedelta(days=31),
        weights={},
        seconds=5,
        by=month.coordinator,
        now=clock.now() - 2 * plan_work.WAKE_AFTER,
    )
    tick.delay()
    celery_worker.wait_for(lambda: _now(run).state == PlanState.DONE, seconds=60)
