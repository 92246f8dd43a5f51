"""A run of the planner as its pages show it: how far it is, the draft beside what is now, and why."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination import clock
from experts.models import Expert
from experts.queries import supervision
from scheduling.eligibility import Level, Matrix, Reason
from scheduling.eligibility.facts import Busy, point_of
from scheduling.eligibility.reasons import SENTENCES
from scheduling.models import (
    Assignment,
    AssignmentState,
    PlanPart,
    PlanRun,
    PlanSeat,
    SeatOutcome,
    Session,
    SessionState,
)
from scheduling.models.assignments import SEATED
from scheduling.planner.roster import Why
from scheduling.queries.seats import with_seats
from scheduling.services import plan_problem, recipients

SHORT: dict[str, Promise] = {
    "training_expired": _("training has expired"),
    "diary_overlap": _("something else at that time"),
    "no_time_to_travel": _("too little time to travel"),
    "too_far": _("further than agreed"),
    "language_missing": _("does not speak the session's language"),
    "too_little_rest": _("too little rest between working days"),
    "asked_elsewhere": _("has been asked for the same time"),
    Why.BUSY: _("has something else in this plan at that time"),
    Why.WEEK_FULL: _("the hours agreed for that week are full"),
    Why.MONTH_FULL: _("the sessions agreed for that month are full"),
    Why.TOO_DEAR: _("could come; by the weights rather not"),
}
"""Reasons as many people share them; a reason without figures has its own sentence."""


@dataclass(frozen=True)
class Progress:
    """What is known so far; `bound` only once every part has one."""

    seats: int
    filled: int
    objective: int
    bound: int | None
    seconds: int

    @property
    def gap(self) -> float | None:
        """How much better a plan could be at most, per cent of the bound."""
        if self.bound is None:
            return None
        return round(100 * (self.objective - self.bound) / max(1, self.bound), 1)


def progress(run: PlanRun, *, now: dt.datetime) -> Progress:
    """Summed over the parts while it runs, the run's own figures afterwards; two queries at most."""
    if not run.is_working:
        return Progress(run.seats, run.filled, run.objective, run.bound, round(run.elapsed))
    parts = PlanPart.objects.filter(run=run).values_list("filled", "objective", "bound")
    rows = list(parts)
    known = [bound for _filled, _points, bound in rows if bound is not None]
    return Progress(
        seats=run.seats,
        filled=sum(filled for filled, _points, _bound in rows),
        objective=sum(points for _filled, points, _bound in rows),
        bound=sum(known) if rows and len(known) == len(rows) else None,
        seconds=max(0, round((now - run.made_at).total_seconds())),
    )


@dataclass
class Line:
    """A session of the draft: who is there now, who is planned, whom it would take off, what is empty."""

    session: Session
    stays: list[Assignment] = field(default_factory=list)
    planned: list[PlanSeat] = field(default_factory=list)
    taken_off: list[Assignment] = field(default_factory=list)
    empty: int = 0
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Difference:
    """What publishing would change, in numbers."""

    asked: int
    kept: int
    taken_off: int
    empty: int


def difference(run: PlanRun) -> Difference:
    """Counts of seats; three queries."""
    kept = run.planned.filter(was__isnull=False).count()
    asked = run.planned.filter(was__isnull=True).count()
    return Difference(
        asked=asked, kept=kept, taken_off=_taken_off(run).count(), empty=run.seats - asked - kept
    )


def overdue(run: PlanRun, *, now: dt.datetime) -> list[str]:
    """Names of those to be asked whose work supervision is overdue."""
    asked = run.planned.filter(was__isnull=True).values("expert")
    people = {e.pk: e for e in Expert.objects.filter(pk__in=asked).order_by("name", "pk")}
    due = supervision.due(people.values(), today=clock.today(now))
    return [person.name for pk, person in people.items() if due[pk].is_overdue]


def to_call(run: PlanRun) -> list[str]:
    """Names of those who were asked or taken off and have no address to write to; two queries."""
    asked = run.planned.filter(outcome=SeatOutcome.ASKED).values("expert")
    kept = run.planned.filter(was__isnull=False).values("was")
    off = Assignment.objects.filter(pk__in=run.freed, state=AssignmentState.CANCELLED)
    gone = off.exclude(pk__in=kept).values("expert")
    people = Expert.objects.filter(Q(pk__in=asked) | Q(pk__in=gone)).select_related("user")
    return [e.name for e in people.order_by("name", "pk") if not recipients.of_expert(e)]


