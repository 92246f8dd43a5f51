"""What speaks for and against people for the sessions of a plan: the same reasons, the draft counted in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from experts.models import Expert
from scheduling.eligibility import Level, Matrix, Reason
from scheduling.eligibility.facts import Busy, point_of
from scheduling.models import PlanRun, PlanSeat, PlanState, Session
from scheduling.services import plan_problem


@dataclass(frozen=True)
class Person:
    """Somebody for a session of a draft, with all that speaks for and against, the draft counted in."""

    expert: Expert
    reasons: list[Reason]

    @property
    def against(self) -> list[Reason]:
        """What keeps them from it; overdue supervision does not keep anybody from a plan."""
        notes = (r for r in self.reasons if r.code != plan_problem.ONLY_A_COST)
        return [reason for reason in notes if reason.level is not Level.NOTE]

    @property
    def fits(self) -> bool:
        return not self.against

    @property
    def whys(self) -> list[Reason]:
        """What there is to say of somebody who has a seat here in the plan."""
        return [reason for reason in self.reasons if reason.code != "already_here"]


def people_for(
    run: PlanRun, session: Session, experts: Sequence[Expert], *, now: dt.datetime
) -> list[Person]:
    """The same reasons as everywhere, as if the rest of the draft were agreed; who fits comes first."""
    matrix = _facts(run, [session], experts, now=now)
    found = [Person(e, matrix.about_person(session.pk, e.pk)) for e in experts]
    return sorted(found, key=lambda p: (len(p.against), p.expert.name, p.expert.pk))


def people_on(run: PlanRun, seats: Sequence[PlanSeat], *, now: dt.datetime) -> dict[int, Person]:
    """Those on these seats of the run, by the seat's id; seats read with session, kind, unit, site, expert.

    The number of queries does not depend on how many.
    """
    known = {seat.session_id: seat.session for seat in seats}
    experts = {seat.expert_id: seat.expert for seat in seats}
    matrix = _facts(run, list(known.values()), list(experts.values()), now=now)
    return {
        seat.pk: Person(seat.expert, matrix.about_person(seat.session_id, seat.expert_id))
        for seat in seats
    }


def _facts(
    run: PlanRun, sessions: Sequence[Session], experts: Sequence[Expert], *, now: dt.datetime
) -> Matrix:
    """What is known of these people, the draft counted in; what was published is in their diaries."""
    matrix = Matrix(sessions, experts, now=now)
    if run.state != PlanState.PUBLISHED:
        plan_problem.let_go(matrix, plan_problem.released(run.freed))
        _as_if_agreed(matrix, run)
    return matrix


def _as_if_agreed(matrix: Matrix, run: PlanRun) -> None:
    rows = run.planned.filter(expert__in=[e.pk for e in matrix.experts])
    for seat in rows.select_related("session__unit", "session__site"):
        other, person, source = seat.session, matrix.people[seat.expert_id], f"plan:{seat.pk}"
        person.own_sources[seat.session_id].add(source)
        person.busy.append(
            Busy(
                starts_at=other.starts_at,
                ends_at=other.ends_at,
                is_shift=True,
                source=source,
                what=str(other.unit),
                site_id=other.site_id,
                point=point_of(other),
                zone=other.zone,
            )
        )
