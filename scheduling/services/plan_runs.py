"""Starting, stopping and throwing away a run of the planner. What a worker does is in `plan_work`."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from coordination import clock, formats
from coordination.errors import Refused
from coordination.models import User
from coordination.transactions import constraint_name, one_transaction
from experts.models import Expert
from scheduling.models import Assignment, AssignmentState, PlanRun, PlanState
from scheduling.planner.problem import BadProblem, Weights
from scheduling.services import plan_problem
from scheduling.transitions import PLAN_RUN

LONGEST = dt.timedelta(days=366)
COMING = (AssignmentState.PROPOSED, AssignmentState.CONFIRMED)


@one_transaction
def start(
    *,
    starts_on: dt.date,
    ends_on: dt.date,
    weights: Mapping[str, int],
    seconds: int,
    by: User,
    now: dt.datetime,
    seed: int = 1,
    free_people: Collection[int] = (),
    free_seats: Collection[int] = (),
    again: PlanRun | None = None,
) -> PlanRun:
    """Queue a run over these days, both included; wake a worker once it is committed.

    What the people of `free_people` have been promised in those days may be moved, and so may the
    single assignments of `free_seats`; all others stay. `again`: a draft to plan anew, whose pinned
    seats stay and which is discarded. Raises Refused `days`, `past`, `too_long`, `bad_weights`,
    `nothing_to_fill`, `too_many`, `nobody`, `running`, `wrong_state`.
    """
    _check_days(starts_on, ends_on, now=now)
    wanted = checked_weights(weights)
    freed = _freed(free_people, free_seats, starts_on, ends_on, now=now)
    pins: list[list[int]] = []
    if again is not None:
        row = lock(again.pk)
        _check_not_publishing(row)
        PLAN_RUN.check(row.state, PlanState.DISCARDED)
        pins = [[s.session_id, s.expert_id] for s in row.planned.filter(is_pinned=True)]
        freed = sorted({*freed, *row.freed})
        _move(row, PlanState.DISCARDED)
    _check_work(starts_on, ends_on, freed, now=now)
    return _insert(
        PlanRun(
            starts_on=starts_on,
            ends_on=ends_on,
            weights=wanted,
            seconds=seconds,
            seed=seed,
            freed=freed,
            pins=pins,
            language=(translation.get_language() or "fi")[:2],
            made_at=now,
            made_by=by,
        )
    )


def _check_days(starts_on: dt.date, ends_on: dt.date, *, now: dt.datetime) -> None:
    if ends_on < starts_on:
        raise Refused(_("The last day must not be before the first day."), code="days")
    if ends_on < clock.today(now):
        raise Refused(_("These days are past: nothing can be planned for them."), code="past")
    if ends_on - starts_on > LONGEST:
        raise Refused(_("Plan a year at most at a time."), code="too_long")


def checked_weights(given: Mapping[str, int]) -> dict[str, int]:
    """All weights by name, those that are not given as usual. Raises Refused `bad_weights`."""
    try:
        found = Weights(**given)
        found.check()
    except (BadProblem, TypeError) as error:
        sentence = _("Each weight is a whole number from 0 to 10, and filling seats at least 1.")
        raise Refused(sentence, code="bad_weights") from error
    return {name: getattr(found, name) for name in Weights.__slots__}


def _freed(
    people: Collection[int],
    seats: Collection[int],
    starts_on: dt.date,
    ends_on: dt.date,
    *,
    now: dt.datetime,
) -> list[int]:
    """Ids of what these people have been promised, and of these seats, in sessions that begin in these days."""
    rows = Assignment.objects.filter(
        Q(expert__in=people) | Q(pk__in=seats),
        state__in=COMING,
        session__starts_at__gt=now,
        session__starts_at__gte=dt.datetime.combine(starts_on, dt.time(), clock.HOME_ZONE),
        session__starts_at__lt=dt.datetime.combine(
            ends_on + dt.timedelta(days=1), dt.time(), clock.HOME_ZONE
        ),
    )
    return sorted(rows.values_list("pk", flat=True))


def _check_work(
    starts_on: dt.date, ends_on: dt.date, freed: Collection[int], *, now: dt.datetime
) -> None:
    sessions = plan_problem.plannable_ids(
        starts_on, ends_on + dt.timedelta(days=1), now=now, freed=freed
    )
    if not sessions:
        raise Refused(
            _("No session of these days has a free seat: there is nothing to plan."),
            code="nothing_to_fill",
        )
    if len(sessions) > settings.PLAN_MOST_SESSIONS:
        sentence = _(
            "These days have %(number)s sessions to fill, and one plan takes %(most)s at most."
            " Plan a shorter time."
        )
        counts = {"number": len(sessions), "most": settings.PLAN_MOST_SESSIONS}
        told = {name: formats.number(count, language=None) for name, count in counts.items()}
        raise Refused(sentence % told, code="too_many")
    if not Expert.objects.active().exists():
        raise Refused(_("Nobody works with us now: there is nobody to plan for."), code="nobody")


def _insert(run: PlanRun) -> PlanRun:
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError as error:
        if constraint_name(error) == "plan_run_one_at_a_time":
            raise Refused(
                _("These days are being planned already. Wait for that plan, or stop it."),
                code="running",
            ) from error
        raise
    return run


def lock(run_id: int) -> PlanRun:
    """The run's row, locked; before anything else of the plan, after people and sessions."""
    return PlanRun.objects.select_for_update(no_key=True).get(pk=run_id)


def _move(run: PlanRun, state: PlanState) -> None:
    PLAN_RUN.check(run.state, state)
    run.state = state
    run.save(update_fields=["state"])


@one_transaction
def stop(run: PlanRun, *, by: User, now: dt.datetime) -> None:
    """The workers give up soon, and the best so far is the draft. Raises Refused `wrong_state`."""
    row = lock(run.pk)
    PLAN_RUN.check(row.state, PlanState.STOPPED)
    if not row.is_working:
        raise Refused(_("This plan is ready already."), code="wrong_state")
    row.stop_asked_at = row.stop_asked_at or now
    row.save(update_fields=["stop_asked_at"])
    if row.state == PlanState.QUEUED:
        row.finished_at = now
        row.save(update_fields=["finished_at"])
        _move(row, PlanState.STOPPED)


@one_transaction
def discard(run: PlanRun, *, by: User) -> None:
    """The draft is thrown away; nobody has heard of it. Raises Refused `wrong_state`."""
    row = lock(run.pk)
    _check_not_publishing(row)
    _move(row, PlanState.DISCARDED)


@one_transaction
def ask_to_publish(run: PlanRun, *, by: User, now: dt.datetime) -> None:
    """A worker is to publish the draft; a second press changes nothing. Raises Refused `wrong_state`."""
    row = lock(run.pk)
    PLAN_RUN.check(row.state, PlanState.PUBLISHED)
    if row.publish_asked_at is None:
        row.publish_asked_at, row.publish_asked_by = now, by
        row.save(update_fields=["publish_asked_at", "publish_asked_by"])


def lock_draft(run_id: int) -> PlanRun:
    """A draft that can still be changed, locked. Raises Refused `wrong_state`."""
    row = lock(run_id)
    PLAN_RUN.check(row.state, PlanState.PUBLISHED)
    _check_not_publishing(row)
    return row


def _check_not_publishing(run: PlanRun) -> None:
    if run.is_publishing:
        raise Refused(_("This plan is being published."), code="wrong_state")
