"""What a change of a session brings up that was not so before.

A change must not let in what making the session would have kept out (design.md, invariant 3), and
what a coordinator would have had to say why to when choosing a person is asked again when the
change brings it. What was so before is settled: it stops nobody from mending something else.
"""

import datetime as dt
from collections.abc import Sequence

from coordination.errors import Refused
from scheduling import eligibility
from scheduling.eligibility import Matrix, Reason
from scheduling.models import Assignment, Session, SessionState

OWN_SEAT = frozenset({"already_here", "full", "not_published", "already_begun"})
"""Reasons that do not speak against somebody who sits there already, nor against the change."""

_AGAIN: dict[str, tuple[str, ...]] = {
    "outside_availability": ("starts_at", "ends_at"),
    "too_little_rest": ("starts_at", "ends_at"),
    "asked_elsewhere": ("starts_at", "ends_at"),
    "no_space_agreement": ("unit_id", "site_id"),
    "not_oriented": ("unit_id",),
    "kind_not_agreed": ("kind_id",),
    "language_missing": ("language",),
}
"""What is another question when one of these has changed, though its sentence is the same."""


def refuse_new_blocks(before: Session, after: Session, *, now: dt.datetime) -> None:
    """An open session stays one that could be published.

    Raises Refused `not_allowed` with each reason that blocks it now and did not before. A draft may
    lack anything: publishing looks at it.
    """
    if after.state != SessionState.OPEN:
        return
    found = _blocks(after, now=now)
    if not found:
        return
    known = {reason.code for reason in _blocks(before, now=now)}
    new = [reason for reason in found if reason.code not in known]
    if new:
        raise Refused(" ".join(reason.sentence for reason in new), code="not_allowed")


def _blocks(session: Session, *, now: dt.datetime) -> list[Reason]:
    found = eligibility.blocks(eligibility.session_reasons(session, now=now))
    return [reason for reason in found if reason.code not in OWN_SEAT]


def unfit(
    before: Session, after: Session, seated: Sequence[Assignment], *, now: dt.datetime
) -> dict[int, list[Reason]]:
    """By the assignment's id: what blocks each person after the change, and what it newly asks."""
    experts = [assignment.expert for assignment in seated]
    then = Matrix([after], experts, now=now)
    earlier: Matrix | None = None
    found: dict[int, list[Reason]] = {}
    for assignment in seated:
        reasons = _speaking(then, after, assignment.expert_id)
        asks = eligibility.asks(reasons)
        if asks:
            earlier = earlier or Matrix([before], experts, now=now)
            known = {
                (reason.code, reason.sentence)
                for reason in _speaking(earlier, before, assignment.expert_id)
            }
            asks = [ask for ask in asks if _is_new(ask, known, before, after)]
        reasons = [*eligibility.blocks(reasons), *asks]
        if reasons:
            found[assignment.pk] = reasons
    return found


def _speaking(matrix: Matrix, session: Session, expert_id: int) -> list[Reason]:
    """What speaks against the person, and what is asked about the session for whoever takes it."""
    found = [*eligibility.asks(matrix.about_session(session.pk))]
    found += [
        reason
        for reason in matrix.about_person(session.pk, expert_id)
        if reason.level is not eligibility.Level.NOTE
    ]
    return [reason for reason in found if reason.code not in OWN_SEAT]


def _is_new(reason: Reason, known: set[tuple[str, str]], before: Session, after: Session) -> bool:
    changed = (
        getattr(before, name) != getattr(after, name) for name in _AGAIN.get(reason.code, ())
    )
    return (reason.code, reason.sentence) not in known or any(changed)
