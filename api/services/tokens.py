"""Keys to the API: shown once, kept as a hash, revoked at once."""

import datetime as dt
import hashlib
import secrets

from django.db.models import Q

from api.models import ApiToken
from coordination.models import User

PREFIX = "vuoro_"
"""Lets a person, and a scanner for leaked secrets, see what such a key is."""
NOTE_USE_EVERY = dt.timedelta(minutes=5)


def hash_of(token: str) -> str:
    """SHA-256 in hex; the token has 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(user: User, *, name: str, now: dt.datetime) -> tuple[ApiToken, str]:
    """A new key of a person; the second value is the token itself, to be shown once."""
    token = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(user=user, name=name, token_hash=hash_of(token), created_at=now)
    return made, token


def revoke(token: ApiToken, *, now: dt.datetime) -> None:
    """Ends a key; ended again, nothing changes."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now)


def find(token: str, *, now: dt.datetime) -> ApiToken | None:
    """The key in force behind a token, of a person who is active; None otherwise.

    Notes the use at most every five minutes, so that reading is not a write each time.
    """
    found = (
        ApiToken.objects.filter(
            token_hash=hash_of(token), revoked_at__isnull=True, user__is_active=True
        )
        .select_related("user")
        .first()
    )
    if found is not None:
        ApiToken.objects.filter(
            Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - NOTE_USE_EVERY), pk=found.pk
        ).update(last_used_at=now)
    return found
