"""The only place that asks what time it is; everything else takes `now` as an argument."""

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """The current moment, aware, in UTC."""
    return timezone.now()
