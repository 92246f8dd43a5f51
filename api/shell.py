"""What the API puts into the box of one's own account."""

from django.utils.translation import gettext_lazy as _

from coordination.permissions import Permission
from coordination.web.menu import MenuItem
from coordination.web.menu import register as to_menu

to_menu(
    MenuItem(
        *("api-keys", _("Keys to the API"), "keys:index", Permission.USE_API, 90, "key"),
        place="account",
    )
)
