"""What the experts package puts into the menu and onto the homes."""

from django.utils.translation import gettext_lazy as _

from coordination.permissions import Permission, Role
from coordination.web.menu import MenuItem
from coordination.web.menu import register as to_menu
from coordination.web.panels import Panel
from coordination.web.panels import register as to_page
from experts.views import panels

P = Permission
for item in (
    MenuItem("experts", _("Register"), "experts:list", P.VIEW_REGISTER, 30, "people"),
    MenuItem(
        *("supervisions", _("Work supervision"), "experts:supervisions"),
        *(P.MANAGE_SUPERVISION, 60, "heart"),
    ),
    MenuItem(
        *("supervision-rules", _("Supervision rule"), "experts:supervision_rules"),
        *(P.MANAGE_SUPERVISION_RULE, 67, "clock"),
        roles=frozenset({Role.ADMINISTRATOR}),  # coordinators open it from work supervision
    ),
    MenuItem(
        "orientation", _("Orientation"), "experts:orientation", P.VIEW_REGISTER, 62, "handshake"
    ),
    MenuItem(
        *("own-availability", _("When I can"), "experts:own_availability"),
        *(P.MANAGE_OWN_AVAILABILITY, 35, "calendar"),
    ),
    MenuItem("own-profile", _("My details"), "experts:own", P.VIEW_OWN_PROFILE, 50, "user"),
):
    to_menu(item)

for panel in (
    Panel(
        *("supervision-due", "today", P.MANAGE_SUPERVISION, 50),
        *(panels.supervision_due, "experts/panels/supervision_due.html"),
    ),
    Panel(
        *("running-out", "today", P.MANAGE_REGISTER, 70),
        *(panels.running_out, "experts/panels/running_out.html"),
    ),
    Panel(
        *("applicants", "today", P.MANAGE_REGISTER, 75),
        *(panels.applicants, "experts/panels/applicants.html"),
    ),
    Panel(
        *("sign-offs", "today", P.MANAGE_REGISTER, 45),
        *(panels.waiting_for_sign_off, "experts/panels/sign_offs.html"),
    ),
    Panel(
        *("own-supervision", "expert_home", P.VIEW_OWN_PROFILE, 40),
        *(panels.own_supervision, "experts/panels/own_supervision.html"),
    ),
    Panel(
        *("held-sessions", "supervisor_home", P.VIEW_OWN_SUPERVISION, 10),
        *(panels.held_sessions, "experts/panels/held_sessions.html"),
    ),
    Panel(
        *("sessions-to-mark", "supervisor_home", P.VIEW_OWN_SUPERVISION, 20),
        *(panels.sessions_to_mark, "experts/panels/sessions_to_mark.html"),
    ),
):
    to_page(panel)
