"""Panels of an expert's home: made for a phone."""

import datetime as dt
from typing import Any

from django.http import HttpRequest

from scheduling.queries import shifts as query
from scheduling.views.common import person

COUNT_WITHIN = dt.timedelta(days=14)
"""After two weeks nobody remembers how many they met: the home no longer asks."""


def next_shift(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """The next shift, filling the screen."""
    found = query.coming(person(request), now=now).first()
    if found is None:
        return None
    session = found.session
    return {
        "assignment": found,
        "session": session,
        "meets": query.meets(session),
        "has_begun": session.starts_at <= now,
    }


def asked(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Proposals and offers that wait for an answer."""
    user = person(request)
    proposed, offered = list(query.proposed(user, now=now)), list(query.offered(user, now=now))
    return {"proposed": proposed, "offered": offered} if proposed or offered else None


def to_count(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """The last shift that has been and is not counted yet; how many others there are."""
    found = list(query.to_count(person(request), now=now, since=COUNT_WITHIN))
    return {"assignment": found[-1], "more": len(found) - 1} if found else None


def coming(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """The shifts after the next one."""
    found = list(query.coming(person(request), now=now)[:6])
    return {"assignments": found[1:], "has_next": bool(found)}
