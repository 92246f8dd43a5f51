"""Secrets that must be read again are sealed in the database: a copy of it alone opens no account.

The keys are SECOND_FACTOR_KEYS, apart from SECRET_KEY, so that either can be changed without the other. The first
seals; all of them open, so that a key is changed by putting a new one in front (docs/operations.md, "Keys").
"""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnreadableError(Exception):
    """None of the keys opens a sealed text: a key was lost, or the text was changed."""


def seal(text: str) -> str:
    """The text encrypted and signed with the first key; another one each time."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again. Raises UnreadableError; a text that was never sealed is unreadable too."""
    try:
        return _keys().decrypt(sealed).decode()
    except InvalidToken:
        raise UnreadableError(
            "No key in SECOND_FACTOR_KEYS opens this. See docs/operations.md, Keys."
        ) from None


def reseal(sealed: str) -> str:
    """The same text under the first key. Raises UnreadableError."""
    return seal(unseal(sealed))


def is_current(sealed: str) -> bool:
    """Whether the first key opens it, so that the others are not needed for it."""
    try:
        Fernet(settings.SECOND_FACTOR_KEYS[0]).decrypt(sealed)
    except InvalidToken:
        return False
    return True


def _keys() -> MultiFernet:
    return _made(tuple(settings.SECOND_FACTOR_KEYS))


@cache
def _made(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
