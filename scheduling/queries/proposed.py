"""What drafts of plans would do to the sessions on the week board: who would be asked, who taken off."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from coordination import formats
from coordination.models import User
from scheduling.models import Assignment, PlanRun, PlanSeat, Session
from scheduling.models.assignments import SEATED
from scheduling.models.plans import DRAFT
from scheduling.queries.seats import seats_of


@dataclass
class Proposed:
    """What a draft would do to one session. `empty`: seats nobody would have or be asked for."""

    run: PlanRun
    asked: list[PlanSeat] = field(default_factory=list)
    taken_off: list[Assignment] = field(default_factory=list)
    empty: int = 0


@dataclass
class Draft:
    """A draft over days of the board, and what it would change in what the board shows."""

    run: PlanRun
    asked: int = 0
    taken_off: int = 0
    empty: int = 0

    @property
    def days(self) -> str:
        """ "1.3.2027–31.3.2027"."""
        return f"{formats.date(self.run.starts_on)}–{formats.date(self.run.ends_on)}"


def of_sessions(
    user: User, sessions: Sequence[Session], *, first: dt.date, last: dt.date
) -> tuple[dict[int, Proposed], list[Draft]]:
    """By session, and the drafts themselves; two queries at most, for sessions read `with_seats`.

    When several drafts speak of one session, the newest does: it is the one somebody works on.
    """
    runs = PlanRun.objects.visible_to(user).filter(
        state__in=DRAFT, starts_on__lte=last, ends_on__gte=first
    )
    drafts = {run.pk: run for run in runs.order_by("-pk")}
    if not drafts:
        return {}, []
    by_session = {session.pk: session for session in sessions}
    rows = PlanSeat.objects.filter(run__in=drafts, session__in=by_session)
    planned: dict[int, dict[int, list[PlanSeat]]] = defaultdict(lambda: defaultdict(list))
    for seat in rows.select_related("expert").order_by("pk"):
        planned[seat.run_id][seat.session_id].append(seat)
    found: dict[int, Proposed] = {}
    for run in drafts.values():
        mine = planned[run.pk]
        freed = set(run.freed) - {seat.was_id for here in mine.values() for seat in here}
        spoken_of = mine.keys() | {gap["session"] for gap in run.gaps}
        for pk in (spoken_of | _freed_from(by_session.values(), freed)) & by_session.keys():
            if pk not in found:
                found[pk] = _proposed(run, by_session[pk], mine.get(pk, ()), freed)
    return found, _sums(drafts.values(), found.values())


def _freed_from(sessions: Iterable[Session], freed: set[int]) -> set[int]:
    return {s.pk for s in sessions for row in _seated(s) if row.pk in freed}


def _seated(session: Session) -> list[Assignment]:
    return [s.assignment for s in seats_of(session) if s.assignment and s.state in SEATED]


def _proposed(
    run: PlanRun, session: Session, here: Iterable[PlanSeat], freed: set[int]
) -> Proposed:
    asked = [seat for seat in here if seat.was_id is None]
    seated = _seated(session)
    off = [row for row in seated if row.pk in freed]
    empty = session.seats - (len(seated) - len(off)) - len(asked)
    return Proposed(run, asked, off, max(0, empty))


def _sums(runs: Iterable[PlanRun], found: Iterable[Proposed]) -> list[Draft]:
    drafts = {run.pk: Draft(run) for run in runs}
    for one in found:
        draft = drafts[one.run.pk]
        draft.asked += len(one.asked)
        draft.taken_off += len(one.taken_off)
        draft.empty += one.empty
    return [d for d in drafts.values() if d.asked or d.taken_off or d.empty]
