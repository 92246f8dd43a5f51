"""The homes: pages made of panels, and the root address that sends each person to theirs."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from coordination import clock, formats
from coordination.access import requires, signed_in
from coordination.permissions import Permission, Role
from coordination.web import panels


@dataclass(frozen=True)
class Home:
    """A role's first page; `name` is its page of panels and the name of its address."""

    name: panels.Page
    role: Role
    label: "str | Promise"
    empty: "str | Promise"


HOMES = (
    Home(
        "today",
        Role.COORDINATOR,
        _("Coordination"),
        _("Nothing needs you right now. New bookings and open seats will appear here."),
    ),
    Home(
        "finance_home", Role.FINANCE, _("Finance"), _("There is nothing to approve or export now.")
    ),
    Home(
        "unit_home",
        Role.CLINIC_CONTACT,
        _("Unit"),
        _("Your unit has no bookings yet. The first one takes about a minute."),
    ),
    Home(
        "expert_home",
        Role.EXPERT,
        _("My shifts"),
        _("You have no shifts yet. When one is proposed to you, it will appear here."),
    ),
    Home(
        "supervisor_home",
        Role.WORK_SUPERVISOR,
        _("Work supervision"),
        _("You have no supervision sessions coming up."),
    ),
    Home(
        "admin_home",
        Role.ADMINISTRATOR,
        _("Administration"),
        _("Choose from the menu what you want to look after."),
    ),
)


def homes_of(request: HttpRequest) -> list[Home]:
    """The homes of a person's roles, the busiest role first."""
    if not request.user.is_authenticated:
        return []
    return [home for home in HOMES if request.user.access.has(home.role)]


@signed_in
@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Sends each person to the home of their role; without a role, says so."""
    mine = homes_of(request)
    if mine:
        return redirect(mine[0].name)
    return render(request, "web/no_role.html", {"title": _("Welcome")})


def _page(
    request: HttpRequest, name: panels.Page, title: "str | Promise", lead: str = ""
) -> HttpResponse:
    now = clock.now()
    home = next(home for home in HOMES if home.name == name)
    links = [
        {"url": reverse(other.name), "label": other.label, "current": other == home}
        for other in homes_of(request)
    ]
    context = {
        "title": title,
        "lead": lead,
        "page": name,
        "homes": links,
        "empty": home.empty,
        "actions": panels.actions_for(name, request),
        "panels": panels.render(name, request, now=now),
    }
    return render(request, "web/panels_page.html", context)


@requires(Permission.VIEW_TODAY)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The coordinator's day."""
    return _page(request, "today", _("Today"), formats.day(clock.today()))


@requires(Permission.VIEW_MONEY)
@require_safe
def finance_home(request: HttpRequest) -> HttpResponse:
    """What is to be approved and paid."""
    return _page(request, "finance_home", _("Finance"))


@requires(Permission.VIEW_UNIT_SESSIONS)
@require_safe
def unit_home(request: HttpRequest) -> HttpResponse:
    """A clinic's bookings and who comes."""
    return _page(request, "unit_home", _("My unit"))


@requires(Permission.VIEW_OWN_SHIFTS)
@require_safe
def expert_home(request: HttpRequest) -> HttpResponse:
    """An expert's next shift and what else is theirs."""
    return _page(request, "expert_home", _("My shifts"))


@requires(Permission.VIEW_OWN_SUPERVISION)
@require_safe
def supervisor_home(request: HttpRequest) -> HttpResponse:
    """A work supervisor's own sessions."""
    return _page(request, "supervisor_home", _("Work supervision"))


@requires(Permission.VIEW_AUDIT)
@require_safe
def admin_home(request: HttpRequest) -> HttpResponse:
    """What keeps the service running."""
    return _page(request, "admin_home", _("Administration"))
