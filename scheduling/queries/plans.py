"""A run of the planner as its pages show it: how far it is, the draft beside what is now, and why."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination import clock
from coordination.models import User
from experts.models import Expert
from experts.queries import supervision
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
from scheduling.services import plan_runs, recipients

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


Figures = tuple[int, int, int | None]
"""Seats filled, objective and bound of a part."""


def progress(run: PlanRun, *, now: dt.datetime) -> Progress:
    """How far one run is."""
    return progress_of([run], now=now)[run.pk]


def progress_of(runs: Iterable[PlanRun], *, now: dt.datetime) -> dict[int, Progress]:
    """By the run's id: summed over the parts while it runs, its own figures afterwards; one query."""
    parts: dict[int, list[Figures]] = {run.pk: [] for run in runs if run.is_working}
    rows = PlanPart.objects.filter(run__in=parts)
    for run_id, filled, points, bound in rows.values_list("run", "filled", "objective", "bound"):
        parts[run_id].append((filled, points, bound))
    return {run.pk: _progress(run, parts.get(run.pk, []), now=now) for run in runs}


def _progress(run: PlanRun, rows: Sequence[Figures], *, now: dt.datetime) -> Progress:
    if not run.is_working:
        return Progress(run.seats, run.filled, run.objective, run.bound, round(run.elapsed))
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
    gone = _gone(run).values("expert")
    people = Expert.objects.filter(Q(pk__in=asked) | Q(pk__in=gone)).select_related("user")
    return [e.name for e in people.order_by("name", "pk") if not recipients.of_expert(e)]


def _gone(run: PlanRun) -> QuerySet[Assignment]:
    """The freed seats that publishing took from somebody."""
    return _freed(run).filter(state=AssignmentState.CANCELLED)


@dataclass(frozen=True)
class Outcome:
    """What publishing did: counts of seats, the seats that no longer fitted, and whom to call."""

    asked: int
    kept: int
    taken_off: int
    refused: list[PlanSeat]
    to_call: list[str]


def outcome(run: PlanRun) -> Outcome:
    """What came of publishing; six queries."""
    seats = run.planned.order_by("session__starts_at", "pk")
    refused = seats.filter(outcome=SeatOutcome.REFUSED).select_related("session", "expert")
    return Outcome(
        asked=run.planned.filter(outcome=SeatOutcome.ASKED).count(),
        kept=run.planned.filter(outcome=SeatOutcome.KEPT).count(),
        taken_off=_gone(run).count(),
        refused=list(refused),
        to_call=to_call(run),
    )


def seats_to_free(
    user: User, *, seats: Collection[int] = (), sessions: Collection[int] = ()
) -> QuerySet[Assignment]:
    """Of these assignments, and of all those of these sessions, the ones a run may give to others."""
    rows = Assignment.objects.filter(
        Q(pk__in=seats) | Q(session__in=sessions),
        state__in=plan_runs.COMING,
        session__in=Session.objects.visible_to(user),
    )
    return rows.select_related("expert", "session__unit").order_by("session__starts_at", "seat")


def unpublished(run: PlanRun) -> int:
    """How many planned seats are on sessions that are drafts: nobody is asked for those."""
    return run.planned.filter(session__state=SessionState.DRAFT, was__isnull=True).count()


def _taken_off(run: PlanRun) -> QuerySet[Assignment]:
    """The freed seats that publishing would take from somebody."""
    return _freed(run).filter(state__in=SEATED)


def _freed(run: PlanRun) -> QuerySet[Assignment]:
    """The seats that were free to be given to others, but those whose person keeps them."""
    kept = run.planned.filter(was__isnull=False).values("was")
    return Assignment.objects.filter(pk__in=run.freed).exclude(pk__in=kept)


def session_ids(run: PlanRun, *, show: str) -> list[int]:
    """The sessions of a draft in the order of time: all, those with an empty seat, or moved people."""
    rows = Session.objects.filter(_in_plan(run, show)).order_by("starts_at", "pk")
    return list(rows.values_list("pk", flat=True))


def sessions_of(run: PlanRun, user: User) -> QuerySet[Session]:
    """All sessions of a draft, as far as this person may see them."""
    rows = Session.objects.visible_to(user).filter(_in_plan(run, ""))
    return rows.select_related("kind", "unit", "site")


def _in_plan(run: PlanRun, show: str) -> Q:
    gaps = [gap["session"] for gap in run.gaps]
    moved = Q(pk__in=_taken_off(run).values("session"))
    return {
        "empty": Q(pk__in=gaps),
        "moved": moved,
        "refused": Q(pk__in=run.planned.exclude(why="").values("session")),
    }.get(show, Q(pk__in=gaps) | moved | Q(pk__in=run.planned.values("session")))


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


@dataclass(frozen=True)
class WhyEmpty:
    """A reason that kept so many people from a seat; none of them: it lies in the session."""

    code: str
    people: int

    @property
    def sentence(self) -> str:
        """The reason as many people share it."""
        code = self.code
        return str(SHORT[code] if code in SHORT else SENTENCES.get(code, code))

    def __str__(self) -> str:
        return f"{self.people}: {self.sentence}" if self.people else self.sentence


@dataclass(frozen=True)
class Gap:
    """So many seats of a session left empty; no `whys`: somebody left them empty by hand."""

    session: int
    seats: int
    whys: list[WhyEmpty]


def gaps(run: PlanRun) -> list[Gap]:
    """The empty seats of a run, by the id of the session."""
    return [
        Gap(gap["session"], gap["seats"], _whys(run, gap["session"], [gap["why"]]))
        for gap in sorted(run.gaps, key=itemgetter("session"))
    ]


def why_empty(run: PlanRun, session_id: int) -> list[str]:
    """What kept people from an empty seat when it was planned, most often met first."""
    here = [gap["why"] for gap in run.gaps if gap["session"] == session_id]
    return [str(why) for why in _whys(run, session_id, here)]


def _whys(run: PlanRun, session_id: int, met: Iterable[Mapping[str, int]]) -> list[WhyEmpty]:
    counts: dict[str, int] = defaultdict(int)
    for numbers in (run.against.get(str(session_id), {}), *met):
        for code, number in numbers.items():
            counts[code] += number
    counts.pop(Why.HAS_IT, None)
    found = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [WhyEmpty(code, number) for code, number in found]
