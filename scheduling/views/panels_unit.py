"""Panels of a clinic's home."""

import datetime as dt
from typing import Any

from django.http import HttpRequest

from scheduling.queries import unit as query
from scheduling.views.common import person

SHOWN = 6


def coming(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """The next sessions, with who comes."""
    return {"sessions": list(query.coming(person(request), now=now)[:SHOWN])}


def to_close(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Sessions that are over, to be marked as held."""
    found = list(query.to_close(person(request), now=now))
    return {"sessions": found[:SHOWN], "total": len(found)} if found else None


def bookings(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Bookings nobody has decided about yet."""
    found = list(query.waiting_bookings(person(request)))
    return {"bookings": found[:SHOWN], "total": len(found)} if found else None
