"""What workers do for a run: ask the question, plan a part each, put the parts together.

Rows decide everything (docs/adr): a message only wakes a worker. Who claims a part plans it; who
finishes the last one writes the draft, in one transaction with the run's new state, so that no half
plan is ever shown as done. A part whose worker has gone silent fails its run.
"""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from coordination import clock
from coordination.transactions import one_transaction
from scheduling.models import PlanPart, PlanRun, PlanSeat, PlanState
from scheduling.planner import planning, regions
from scheduling.planner.plan import Plan
from scheduling.planner.planning import Progress
from scheduling.planner.problem import Problem, Weights
from scheduling.services import plan_problem, plan_store
from scheduling.services.plan_runs import lock
from scheduling.transitions import PLAN_RUN

log = structlog.get_logger(__name__)

BEAT_SECONDS = 2.0
LOST_AFTER = dt.timedelta(seconds=60)
"""A worker that has been silent for so long is gone, and its run is marked as cut short."""
WAKE_AFTER = dt.timedelta(seconds=45)
"""What nobody has taken up by then wants a worker again: the message was lost."""
_LEAST_SECONDS = 1.0
TOO_MANY_PAIRS = "too_many_pairs"


class TooManyPairs(Exception):
    """A connected region has more possible pairs than a worker plans within its time and memory."""

    def __init__(self, pairs: int) -> None:
        super().__init__(str(pairs))
        self.pairs = pairs


def prepare(run_id: int, *, now: dt.datetime) -> list[int]:
    """queued → running with its parts; returns their ids, which want a worker each.

    Somebody else's run, or one that is over, gives none.
    """
    if not PlanRun.objects.filter(pk=run_id, state=PlanState.QUEUED).update(
        state=PlanState.RUNNING, heartbeat_at=now
    ):
        return []
    run = PlanRun.objects.get(pk=run_id)
    try:
        with _beating(PlanRun, run.pk, run.pk):
            question = _question(run, now=now)
        return _write_parts(run, question, now=clock.now())
    except TooManyPairs as error:
        log.warning("plan too large", plan_run=run_id, pairs=error.pairs)
        fail(run_id, code=TOO_MANY_PAIRS, now=clock.now())
        return []
    except Exception as error:
        log.exception("plan not prepared", plan_run=run_id)
        fail(run_id, code=type(error).__name__, now=clock.now())
        return []


def _question(run: PlanRun, *, now: dt.datetime) -> plan_problem.Question:
    before = run.ends_on + dt.timedelta(days=1)
    sessions = plan_problem.plannable(run.starts_on, before, now=now, freed=run.freed)
    return plan_problem.make(
        sessions,
        days=(before - run.starts_on).days,
        weights=Weights(**run.weights),
        now=now,
        freed=run.freed,
        pins=[(session, expert) for session, expert in run.pins],
    )


@one_transaction
def _write_parts(run: PlanRun, question: plan_problem.Question, *, now: dt.datetime) -> list[int]:
    row = lock(run.pk)
    if row.state != PlanState.RUNNING:
        return []
    problem = question.problem
    split = regions.split(problem)
    largest = max((len(part.options) for part in split), default=0)
    if largest > settings.PLAN_MOST_PAIRS:
        raise TooManyPairs(largest)
    possible = {option.session for option in problem.options}
    alone = replace(
        problem,
        people=(),
        sessions=tuple(s for s in problem.sessions if s.id not in possible),
        options=(),
        pinned=frozenset(),
        current=frozenset(),
        familiar=frozenset(),
    )
    whole = max(1, len(problem.options))
    made = [
        PlanPart(
            run=row,
            number=number,
            problem=plan_store.pack_problem(part),
            seconds=max(_LEAST_SECONDS, run.seconds * len(part.options) / whole),
            seats=sum(session.seats for session in part.sessions),
        )
        for number, part in enumerate(split, start=1)
    ]
    # number 0 is what nobody may take: there is nothing to plan for it, but it counts
    nobody = planning.merged(alone, [], seconds=0)
    made.append(
        PlanPart(
            run=row,
            number=0,
            problem=plan_store.pack_problem(alone),
            seconds=0,
            claimed_at=now,
            finished_at=now,
            seats=sum(session.seats for session in alone.sessions),
            objective=nobody.objective,
            bound=nobody.bound,
            result=plan_store.pack_plan(nobody),
        )
    )
    PlanPart.objects.bulk_create(made, batch_size=200)
    row.prepared_at = row.heartbeat_at = now
    row.seats = sum(session.seats for session in problem.sessions)
    row.against = {str(session): counts for session, counts in question.against.items()}
    row.save(update_fields=["prepared_at", "heartbeat_at", "seats", "against"])
    if not split:
        _finish(row, now=now)
    return [part.pk for part in made if part.number]


def plan_part(part_id: int, *, now: dt.datetime) -> bool:
    """Plan one part if nobody else does; whether it was done here. The last one ends the run."""
    free = PlanPart.objects.filter(
        pk=part_id, claimed_at__isnull=True, run__state=PlanState.RUNNING
    )
    if not free.update(claimed_at=now, heartbeat_at=now):
        return False
    part = PlanPart.objects.select_related("run").get(pk=part_id)
    try:
        with _beating(PlanPart, part.pk, part.run_id) as stopped:
            plan = planning.plan_region(
                plan_store.unpack_problem(part.problem),
                seconds=part.seconds,
                seed=part.run.seed,
                stop=stopped,
                tell=_telling(part),
            )
        return _part_done(part, plan, now=clock.now())
    except Exception as error:
        log.exception("plan part failed", plan_run=part.run_id, part=part.number)
        fail(part.run_id, code=str(getattr(error, "code", type(error).__name__)), now=clock.now())
        return False


