"""What the API adds to "everything about me": the keys a person made, without what opens them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from api.models import ApiToken
from experts.models import Expert
from experts.queries import own_data


def register() -> None:
    """Called once, when the program starts."""
    words = {
        "api_keys": _("My keys to the API"),
        "last_used_at": _("Last used"),
        "revoked_at": _("Revoked"),
    }
    own_data.register("api_keys", api_keys, words=words)


def api_keys(expert: Expert) -> list[dict[str, Any]]:
    """Keys of the person's account; neither secret nor hash. One query."""
    rows = ApiToken.objects.filter(user=expert.user_id or 0).order_by("created_at", "pk")
    return [dict(row) for row in rows.values("name", "created_at", "last_used_at", "revoked_at")]
