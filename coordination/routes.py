"""The gate at the start: every address names who may open it, or the server does not start.

Our own views carry their rule (`coordination.access`). Views of libraries stand in the table below.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from coordination.permissions import Permission

PUBLIC = "public"
SIGNED_IN = "signed_in"

OF_LIBRARIES: dict[str, str] = {
    # allauth: what one needs to get in, and out
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_request_login_code": PUBLIC,
    "account_confirm_login_code": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "mfa_authenticate": PUBLIC,  # the second step of a log-in that has begun
    "mfa_login_webauthn": PUBLIC,
    # allauth: one's own ways to sign in
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    # drf-spectacular: what the API can do is no secret
    "api:schema": PUBLIC,
}
"""Rules of views we did not write, by the name of their address. tests/contracts tries each."""


@dataclass(frozen=True)
class Route:
    """One address: its name with namespaces ("" if none), its pattern as written, its view."""

    name: str
    pattern: str
    view: Any

    @property
    def rule(self) -> "Permission | str | None":
        """A permission, "public", "signed_in", or None when nobody said."""
        of_class = getattr(getattr(self.view, "cls", None), "access_rule", None)
        rule = getattr(self.view, "access_rule", None) or of_class
        return rule or OF_LIBRARIES.get(self.name)

    def __str__(self) -> str:
        return f"/{self.pattern} ({self.name or 'without a name'})"


def all_routes() -> list[Route]:
    """Every address the server answers."""
    return list(_walk(get_resolver().url_patterns, prefix="", namespaces=()))


def _walk(patterns: list[Any], *, prefix: str, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for item in patterns:
        pattern = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            inner = (*namespaces, item.namespace) if item.namespace else namespaces
            yield from _walk(item.url_patterns, prefix=pattern, namespaces=inner)
        elif isinstance(item, URLPattern):
            name = ":".join((*namespaces, item.name)) if item.name else ""
            yield Route(name=name, pattern=pattern, view=item.callback)


def unnamed() -> list[Route]:
    """Addresses for which nobody said who may open them."""
    return [route for route in all_routes() if route.rule is None]


def refuse_to_start_unnamed() -> None:
    """Raises ImproperlyConfigured when an address has no rule. The web server calls it at its start."""
    if found := unnamed():
        raise ImproperlyConfigured(
            "These addresses do not say who may open them (coordination/access.py): "
            + ", ".join(str(route) for route in found)
        )


@register(Tags.security)
def every_route_has_a_rule(**_: Any) -> list[CheckMessage]:
    """The same for `manage.py check`, `runserver` and all commands that check."""
    hint = "Decorate the view with @requires(…), @signed_in or @public."
    return [
        Error(f"{route} does not say who may open it.", hint=hint, id="coordination.E001")
        for route in unnamed()
    ]
