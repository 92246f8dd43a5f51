"""What this package puts into the menu and onto Today."""

import datetime as dt
from typing import Any

from django.db.models import Count, Window
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coordination import clock
from coordination.models import Unit
from coordination.permissions import Permission
from coordination.queries import messages, people, places
from coordination.web import menu, panels

SHOWN = 5
"""Lines on a panel; the rest is a click away."""


def papers(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Units whose agreements or other papers are missing or end within 60 days, a line for each."""
    units: dict[int, list[places.Concern]] = {}
    for concern in places.concerns(on=clock.today(now)):
        units.setdefault(concern.unit.pk, []).append(concern)
    lines = [
        {"worst": min(found, key=_urgency), "others": len(found) - 1} for found in units.values()
    ]
    lines.sort(key=lambda line: _urgency(line["worst"]))  # type: ignore[arg-type]  # a concern
    return {"lines": lines[:SHOWN], "count": len(lines)} if lines else None


def _urgency(concern: places.Concern) -> tuple[bool, dt.date]:
    return concern.state != "missing", concern.last_day or dt.date.min


def given_up(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Messages that could not be sent and wait for a decision."""
    found = list(messages.given_up().annotate(total=Window(Count("pk")))[:SHOWN])
    return {"messages": found, "count": found[0].total} if found else None


def invitations(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Invitations nobody has answered."""
    found = list(people.open_invitations().prefetch_related(None))  # no units on this list
    return {"invitations": found[:SHOWN], "count": len(found)} if found else None


def own_units(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """A clinic contact's units, with what each lacks."""
    if not request.user.is_authenticated or not request.user.access.unit_ids:
        return None
    today = clock.today(now)
    mine = Unit.objects.filter(pk__in=request.user.access.unit_ids)
    rows = [
        {"unit": unit, "concerns": places.concerns_of(unit, on=today)}
        for unit in places.with_papers(mine, on=today)
    ]
    return {"rows": rows} if rows else None


_TEMPLATES = "coordination/panels"
panels.register(
    panels.Panel(
        "own_units",
        "unit_home",
        Permission.VIEW_UNIT,
        90,
        own_units,
        f"{_TEMPLATES}/own_units.html",
    )
)
for _page in ("today", "admin_home"):
    panels.register(
        panels.Panel(
            f"given_up_{_page}",
            _page,
            Permission.VIEW_OUTBOX,
            70,
            given_up,
            f"{_TEMPLATES}/given_up.html",
        )
    )
    panels.register(
        panels.Panel(
            f"papers_{_page}",
            _page,
            Permission.VIEW_PLACES,
            80,
            papers,
            f"{_TEMPLATES}/papers.html",
        )
    )
    panels.register(
        panels.Panel(
            f"invitations_{_page}",
            _page,
            Permission.MANAGE_PEOPLE,
            90,
            invitations,
            f"{_TEMPLATES}/invitations.html",
        )
    )

for _item in (
    menu.MenuItem("units", _("Units"), "units", Permission.VIEW_PLACES, 60, "building"),
    menu.MenuItem("people", _("People"), "people", Permission.MANAGE_PEOPLE, 62, "people"),
    menu.MenuItem("messages", _("Messages"), "messages", Permission.VIEW_OUTBOX, 63, "mail"),
    menu.MenuItem("kinds", _("Forms of work"), "kinds", Permission.MANAGE_KINDS, 66, "list"),
    menu.MenuItem(
        "register-import",
        _("Register import"),
        "register_imports",
        Permission.IMPORT_REGISTER,
        90,
        "upload",
    ),
    menu.MenuItem("audit", _("Changes"), "audit", Permission.VIEW_AUDIT, 65, "history"),
    menu.MenuItem(
        "own_account",
        _("Own account"),
        "own_account",
        Permission.MANAGE_OWN_ACCOUNT,
        10,
        "user",
        place="account",
    ),
):
    menu.register(_item)
