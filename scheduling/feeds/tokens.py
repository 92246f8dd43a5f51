"""Calendar addresses: made, renewed, ended. An address is a password, so only its hash is kept."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.errors import Refused
from coordination.models import Unit, User
from experts.models import Expert
from scheduling.models import FeedToken

NOTE_EVERY = dt.timedelta(minutes=5)
"""A poll is a write at most this often."""

Owner = Expert | Unit


def hash_of(secret: str) -> str:
    """What is stored of a secret: SHA-256 is enough, since nobody can guess 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def current(owner: Owner, *, of: User) -> FeedToken | None:
    """The address that person has for this calendar, if any. Its secret cannot be read back.

    Each contact of a unit has their own, so that it ends with their role and nobody else's does.
    """
    in_force = owner.feed_tokens.filter(revoked_at__isnull=True)
    return in_force.filter(made_by=of).first() if isinstance(owner, Unit) else in_force.first()


@transaction.atomic
def issue(owner: Owner, *, instead_of: int | None, by: User, now: dt.datetime) -> str:
    """Make an address and end the one before it, at once. Returns the secret, which is not kept.

    `instead_of` is the id of the address the person saw, None if there was none; when another was
    made meanwhile (a double click, a second window), Refused `feed_changed` saves that one.
    """
    _lock(owner)
    before = current(owner, of=by)
    if (before.pk if before else None) != instead_of:
        raise Refused(
            _("A new address was made a moment ago. If you did not see it, make another one."),
            code="feed_changed",
        )
    if before:
        _end(before, now=now)
    secret = secrets.token_urlsafe(32)
    owner.feed_tokens.create(token_hash=hash_of(secret), made_by=by, created_at=now)
    return secret


@transaction.atomic
def revoke(owner: Owner, *, by: User, now: dt.datetime) -> None:
    """End that person's address; who reads it gets nothing more from this moment on."""
    _lock(owner)
    if token := current(owner, of=by):
        _end(token, now=now)


def note_fetch(token: FeedToken, *, reader: str, now: dt.datetime) -> None:
    """Remember when and by what kind of program the feed was read, at most every five minutes."""
    stale = now - NOTE_EVERY
    if token.last_fetched_at and token.last_fetched_at > stale:
        return
    FeedToken.objects.filter(
        Q(last_fetched_at__isnull=True) | Q(last_fetched_at__lte=stale), pk=token.pk
    ).update(last_fetched_at=now, last_reader=reader)


def _lock(owner: Owner) -> None:
    type(owner)._default_manager.select_for_update().only("pk").get(pk=owner.pk)


def _end(token: FeedToken, *, now: dt.datetime) -> None:
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
