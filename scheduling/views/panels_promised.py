"""A panel of Today: what was promised though something is missing."""

import datetime as dt
from typing import Any

from django.http import HttpRequest

from scheduling.queries import promised
from scheduling.queries.today import SHOWN


def promised_lacking(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Sessions with people on them whose unit lacks a paper, a line for each unit and form of work."""
    found = promised.lacking(now=now)
    return {"lines": found[:SHOWN], "total": len(found)} if found else None
