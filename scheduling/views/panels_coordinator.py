"""Panels of the coordinator's day."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coordination import clock, formats
from coordination.access import requires
from coordination.permissions import Permission
from scheduling.queries import today as query


def open_seats(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Seats nobody has, the soonest first. Who fits is asked after the page is there: it takes longer."""
    return _seats(query.open_seats(now=now))


@requires(Permission.VIEW_TODAY)
@require_safe
def open_seats_fitting(request: HttpRequest) -> HttpResponse:
    """The lines of the panel once more, for HTMX, with how many people fit and the best of them."""
    now = clock.now()
    found = query.with_fitting(query.open_seats(now=now), now=now)
    context = {**_seats(found), "now": now, "is_whole": True}
    return render(request, "scheduling/parts/open_seats.html", context)


def _seats(found: query.OpenSeats) -> dict[str, Any]:
    return {"lines": found.lines, "total": found.total, "more": found.total - len(found.lines)}


def given_up(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """People who cannot come, and who has been asked since."""
    found = query.given_up(now=now)
    return {"lines": found} if found else None


def requests(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Bookings that wait for a decision."""
    found = list(query.requested())
    return {"bookings": found[: query.SHOWN], "total": len(found)} if found else None


def drafts(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Sessions to come that are not published yet, a series in one line."""
    found = query.drafts(now=now)
    return {"sessions": found[: query.SHOWN], "total": len(found)} if found else None


def unanswered(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Proposals nobody has answered in two days."""
    found = list(query.unanswered(now=now))
    return {"assignments": found[: query.SHOWN], "total": len(found)} if found else None


def not_recorded(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Sessions that are over and not closed out."""
    found = list(query.not_recorded(now=now))
    return {"sessions": found[: query.SHOWN], "total": len(found)} if found else None


def fill_rate(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """How many of the seats were filled in eight weeks, as a line and as a table."""
    fill = query.fill_rate(now=now)
    if not fill.has_seats:
        return None
    values = [week.percent for week in fill.weeks]
    label = ", ".join(f"{formats.week_number(w.monday)} {w.percent} %" for w in fill.weeks)
    return {"fill": fill, "values": values, "label": label}
