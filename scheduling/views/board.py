"""The week board."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination import clock, formats
from coordination.access import requires
from coordination.permissions import Permission
from scheduling.forms.filters import BoardFilter
from scheduling.queries import board as query
from scheduling.views.common import person

COMPACT = "compact"


@requires(Permission.VIEW_BOARD)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Units down, days across; week, filter and density are in the address."""
    user, today = person(request), clock.today()
    form = BoardFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out of cleaned_data, and shows everything
    data = form.cleaned_data
    week = query.Week.read(data.get("week", ""), otherwise=today)
    kind, expert = data.get("kind"), data.get("expert")
    chosen = query.Filter(
        unit=data.get("unit"),
        kind_id=kind.pk if kind else None,
        expert_id=expert.pk if expert else None,
        only_open=bool(data.get("open")),
    )
    found = query.load(user, week=week, chosen=chosen, zone=clock.HOME_ZONE)
    return render(
        request,
        "scheduling/board.html",
        {
            "title": _("Week board"),
            "week_name": formats.week_number(week.monday),
            "board": found,
            "form": BoardFilter(initial={**data, "week": week.text}, user=user),
            "filtered": bool(chosen.unit) or chosen.narrows,
            "previous": week.moved(-1).text,
            "following": week.moved(1).text,
            "this_week": query.Week.of(today).text,
            "today": today,
            "compact": data.get("density") == COMPACT,
        },
    )
