"""What the ground floor puts into the menu."""

from django.utils.translation import gettext_lazy as _

from coordination.permissions import Permission
from coordination.web import menu

menu.register(
    menu.MenuItem(
        key="register-import",
        label=_("Register import"),
        url_name="register_imports",
        permission=Permission.IMPORT_REGISTER,
        order=90,
        icon="upload",
    )
)
