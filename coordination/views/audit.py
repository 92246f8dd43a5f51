"""The audit: who changed what, before → after."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination import clock
from coordination.access import UserRequest, requires
from coordination.clock import HOME_ZONE
from coordination.forms.messages import AuditFilter
from coordination.permissions import Permission
from coordination.queries import audit as found
from coordination.services import traces
from coordination.views.common import filtered, page_of


@requires(Permission.VIEW_AUDIT)
@require_safe
def audit(request: UserRequest) -> HttpResponse:
    """Changes, the newest first. Changes of a person's own data count as a look at it."""
    form, values = filtered(AuditFilter, request)
    page = page_of(
        request,
        found.entries(
            what=values["what"],
            who=values["who"],
            since=_midnight(values["since"]),
            until=_midnight(values["until"], days=1),
        ),
    )
    entries = found.read(page.object_list)
    for kind in ("expert", "user"):
        seen = {entry.about[1] for entry in entries if entry.about and entry.about[0] == kind}
        traces.looked_at_all(
            subject_kind=kind,
            subject_ids=sorted(seen),
            viewer=request.user,
            page="audit",
            now=clock.now(),
        )
    context = {"title": _("Changes"), "filter": form, "page": page, "entries": entries}
    return render(request, "coordination/audit/list.html", context)


def _midnight(day: dt.date | str | None, *, days: int = 0) -> dt.datetime | None:
    """The beginning of a day in Helsinki, `days` later."""
    if not isinstance(day, dt.date):
        return None
    return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(), tzinfo=HOME_ZONE)
