"""Publishing a draft: every seat is checked once more under the locks, and each person hears once.

One transaction: either the whole draft has been published, or nothing has. What no longer fits is
marked with the sentence that says why, and whoever had that seat keeps it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.transactions import one_transaction
from scheduling.eligibility import Matrix
from scheduling.models import Assignment, PlanRun, PlanSeat, PlanState, SeatOutcome
from scheduling.services import assignments, plan_mails, plan_problem, promises
from scheduling.services.plan_runs import COMING, lock
from scheduling.transitions import PLAN_RUN

log = structlog.get_logger(__name__)


@dataclass
class _Attempt:
    """What came of one try; `refused` are sentences by the seat's id."""

    refused: dict[int, str] = field(default_factory=dict)
    asked: list[tuple[PlanSeat, Assignment]] = field(default_factory=list)
    kept: list[PlanSeat] = field(default_factory=list)
    taken_off: list[Assignment] = field(default_factory=list)


class _Again(Exception):
    """Somebody would lose a seat for nothing: once more without those that no longer fit."""

    def __init__(self, refused: dict[int, str]) -> None:
        self.refused = refused


def work(run_id: int, *, now: dt.datetime) -> None:
    """Publish a run somebody has asked for. What goes wrong is told and can be tried again."""
    asked = PlanRun.objects.filter(
        pk=run_id,
        publish_asked_at__isnull=False,
        state__in=(PlanState.DONE, PlanState.STOPPED),
    )
    if not asked.update(publish_beat_at=now, error_code=""):
        return
    try:
        publish(run_id, now=now)
    except Exception as error:
        log.exception("plan not published", plan_run=run_id)
        asked.update(
            publish_asked_at=None,
            publish_asked_by=None,
            publish_beat_at=None,
            error_code=type(error).__name__[:60],
        )


@one_transaction
def publish(run_id: int, *, now: dt.datetime) -> None:
    """done or stopped → published. Locks people, then sessions, then the run; a second call does nothing."""
    found = PlanRun.objects.get(pk=run_id)
    promises.lock(*_touched(found))
    run = lock(run_id)
    if not run.is_publishing or run.publish_asked_by is None:
        return
    with translation.override(run.publish_asked_by.language):
        attempt = _until_nobody_loses(run, now=now)
        _write(run, attempt, now=now)


def _touched(run: PlanRun) -> tuple[set[int], set[int]]:
    """Everybody and every session the draft speaks of."""
    pairs = set(run.planned.values_list("expert_id", "session_id"))
    pairs |= set(Assignment.objects.filter(pk__in=run.freed).values_list("expert_id", "session_id"))
    return {expert for expert, _ in pairs}, {session for _, session in pairs}


def _until_nobody_loses(run: PlanRun, *, now: dt.datetime) -> _Attempt:
    refused: dict[int, str] = {}
    while True:
        try:
            with transaction.atomic():
                return _try(run, refused, now=now)
        except _Again as again:
            refused = again.refused


def _try(run: PlanRun, left_out: dict[int, str], *, now: dt.datetime) -> _Attempt:
    """Take off whom the draft moves, then ask; raises _Again when a moved one's seat stays empty."""
    attempt = _Attempt(refused=dict(left_out))
    rows = run.planned.select_related(
        "session__kind", "session__unit", "session__site", "expert", "was"
    )
    planned = list(rows.order_by("session", "pk"))
    seats = [seat for seat in planned if seat.pk not in left_out]
    stays = {seat.session_id for seat in planned if seat.pk in left_out}
    attempt.taken_off = _take_off(run, seats, stays, now=now)
    lost = {assignment.session_id for assignment in attempt.taken_off}
    matrix = _facts(seats, now=now)
    for seat in seats:
        if seat.was_id and _is_coming(seat):
            attempt.kept.append(seat)
            continue
        if seat.was_id:
            sentence = _("%(name)s is no longer on this session.")
            attempt.refused[seat.pk] = sentence % {"name": seat.expert.name}
            continue
        try:
            assignment = assignments.propose(
                seat.session,
                expert=seat.expert,
                overrules={plan_problem.ONLY_A_COST: _("Seen in the plan before publishing.")},
                by=run.publish_asked_by,
                now=now,
                tell=False,
                reasons=matrix.all(seat.session_id, seat.expert_id),
            )
        except Refused as refused:
            attempt.refused[seat.pk] = str(refused)
        else:
            matrix.now_asked(assignment)
            attempt.asked.append((seat, assignment))
    fresh = [seat for seat in seats if seat.pk in attempt.refused]
    if any(seat.session_id in lost for seat in fresh):
        raise _Again(attempt.refused)
    return attempt


def _facts(seats: Iterable[PlanSeat], *, now: dt.datetime) -> Matrix:
    """What speaks for and against everybody who is to be asked, read once, under the locks."""
    new = [seat for seat in seats if seat.was_id is None]
    sessions = {seat.session_id: seat.session for seat in new}
    experts = {seat.expert_id: seat.expert for seat in new}
    return Matrix(list(sessions.values()), list(experts.values()), now=now)


def _is_coming(seat: PlanSeat) -> bool:
    return seat.was is not None and seat.was.state in COMING


def _take_off(
    run: PlanRun, seats: Iterable[PlanSeat], stays: set[int], *, now: dt.datetime
) -> list[Assignment]:
    """Freed people the draft has elsewhere or nowhere; who would lose a seat for nothing stays."""
    kept = [seat.was_id for seat in seats if seat.was_id]
    rows = Assignment.objects.filter(pk__in=run.freed, state__in=COMING).exclude(pk__in=kept)
    return [
        assignments.cancel(row, by=run.publish_asked_by, now=now, tell=False)
        for row in rows.order_by("session", "pk")
        if row.session_id not in stays
    ]


def _write(run: PlanRun, attempt: _Attempt, *, now: dt.datetime) -> None:
    for seat in attempt.kept:
        seat.outcome = SeatOutcome.KEPT
    for seat, _assignment in attempt.asked:
        seat.outcome = SeatOutcome.ASKED
    changed = [*attempt.kept, *(seat for seat, _assignment in attempt.asked)]
    for seat in run.planned.filter(pk__in=attempt.refused):
        seat.outcome, seat.why = SeatOutcome.REFUSED, attempt.refused[seat.pk][:500]
        changed.append(seat)
    PlanSeat.objects.bulk_update(changed, ["outcome", "why"], batch_size=500)
    PLAN_RUN.check(run.state, PlanState.PUBLISHED)
    run.state = PlanState.PUBLISHED
    run.save(update_fields=["state"])
    plan_mails.published(
        run,
        asked=[assignment for _seat, assignment in attempt.asked],
        taken_off=attempt.taken_off,
        by=run.publish_asked_by,
        now=now,
    )
