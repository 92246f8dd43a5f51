"""The rules about a session itself (design.md, invariant 3)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping

from scheduling.eligibility.reasons import SESSION_LEVELS, Reason
from scheduling.models import Session, SessionState


def say(code: str) -> Reason:
    return Reason(code=code, level=SESSION_LEVELS[code], about="session")


def session_rules(
    session: Session,
    *,
    missing: Mapping[int, list[str]],
    taken: "Counter[int]",
    now: dt.datetime,
) -> Iterator[Reason]:
    """All reasons against anybody's taking the session; `taken` counts its seats that are taken."""
    yield from _state(session)
    yield from _time(session, now)
    if session.kind.needs_responsible_professional and not session.responsible_professional.strip():
        yield say("no_responsible_professional")
    for code in missing.get(session.pk, []):
        yield say(code)  # a paper this table does not know is a KeyError, not a session without it
    if taken[session.pk] >= session.seats:
        yield say("full")


def _state(session: Session) -> Iterator[Reason]:
    if session.state == SessionState.CANCELLED:
        yield say("cancelled")
    elif session.state in (SessionState.HELD, SessionState.CLOSED):
        yield say("already_held")
    elif session.state == SessionState.DRAFT:
        yield say("not_published")


def _time(session: Session, now: dt.datetime) -> Iterator[Reason]:
    if session.ends_at <= now:
        yield say("in_the_past")
    elif session.starts_at <= now:
        yield say("already_begun")
