"""Celery finds the jobs through this module, and the planner's tasks, which have a queue of their own."""

from typing import Any

from celery import shared_task

from coordination import clock
from coordination.wake import wake
from scheduling import jobs
from scheduling.services import plan_publish, plan_work

__all__ = ["jobs", "plan_part", "plan_prepare", "plan_publish_run"]


@shared_task(name="scheduling.tasks.plan_prepare")
def plan_prepare(*, run_id: int, **kwargs: Any) -> None:
    for part_id in plan_work.prepare(run_id, now=clock.now()):
        wake(plan_part, part_id=part_id)


@shared_task(name="scheduling.tasks.plan_part")
def plan_part(*, part_id: int, **kwargs: Any) -> None:
    plan_work.plan_part(part_id, now=clock.now())


@shared_task(name="scheduling.tasks.plan_publish")
def plan_publish_run(*, run_id: int, **kwargs: Any) -> None:
    plan_publish.work(run_id, now=clock.now())
