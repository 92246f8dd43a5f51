"""What scheduling puts into the menu and onto the pages made of panels."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.permissions import Permission, Role
from coordination.web import menu, panels
from scheduling.views import panels_coordinator, panels_expert, panels_promised, panels_unit

UNIT = frozenset({Role.CLINIC_CONTACT})

_ITEMS = (
    menu.MenuItem(
        "board",
        pgettext_lazy("menu", "Week board"),
        "scheduling:board",
        Permission.VIEW_BOARD,
        20,
        "board",
    ),
    menu.MenuItem(
        "book", _("Book"), "scheduling:booking_new", Permission.BOOK, 20, "plus", roles=UNIT
    ),
    menu.MenuItem(
        "bookings",
        pgettext_lazy("menu", "Bookings"),
        "scheduling:bookings",
        Permission.BOOK,
        30,
        "inbox",
    ),
    menu.MenuItem(
        "series",
        pgettext_lazy("menu", "Series"),
        "scheduling:series_list",
        Permission.MANAGE_SESSIONS,
        35,
        "refresh",
    ),
    menu.MenuItem(
        "plans",
        _("Plan a period"),
        "scheduling:plans",
        Permission.ASSIGN,
        37,
        "calendar",
    ),
    menu.MenuItem(
        "unit-sessions",
        _("Sessions"),
        "scheduling:unit_sessions",
        Permission.VIEW_UNIT_SESSIONS,
        25,
        "list",
        roles=UNIT,
    ),
    menu.MenuItem(
        "shifts",
        pgettext_lazy("menu", "Shifts"),
        "scheduling:shifts",
        Permission.VIEW_OWN_SHIFTS,
        15,
        "list",
    ),
    menu.MenuItem(
        "feeds",
        pgettext_lazy("calendar address", "Calendar"),
        "feeds",
        Permission.SUBSCRIBE_FEED,
        80,
        "calendar",
    ),
)

_PANELS = (
    ("open-seats", "today", Permission.VIEW_TODAY, 10, panels_coordinator.open_seats),
    ("given-up", "today", Permission.VIEW_TODAY, 20, panels_coordinator.given_up),
    ("requests", "today", Permission.VIEW_TODAY, 30, panels_coordinator.requests),
    ("drafts", "today", Permission.VIEW_TODAY, 50, panels_coordinator.drafts),
    ("unanswered", "today", Permission.VIEW_TODAY, 40, panels_coordinator.unanswered),
    ("not-recorded", "today", Permission.VIEW_TODAY, 60, panels_coordinator.not_recorded),
    ("promised-lacking", "today", Permission.VIEW_TODAY, 78, panels_promised.promised_lacking),
    ("fill-rate", "today", Permission.VIEW_TODAY, 90, panels_coordinator.fill_rate),
    ("coming", "unit_home", Permission.VIEW_UNIT_SESSIONS, 10, panels_unit.coming),
    ("to-close", "unit_home", Permission.VIEW_UNIT_SESSIONS, 20, panels_unit.to_close),
    ("bookings", "unit_home", Permission.VIEW_UNIT_SESSIONS, 30, panels_unit.bookings),
    ("next-shift", "expert_home", Permission.VIEW_OWN_SHIFTS, 10, panels_expert.next_shift),
    ("asked", "expert_home", Permission.VIEW_OWN_SHIFTS, 5, panels_expert.asked),
    ("to-count", "expert_home", Permission.VIEW_OWN_SHIFTS, 15, panels_expert.to_count),
    ("coming-shifts", "expert_home", Permission.VIEW_OWN_SHIFTS, 20, panels_expert.coming),
)

for item in _ITEMS:
    menu.register(item)

for key, page, permission, order, context in _PANELS:
    template = f"scheduling/panels/{key.replace('-', '_')}.html"
    panels.register(
        panels.Panel(
            key=f"scheduling-{page}-{key}".replace("_", "-"),
            page=page,  # type: ignore[arg-type]  # one of the pages' names
            permission=permission,
            order=order,
            context=context,
            template=template,
        )
    )

panels.register_action(
    panels.Action(
        "new-session",
        "today",
        _("New session"),
        "scheduling:session_new",
        Permission.MANAGE_SESSIONS,
        10,
        icon="plus",
        main=True,
    )
)
panels.register_action(
    panels.Action(
        "book",
        "unit_home",
        _("New booking"),
        "scheduling:booking_new",
        Permission.BOOK,
        10,
        icon="plus",
        main=True,
    )
)
