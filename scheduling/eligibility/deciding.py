"""The one place that decides whether a person can take a session (design.md, invariant 4).

Pages, services, offers, the planner and the API ask here; nothing else decides.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from coordination.queries import readiness
from experts.models import Expert
from scheduling.eligibility import facts as known
from scheduling.eligibility.person import RULES
from scheduling.eligibility.reasons import Level, Reason
from scheduling.eligibility.session import session_rules
from scheduling.eligibility.sieve import Sieve
from scheduling.models import Assignment, Session

_WEIGHT = {Level.BLOCK: 0, Level.ASK: 1, Level.NOTE: 2}


class Matrix:
    """Reasons for any of these sessions and any of these people, from facts that were read once."""

    def __init__(
        self, sessions: Sequence[Session], experts: Sequence[Expert], *, now: dt.datetime
    ) -> None:
        self.experts = list(experts)
        self.people = known.load_people(sessions, experts, now=now)
        self.sessions = known.load_sessions(sessions)
        self._lacks = _lacks(sessions)
        self._taken = known.taken_seats(session.pk for session in sessions)
        self._now = now

    def about_session(self, session_id: int) -> list[Reason]:
        """All reasons that lie in the session."""
        session = self.sessions[session_id].session
        rules = session_rules(session, missing=self._lacks, taken=self._taken, now=self._now)
        return list(rules)

    def now_asked(self, assignment: Assignment) -> None:
        """Somebody of these people has been asked since the facts were read: their time and a seat are taken."""
        person, session = self.people[assignment.expert_id], assignment.session_id
        person.busy.append(known.as_asked(assignment))
        person.here[session].add(assignment.state)
        person.own_sources[session].add(known.source_of(assignment.pk))
        self._taken[session] += 1

    def about_person(self, session_id: int, expert_id: int) -> list[Reason]:
        """All reasons that lie in the person, blocks first, then asks, then notes."""
        person, session = self.people[expert_id], self.sessions[session_id]
        found = [reason for rule in RULES for reason in rule(person, session)]
        return sorted(found, key=lambda reason: _WEIGHT[reason.level])

    def all(self, session_id: int, expert_id: int) -> list[Reason]:
        """All reasons, blocks first, then asks, then notes."""
        found = self.about_session(session_id) + self.about_person(session_id, expert_id)
        return sorted(found, key=lambda reason: _WEIGHT[reason.level])

    def first_against(self, *, but: frozenset[str] = frozenset()) -> Iterator[list[str | None]]:
        """By person, in order: for each session the code of what first keeps them from it, if anything.

        What blocks or asks and lies in the person, those named in `but` left aside.
        """
        sieve = Sieve(list(self.sessions.values()), but=but)
        return (sieve.against(self.people[expert.pk]) for expert in self.experts)


def _lacks(sessions: Sequence[Session]) -> dict[int, list[str]]:
    """Codes of what is not in order at the unit, by session."""
    missing = readiness.missing_for_units([request_of(session) for session in sessions])
    return {session.pk: found for session, found in zip(sessions, missing, strict=True)}


def request_of(session: Session) -> readiness.Request:
    """What must be in order at the unit for this session, on its local day."""
    return readiness.Request(
        unit=session.unit,
        kind=session.kind,
        site=session.site,
        on=session.starts_at.astimezone(session.zone).date(),
    )


def session_reasons(session: Session, *, now: dt.datetime) -> list[Reason]:
    """All reasons that lie in the session itself, whoever would take it."""
    return Matrix([session], [], now=now).about_session(session.pk)


def reasons_for(
    session: Session, experts: Sequence[Expert], *, now: dt.datetime
) -> dict[int, list[Reason]]:
    """Every reason for and against each expert, by id, those of the session itself among them."""
    matrix = Matrix([session], experts, now=now)
    return {expert.pk: matrix.all(session.pk, expert.pk) for expert in experts}
