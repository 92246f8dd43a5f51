"""What happens by itself. A row for each job and period makes it happen once; each bears running twice."""

import datetime as dt

from coordination.jobs import daily_at, job, minutes
from scheduling.services import offers, reminders


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


@job(name="series-horizon", every=daily_at("02:30"))
def extend_series(*, now: dt.datetime, period: str) -> None:
    reminders.extend_series(now=now)
    reminders.open_drafts(now=now)
