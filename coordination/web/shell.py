"""The shell's own lines in the menu: the homes of the roles, and one's own account."""

from django.utils.translation import gettext_lazy as _

from coordination.permissions import Permission, Role
from coordination.web.menu import MenuItem, register

register(MenuItem("today", _("Today"), "today", Permission.VIEW_TODAY, 10, "today"))
register(
    MenuItem(
        "unit_home",
        _("My unit"),
        "unit_home",
        Permission.VIEW_UNIT_SESSIONS,
        11,
        "building",
        roles=frozenset({Role.CLINIC_CONTACT}),
    )
)
register(
    MenuItem("expert_home", _("My shifts"), "expert_home", Permission.VIEW_OWN_SHIFTS, 12, "home")
)
register(MenuItem("finance_home", _("Finance"), "finance_home", Permission.VIEW_MONEY, 13, "money"))
register(
    MenuItem(
        "supervisor_home",
        _("Work supervision"),
        "supervisor_home",
        Permission.VIEW_OWN_SUPERVISION,
        14,
        "people",
    )
)
register(
    MenuItem("admin_home", _("Administration"), "admin_home", Permission.VIEW_AUDIT, 5, "settings")
)
register(MenuItem("design", _("Design system"), "design", Permission.VIEW_DESIGN, 99, "book"))
register(
    MenuItem(
        "security",
        _("Signing in and security"),
        "mfa_index",
        Permission.MANAGE_OWN_ACCOUNT,
        20,
        "shield",
        place="account",
    )
)
