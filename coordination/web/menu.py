"""The menu: packages register their items, a person sees those they may open."""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from coordination.permissions import Access, Permission, Role


@dataclass(frozen=True)
class MenuItem:
    """One line of the menu. `order` sorts it; the first four are on a phone's bottom bar.

    `place` "account" puts it into the box of one's own account instead; `roles` narrows it to
    people with one of these roles, where several roles have the permission.
    """

    key: str
    label: "str | Promise"
    url_name: str
    permission: Permission
    order: int
    icon: str
    place: Literal["main", "account"] = "main"
    roles: frozenset[Role] = frozenset()

    def is_for(self, access: Access) -> bool:
        """True if a person with this access may see the item."""
        return access.can(self.permission) and (not self.roles or access.has(*self.roles))


@dataclass(frozen=True)
class MenuLink:
    """A menu item as one person sees it on one page."""

    item: MenuItem
    url: str
    current: str  # "page" on the page itself, "true" on pages under it, else empty


_items: dict[str, MenuItem] = {}


def register(item: MenuItem) -> None:
    """Add an item; a key can be taken once. Raises ValueError otherwise."""
    if _items.get(item.key, item) != item:
        raise ValueError(f"menu key taken: {item.key}")
    _items[item.key] = item


def registered() -> list[MenuItem]:
    """All items in their order."""
    return sorted(_items.values(), key=lambda item: (item.order, item.key))


def links_for(request: HttpRequest) -> list[MenuLink]:
    """What this person may open, the current place marked (the longest address that fits)."""
    return _links(request, "main")


def account_links_for(request: HttpRequest) -> list[MenuLink]:
    """The lines in the box of one's own account."""
    return _links(request, "account")


def _links(request: HttpRequest, place: str) -> list[MenuLink]:
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    access = request.user.access
    found = [
        (item, url)
        for item in registered()
        if item.place == place and item.is_for(access) and (url := _url(item)) is not None
    ]
    here = max((url for _, url in found if request.path.startswith(url)), key=len, default="")
    return [MenuLink(item, url, _current(url, here, request.path)) for item, url in found]


def _url(item: MenuItem) -> str | None:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return None  # the page's package is not in this installation's routes


def _current(url: str, here: str, path: str) -> str:
    if url != here:
        return ""
    return "page" if url == path else "true"
