"""The list as a file for a spreadsheet."""

import csv
import datetime as dt

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from coordination import clock, formats
from coordination.access import UserRequest, requires
from coordination.permissions import Permission
from coordination.spreadsheets import safe_text
from experts import spoken
from experts.forms.register import FilterForm
from experts.queries import register as people
from experts.queries.register import Line
from experts.services import looks

BOM = "\ufeff"
"""Without it Excel in Finland reads the letters wrong."""


@requires(Permission.VIEW_REGISTER)
@require_GET
def export(request: UserRequest) -> HttpResponse:
    """The people of the list, filtered as it is. Everybody on it sees in their log that they were."""
    now = clock.now()
    today = clock.today(now)
    form = FilterForm(request.GET, user=request.user)
    found = people.find(form.wanted(), user=request.user, today=today)
    lines = people.lines(found.prefetch_related("kinds"), today=today)
    seen = [line.expert.pk for line in lines]
    looks.note(seen, viewer=request.user, page="experts:export", now=now)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"kokemusasiantuntijat-{today.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write(BOM)
    writer = csv.writer(response, delimiter=";")
    writer.writerow(_headers())
    writer.writerows([safe_text(cell) for cell in _cells(line)] for line in lines)
    return response


def _headers() -> list[str]:
    return [
        *(_("Name"), _("Status"), _("E-mail"), _("Phone"), _("Home municipality")),
        *(_("Languages spoken"), _("Forms of work"), _("Hours a week, at most")),
        *(_("Shifts a month, at most"), _("Next due"), _("Missing")),
    ]


def _cells(line: Line) -> list[str]:
    expert, due = line.expert, line.ready.supervision.due_on
    return [
        *(expert.name, str(expert.get_status_display()), expert.email, expert.phone),
        *(expert.home_municipality, spoken.names(expert.languages)),
        ", ".join(kind.name for kind in expert.kinds.all()),
        formats.number(expert.weekly_hours) if expert.weekly_hours is not None else "",
        str(expert.monthly_sessions) if expert.monthly_sessions is not None else "",
        _date(due),
        " ".join(str(lack.text) for lack in line.lacks),
    ]


def _date(day: dt.date | None) -> str:
    return formats.date(day) if day else ""
