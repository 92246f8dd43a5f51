"""Candidates for a session in the order in which a coordinator would ask them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from experts.models import Expert, ExpertStatus
from scheduling.eligibility.deciding import Matrix
from scheduling.eligibility.person import (
    distance_km,
    month_sessions,
    place_in_series,
    week_hours,
)
from scheduling.eligibility.reasons import Reason, asks, blocks
from scheduling.models import Session

Verdict = Literal["fits", "ask", "blocked"]
_ORDER: dict[Verdict, int] = {"fits": 0, "ask": 1, "blocked": 2}
_FAR = 10_000.0
_BAND_KM = 25
_NOBODYS_WISH = 10_000

CONSIDERED = (ExpertStatus.ACTIVE, ExpertStatus.ON_BREAK)
"""Whom a coordinator sees at all; applicants and those who have left are in the register only."""


@dataclass(frozen=True)
class Candidate:
    """A person for a session. `reasons` are the person's own; the session's stand beside the list.

    `week_hours` and `month_sessions` are what the person has in that ISO week and calendar month
    without this session, proposals among them. `distance_km` is a straight line from home.
    """

    expert: Expert
    verdict: Verdict
    reasons: list[Reason]
    distance_km: float | None
    times_here: int
    week_hours: Decimal
    month_sessions: int
    place_in_series: int | None = None
    """1 for who is asked first of the series, 2 for the next; None for nobody's wish."""


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """blocked beats ask beats fits."""
    found = list(reasons)
    if blocks(found):
        return "blocked"
    return "ask" if asks(found) else "fits"


def considered() -> list[Expert]:
    """The experts a coordinator chooses from; one query."""
    return list(Expert.objects.filter(status__in=CONSIDERED))


def candidates(session: Session, *, now: dt.datetime) -> list[Candidate]:
    """Every expert who works with us, ranked, each with all reasons for and against."""
    experts = considered()
    return rank(Matrix([session], experts, now=now), session)


def rank(matrix: Matrix, session: Session) -> list[Candidate]:
    """The people of a matrix in order for one of its sessions.

    First who fits, then who would have to be asked about the fewest things. Among equals whom the
    series would rather have, then who has met in it before where pairs meet, then the nearer
    (in steps of 25 km), then who has less that week, then who knows the place.
    """
    found = [_candidate(matrix, session, expert) for expert in matrix.experts]
    return sorted(found, key=_rank_key)


def _candidate(matrix: Matrix, session: Session, expert: Expert) -> Candidate:
    person, facts = matrix.people[expert.pk], matrix.sessions[session.pk]
    reasons = matrix.about_person(session.pk, expert.pk)
    return Candidate(
        expert=expert,
        verdict=verdict_of(reasons),
        reasons=reasons,
        distance_km=distance_km(person, facts),
        times_here=person.times_at_unit[session.unit_id],
        week_hours=round(Decimal(week_hours(person, facts)), 1),
        month_sessions=month_sessions(person, facts),
        place_in_series=place_in_series(person, facts),
    )


Order = tuple[int, int, float, int, float, str, int]


def _rank_key(candidate: Candidate) -> tuple[int, int, Order]:
    return (
        _ORDER[candidate.verdict],
        len(blocks(candidate.reasons)) or len(asks(candidate.reasons)),
        _among_equals(
            candidate.expert,
            candidate.distance_km,
            float(candidate.week_hours),
            candidate.times_here,
            candidate.place_in_series,
        ),
    )


def _among_equals(
    expert: Expert, distance: float | None, hours: float, times: int, place: int | None
) -> Order:
    km = _FAR if distance is None else distance
    return (
        _NOBODYS_WISH if place is None else place,
        int(km // _BAND_KM),
        round(hours, 1),
        -times,
        km,
        expert.name,
        expert.pk,
    )


def how_many_fit(sessions: Sequence[Session], *, now: dt.datetime) -> "dict[int, Fitting]":
    """For several sessions at once: how many people fit, and the best of them; constant queries."""
    if not sessions:
        return {}
    matrix = Matrix(sessions, considered(), now=now)
    fitting: dict[int, list[Expert]] = {pk: [] for pk in matrix.sessions}
    for expert, against in zip(matrix.experts, matrix.first_against(), strict=True):
        for pk, code in zip(matrix.sessions, against, strict=True):
            if code is None:
                fitting[pk].append(expert)
    return {session.pk: _fitting(matrix, session, fitting[session.pk]) for session in sessions}


@dataclass(frozen=True)
class Fitting:
    """`blocked_by` are the session's own reasons that stop everybody."""

    count: int
    best: Expert | None
    blocked_by: list[Reason]


def _fitting(matrix: Matrix, session: Session, fitting: list[Expert]) -> Fitting:
    def order(expert: Expert) -> Order:
        person, facts = matrix.people[expert.pk], matrix.sessions[session.pk]
        times = person.times_at_unit[session.unit_id]
        return _among_equals(
            expert,
            distance_km(person, facts),
            week_hours(person, facts),
            times,
            place_in_series(person, facts),
        )

    return Fitting(
        count=len(fitting),
        best=min(fitting, key=order, default=None),
        blocked_by=blocks(matrix.about_session(session.pk)),
    )
