"""When a job is due: a schedule names the period that is due at a moment, and one row per period does the rest.

Beat is not asked: it stalls and skips at clock changes; it only ticks.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True)
class Minutes:
    """Every `step` minutes, counted in UTC from midnight, so `step` divides a day."""

    step: int

    def __post_init__(self) -> None:
        if self.step < 1 or 1440 % self.step:
            raise ValueError(f"{self.step} minutes do not divide a day")

    def due_period(self, now: dt.datetime) -> str:
        """The period `now` lies in. Periods nobody ticked in are left out: such jobs look at what is there."""
        moment = now.astimezone(dt.UTC)
        minutes = (moment.hour * 60 + moment.minute) // self.step * self.step
        return f"{moment:%Y-%m-%d}T{minutes // 60:02}:{minutes % 60:02}Z"


@dataclass(frozen=True)
class Daily:
    """Once a calendar day in Helsinki, from local wall time `at` on; missed then, it is due all that day."""

    at: dt.time

    def due_period(self, now: dt.datetime) -> str | None:
        """The local date once `at` has come, else None. A repeated hour in autumn has the same date: once."""
        local = now.astimezone(HELSINKI)
        return local.date().isoformat() if local.time() >= self.at else None


Schedule = Minutes | Daily


def minutes(step: int) -> Minutes:
    return Minutes(step)


def hourly() -> Minutes:
    return Minutes(60)


def daily_at(text: str) -> Daily:
    """`text` is local wall time in Helsinki, "06:30"."""
    return Daily(dt.time.fromisoformat(text))
