"""Panels: packages register parts of the pages that show several rooms at once."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from coordination.permissions import Permission, Role

Page = Literal["today", "expert_home", "unit_home", "finance_home", "supervisor_home", "admin_home"]
Found = TypeVar("Found")
PanelContext = Callable[[HttpRequest, dt.datetime], dict[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """A part of a page. `context` gets the request and the moment (UTC); None: nothing to show."""

    key: str
    page: Page
    permission: Permission
    order: int
    context: PanelContext
    template: str


@dataclass(frozen=True)
class Action:
    """A button beside the title of a page of panels; at most one of a page is the main one."""

    key: str
    page: Page
    label: "str | Promise"
    url_name: str
    permission: Permission
    order: int
    icon: str = ""
    main: bool = False
    roles: frozenset[Role] = frozenset()


_panels: dict[str, Panel] = {}
_actions: dict[str, Action] = {}


def register(panel: Panel) -> None:
    """Add a panel; a key can be taken once. Raises ValueError otherwise."""
    if _panels.get(panel.key, panel) != panel:
        raise ValueError(f"panel key taken: {panel.key}")
    _panels[panel.key] = panel


def register_action(action: Action) -> None:
    """Add a button; a key can be taken once. Raises ValueError otherwise."""
    if _actions.get(action.key, action) != action:
        raise ValueError(f"action key taken: {action.key}")
    _actions[action.key] = action


def actions_for(page: Page, request: HttpRequest) -> list[Action]:
    """The buttons of a page for this person, the main one last (where the eye ends)."""
    if not request.user.is_authenticated:
        return []
    access = request.user.access
    mine = (
        action
        for action in _actions.values()
        if action.page == page
        and access.can(action.permission)
        and (not action.roles or access.has(*action.roles))
    )
    return sorted(mine, key=lambda action: (action.main, action.order, action.key))


def once(request: HttpRequest, query: Callable[[], Found]) -> Found:
    """What several panels of a page look at, asked for once a request; gone with the request."""
    asked: dict[Callable[[], Any], Any] = request.__dict__.setdefault("_asked_once", {})
    if query not in asked:
        asked[query] = query()
    found: Found = asked[query]
    return found


def registered(page: Page) -> list[Panel]:
    """The panels of a page in their order."""
    mine = (panel for panel in _panels.values() if panel.page == page)
    return sorted(mine, key=lambda panel: (panel.order, panel.key))


def render(page: Page, request: HttpRequest, *, now: dt.datetime) -> list[SafeString]:
    """The panels of a page that this person may see and that have something to show."""
    shown = []
    for panel in registered(page):
        if not request.user.is_authenticated or not request.user.access.can(panel.permission):
            continue
        context = panel.context(request, now)
        if context is not None:
            values = {**context, "panel": panel, "now": now}
            shown.append(render_to_string(panel.template, values, request))
    return shown
