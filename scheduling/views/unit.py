"""A clinic's list of sessions, made for paper too."""

import datetime as dt
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination import clock
from coordination.access import requires
from coordination.permissions import Permission
from scheduling.models import Session
from scheduling.queries import unit as query
from scheduling.views.common import person

WEEKS_AHEAD = dt.timedelta(weeks=8)


@requires(Permission.VIEW_UNIT_SESSIONS)
@require_safe
def unit_sessions(request: HttpRequest) -> HttpResponse:
    """Eight weeks ahead by week: when, where, who comes."""
    now = clock.now()
    rows = query.coming(person(request), now=now, until=now + WEEKS_AHEAD)
    weeks = [(week, list(found)) for week, found in groupby(rows, key=_monday)]
    units = {session.unit_id for _week, found in weeks for session in found}
    context = {"title": _("Sessions of my unit"), "weeks": weeks, "many_units": len(units) > 1}
    return render(request, "scheduling/unit_sessions.html", context)


def _monday(session: Session) -> dt.date:
    day = session.starts_at.astimezone(session.zone).date()
    return day - dt.timedelta(days=day.weekday())
