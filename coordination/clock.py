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


FIRST_YEAR, LAST_YEAR = 2000, 2199
"""No shift, rule or paper is before or after; inside, a week or a month can be added without a fault."""


def in_our_years(day: dt.date) -> bool:
    """Whether a day that somebody typed, or that stands in an address, can be meant."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