def _telling(part: PlanPart) -> Callable[[Progress], None]:
    """Writes what is known so far into the part's row."""

    def tell(now: Progress) -> None:
        PlanPart.objects.filter(pk=part.pk).update(
            filled=now.filled, objective=now.objective, bound=now.bound
        )

    return tell


@contextmanager
def _beating(
    model: type[PlanPart] | type[PlanRun], pk: int, run_id: int
) -> Iterator[Callable[[], bool]]:
    """A sign of life every two seconds, also while a solver keeps the thread; gives what `stop` asks.

    A thread with its own connection: the solvers let it run beside them.
    """
    over, stopped = threading.Event(), threading.Event()

    def beat() -> None:
        try:
            while True:
                model.objects.filter(pk=pk).update(heartbeat_at=clock.now())
                runs = PlanRun.objects.filter(pk=run_id)
                for state, asked_at in runs.values_list("state", "stop_asked_at"):
                    if state != PlanState.RUNNING or asked_at is not None:
                        stopped.set()
                if over.wait(BEAT_SECONDS):
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"plan-{run_id}", daemon=True)
    thread.start()
    try:
        yield stopped.is_set
    finally:
        over.set()
        thread.join()


@one_transaction
def _part_done(part: PlanPart, plan: Plan, *, now: dt.datetime) -> bool:
    run = lock(part.run_id)
    if run.state != PlanState.RUNNING:
        return False
    PlanPart.objects.filter(pk=part.pk).update(
        finished_at=now,
        result=plan_store.pack_plan(plan),
        filled=plan.filled,
        objective=plan.objective,
        bound=plan.bound,
    )
    if not run.parts.filter(finished_at__isnull=True).exists():
        _finish(run, now=now)
    return True


def _finish(run: PlanRun, *, now: dt.datetime) -> None:
    """running → done or stopped: the parts become one draft. The run is locked."""
    parts = list(run.parts.order_by("number"))
    plans = [plan_store.unpack_plan(part.result) for part in parts if part.result is not None]
    seconds = (now - run.made_at).total_seconds()
    nothing = Problem(people=(), sessions=(), options=(), weights=Weights(**run.weights))
    plan = planning.merged(nothing, plans, seconds=seconds)
    was_stopped = plan.was_stopped or run.stop_asked_at is not None
    state = PlanState.STOPPED if was_stopped else PlanState.DONE
    PLAN_RUN.check(run.state, state)
    released = plan_problem.released(run.freed)
    pins = {(session, expert) for session, expert in run.pins}
    PlanSeat.objects.bulk_create(
        PlanSeat(
            run=run,
            session_id=session,
            expert_id=expert,
            is_pinned=(session, expert) in pins,
            was_id=released.get((session, expert)),
        )
        for session, expert in plan.pairs
    )
    run.gaps = [
        {"session": gap.session, "seats": gap.seats, "why": Counter(why for _, why in gap.why)}
        for gap in plan.unfilled
    ]
    run.state, run.finished_at, run.elapsed = state, now, seconds
    run.filled, run.objective, run.bound = plan.filled, plan.objective, plan.bound
    run.is_repeatable = plan.is_repeatable
    run.against = {str(g.session): run.against.get(str(g.session), {}) for g in plan.unfilled}
    run.save(
        update_fields=[
            *("state", "finished_at", "elapsed", "filled", "objective", "bound"),
            *("is_repeatable", "gaps", "against"),
        ]
    )
    run.parts.all().delete()


def fail(run_id: int, *, code: str, now: dt.datetime) -> bool:
    """queued, running → failed: it was cut short and can be started again; whether it was here."""
    working = PlanRun.objects.filter(pk=run_id, state__in=(PlanState.QUEUED, PlanState.RUNNING))
    with transaction.atomic():
        failed = working.update(state=PlanState.FAILED, error_code=code[:60], finished_at=now)
        if failed:
            PlanPart.objects.filter(run=run_id).delete()
    return bool(failed)


def sweep(*, now: dt.datetime) -> tuple[list[int], list[int], list[int]]:
    """Runs whose worker is gone fail; returns what wants a worker again: runs to prepare, parts to
    plan, runs to publish. Any number of sweeps at once do no more than one.
    """
    silent = now - LOST_AFTER
    running = PlanRun.objects.filter(state=PlanState.RUNNING)
    lost = set(
        running.filter(prepared_at__isnull=True, heartbeat_at__lt=silent).values_list(
            "pk", flat=True
        )
    )
    claimed = PlanPart.objects.filter(
        run__in=running, claimed_at__isnull=False, finished_at__isnull=True
    )
    lost |= set(claimed.filter(heartbeat_at__lt=silent).values_list("run", flat=True))
    for run_id in sorted(lost):
        fail(run_id, code="lost_with_worker", now=now)
    late = now - WAKE_AFTER
    waiting = PlanRun.objects.filter(state=PlanState.QUEUED, made_at__lt=late)
    parts = PlanPart.objects.filter(
        run__state=PlanState.RUNNING, claimed_at__isnull=True, run__prepared_at__lt=late
    )
    publishing = PlanRun.objects.filter(
        state__in=(PlanState.DONE, PlanState.STOPPED), publish_asked_at__lt=late
    ).exclude(publish_beat_at__gte=late)
    return (
        list(waiting.values_list("pk", flat=True)),
        list(parts.order_by(F("run_id"), F("number")).values_list("pk", flat=True)),
        list(publishing.values_list("pk", flat=True)),
    )
