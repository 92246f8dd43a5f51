"""A clinic's sessions: those ahead, made for paper too, and those that are over."""

import datetime as dt
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination import clock
from coordination.access import requires
from coordination.permissions import Permission
from scheduling.forms.filters import PastFilter
from scheduling.models import Session
from scheduling.queries import unit as query
from scheduling.queries import unit_past
from scheduling.views.common import person

WEEKS_AHEAD = dt.timedelta(weeks=8)
PAGE = 25


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


@requires(Permission.VIEW_UNIT_SESSIONS)
@require_safe
def unit_sessions_past(request: HttpRequest) -> HttpResponse:
    """What became of the sessions that are over, the latest first."""
    form = PastFilter(request.GET)
    show = form.cleaned_data["show"] if form.is_valid() else ""
    rows = unit_past.listed(person(request), now=clock.now(), show=show)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = [unit_past.line(session) for session in page]
    context = {
        "title": _("Past sessions"),
        "form": PastFilter(initial={"show": show}),
        "show": show,
        "page": page,
        "lines": lines,
        "many_units": len({one.session.unit_id for one in lines}) > 1,
    }
    return render(request, "scheduling/unit_sessions_past.html", context)


def _monday(session: Session) -> dt.date:
    day = session.starts_at.astimezone(session.zone).date()
    return day - dt.timedelta(days=day.weekday())
