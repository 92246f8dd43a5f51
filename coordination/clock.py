"""The only place that asks what time it is; everything else takes `now` as an argument."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> dt.datetime:
    """The current moment, aware, in UTC."""
    return timezone.now()


HOME_ZONE = ZoneInfo("Europe/Helsinki")
"""The zone in which days are counted where no unit's zone is at hand."""


def today(at: dt.datetime | None = None) -> dt.date:
    """The calendar day in the home zone, now or at a given moment."""
    return (at or now()).astimezone(HOME_ZONE).date()