def unpublished(run: PlanRun) -> int:
    """How many planned seats are on sessions that are drafts: nobody is asked for those."""
    return run.planned.filter(session__state=SessionState.DRAFT, was__isnull=True).count()


def _taken_off(run: PlanRun) -> QuerySet[Assignment]:
    kept = run.planned.filter(was__isnull=False).values("was")
    return Assignment.objects.filter(pk__in=run.freed, state__in=SEATED).exclude(pk__in=kept)


def session_ids(run: PlanRun, *, show: str) -> list[int]:
    """The sessions of a draft in the order of time: all, those with an empty seat, or moved people."""
    gaps = [gap["session"] for gap in run.gaps]
    moved = Q(pk__in=_taken_off(run).values("session"))
    wanted = {
        "empty": Q(pk__in=gaps),
        "moved": moved,
        "refused": Q(pk__in=run.planned.exclude(why="").values("session")),
    }.get(show, Q(pk__in=gaps) | moved | Q(pk__in=run.planned.values("session")))
    rows = Session.objects.filter(wanted).order_by("starts_at", "pk")
    return list(rows.values_list("pk", flat=True))


def lines(run: PlanRun, ids: Sequence[int]) -> list[Line]:
    """These sessions with their seats; the number of queries does not depend on how many."""
    rows = with_seats(Session.objects.filter(pk__in=ids)).order_by("starts_at", "pk")
    found = {session.pk: Line(session) for session in rows}
    off = {row.pk: row for row in _taken_off(run).filter(session__in=ids).select_related("expert")}
    for seat in run.planned.filter(session__in=ids).select_related("expert"):
        found[seat.session_id].planned.append(seat)
    kept = {seat.was_id for line in found.values() for seat in line.planned}
    for line in found.values():
        here: Iterable[Assignment] = line.session.on_seats  # type: ignore[attr-defined]  # with_seats
        seated = [row for row in here if row.state in SEATED]
        line.taken_off = [row for row in seated if row.pk in off]
        line.stays = [row for row in seated if row.pk not in off and row.pk not in kept]
        taken = len(line.stays)
        if run.state != "published":
            taken += len(line.planned)
        line.empty = max(0, line.session.seats - taken)
        line.why = why_empty(run, line.session.pk) if line.empty else []
    return list(found.values())


def why_empty(run: PlanRun, session_id: int) -> list[str]:
    """What kept people from an empty seat when it was planned, most often met first."""
    counts: dict[str, int] = defaultdict(int)
    for code, number in run.against.get(str(session_id), {}).items():
        counts[code] += number
    for gap in run.gaps:
        if gap["session"] == session_id:
            for code, number in gap["why"].items():
                counts[code] += number
    counts.pop(Why.HAS_IT, None)
    found = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [f"{number}: {_words(code)}" if number else _words(code) for code, number in found]


def _words(code: str) -> str:
    return str(SHORT[code] if code in SHORT else SENTENCES.get(code, code))


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


def people_for(
    run: PlanRun, session: Session, experts: Sequence[Expert], *, now: dt.datetime
) -> list[Person]:
    """The same reasons as everywhere, as if the rest of the draft were agreed; who fits comes first."""
    matrix = Matrix([session], experts, now=now)
    plan_problem.let_go(matrix, plan_problem.released(run.freed))
    _as_if_agreed(matrix, run, session)
    found = [Person(e, matrix.about_person(session.pk, e.pk)) for e in experts]
    return sorted(found, key=lambda p: (len(p.against), p.expert.name, p.expert.pk))


def _as_if_agreed(matrix: Matrix, run: PlanRun, session: Session) -> None:
    rows = run.planned.filter(expert__in=[e.pk for e in matrix.experts])
    others = rows.exclude(session=session).select_related("session__unit", "session__site")
    for seat in others:
        other = seat.session
        matrix.people[seat.expert_id].busy.append(
            Busy(
                starts_at=other.starts_at,
                ends_at=other.ends_at,
                is_shift=True,
                source=f"plan:{seat.pk}",
                what=str(other.unit),
                site_id=other.site_id,
                point=point_of(other),
                zone=other.zone,
            )
        )
