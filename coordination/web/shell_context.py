"""What the base template knows about the person and the installation."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from coordination.web.menu import MenuLink, account_links_for, links_for

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
PHONE_BAR = 4
"""How many items fit on a phone's bottom bar beside "More"."""


@dataclass(frozen=True)
class Shell:
    """Language, theme, menu and links of one page; works for errors without a request too."""

    product: str
    language: str
    languages: list[tuple[str, str]]  # each by its own name, as people look for it
    theme: str
    path: str
    signed_in: bool
    menu: list[MenuLink] = field(default_factory=list)
    account: list[MenuLink] = field(default_factory=list)
    accessibility_url: str = ""
    privacy_url: str = ""
    notice: str = ""

    @property
    def bar(self) -> list[MenuLink]:
        """The items on the phone's bottom bar."""
        return self.menu if len(self.menu) <= PHONE_BAR + 1 else self.menu[:PHONE_BAR]

    @property
    def more(self) -> list[MenuLink]:
        """The items behind "More" on a phone."""
        return self.menu[len(self.bar) :]

    @property
    def more_is_current(self) -> bool:
        return any(link.current for link in self.more)


def shell_for(request: HttpRequest | None) -> Shell:
    """The shell of a request; of none (a bare error page), one without menu."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get(THEME_COOKIE, "auto") if request else "auto"
    return Shell(
        product=getattr(settings, "PRODUCT_NAME", "Vuoro"),
        language=(translation.get_language() or "fi")[:2],
        languages=[(code, str(name)) for code, name in settings.LANGUAGES],
        theme=theme if theme in THEMES else "auto",
        path=request.get_full_path() if request else "/",
        signed_in=bool(user and user.is_authenticated),
        menu=links_for(request) if request else [],
        account=account_links_for(request) if request else [],
        accessibility_url=getattr(settings, "ACCESSIBILITY_URL", ""),
        privacy_url=getattr(settings, "PRIVACY_URL", ""),
        notice=str(getattr(settings, "SHELL_NOTICE", "")),
    )
