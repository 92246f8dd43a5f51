"""What happens by itself. A row for each job and period makes it happen once; each bears running twice."""

import datetime as dt

from coordination.jobs import daily_at, job, minutes
from coordination.wake import wake
from scheduling.services import not_held, offers, plan_work, reminders


@job(name="shift-reminders", every=daily_at("09:00"))
def remind(*, now: dt.datetime, period: str) -> None:
    """The day before, in the morning, so that there is time to say "I can't come"."""
    reminders.remind(now=now)


@job(name="closeout-prompts", every=daily_at("08:00"))
def prompt_closeouts(*, now: dt.datetime, period: str) -> None:
    """Once a day, about what ended since."""
    reminders.prompt_closeouts(now=now)


@job(name="offers-expire", every=minutes(5))
def expire_offers(*, now: dt.datetime, period: str) -> None:
    offers.expire_due(now=now)


@job(name="sessions-not-held", every=daily_at("03:50"))
def end_not_held(*, now: dt.datetime, period: str) -> None:
    not_held.end(now=now)


@job(name="series-horizon", every=daily_at("02:30"))
def extend_series(*, now: dt.datetime, period: str) -> None:
    reminders.extend_series(now=now)
    reminders.open_drafts(now=now)


@job(name="plan-sweep", every=minutes(1))
def sweep_plans(*, now: dt.datetime, period: str) -> None:
    """Runs whose worker is gone are marked; what nobody has taken up wakes a worker again."""
    from scheduling import tasks  # noqa: PLC0415  # tasks import this module

    runs, parts, drafts = plan_work.sweep(now=now)
    for run_id in runs:
        wake(tasks.plan_prepare, expires=_EXPIRES, run_id=run_id)
    for part_id in parts:
        wake(tasks.plan_part, expires=_EXPIRES, part_id=part_id)
    for run_id in drafts:
        wake(tasks.plan_publish_run, expires=_EXPIRES, run_id=run_id)


_EXPIRES = 60  # the next sweep sends a new one
