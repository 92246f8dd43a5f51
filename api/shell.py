"""What the API puts into the box of one's own account."""

from django.utils.translation import gettext_lazy as _

from coordination.permissions import Permission
from coordination.web import menu

menu.register(
    menu.MenuItem(
        key="api-keys",
        label=_("Keys to the API"),
        url_name="keys:index",
        permission=Permission.USE_API,
        order=90,
        icon="key",
        place="account",
    )
)
