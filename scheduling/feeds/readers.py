"""Which kind of program reads a feed. Coarse on purpose: enough to recognise one's own, no more."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reader(StrEnum):
    """What is stored of a reader's User-Agent."""

    GOOGLE = "google"
    APPLE = "apple"
    OUTLOOK = "outlook"
    OTHER = "other"


NAMES: dict[Reader, "str | Promise"] = {
    Reader.GOOGLE: "Google",
    Reader.APPLE: "Apple",
    Reader.OUTLOOK: "Outlook",
    Reader.OTHER: _("another program"),
}

# browsers on a Mac say "Mac OS X" too, so only names that calendar programs alone carry
_SIGNS: dict[Reader, tuple[str, ...]] = {
    Reader.GOOGLE: ("google",),
    Reader.OUTLOOK: ("outlook", "microsoft", "ms-office", "msoffice"),
    Reader.APPLE: ("dataaccessd", "calendaragent", "calendarstore", "accountsd", "ical/"),
}


def reader_of(user_agent: str) -> Reader:
    """The kind of program behind a User-Agent header."""
    agent = user_agent.lower()
    for reader, signs in _SIGNS.items():
        if any(sign in agent for sign in signs):
            return reader
    return Reader.OTHER


def name_of(stored: str) -> "str | Promise":
    """A stored reader in words."""
    return NAMES[Reader(stored)] if stored in list(Reader) else NAMES[Reader.OTHER]
