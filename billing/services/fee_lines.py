"""Fee lines: made once for each held assignment, approved, corrected by new lines."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from billing import payers, rates
from billing.models import FeeLine, FeeLineState, FeeRule
from billing.transitions import FEE_LINE
from coordination.errors import Refused
from coordination.models import User
from coordination.transactions import one_transaction
from scheduling.models import Assignment, AssignmentState, Session, SessionState


def unpaid_yet(
    *, until: dt.datetime | None = None, taken_back: bool = False
) -> QuerySet[Assignment]:
    """Held assignments of closed sessions that should have a fee line and have none.

    Volunteers and unpaid kinds have none by right (S4 l.38: "Vapaaehtoistyöhön perustuvaa").
    Where finance took the fee back it stays so by itself; with `taken_back` these count too, for
    whoever makes it again on purpose.
    """
    has_one = FeeLine.objects.filter(assignment=OuterRef("pk"))
    if taken_back:
        has_one = has_one.filter(reverses__isnull=True, reversed_by__isnull=True)
    found = Assignment.objects.filter(
        ~Exists(has_one),
        state=AssignmentState.HELD,
        session__state=SessionState.CLOSED,
        session__kind__is_paid=True,
        expert__is_volunteer=False,
    ).select_related("session__unit__organisation", "session__kind", "expert")
    if until is not None:
        found = found.filter(session__starts_at__lt=until)
    return found.order_by("session__starts_at", "id")


def paid_minutes(session: Session) -> int:
    """Minutes actually worked, as clocks in UTC count them: a night over a clock change is exact."""
    starts_at = session.actual_starts_at or session.starts_at
    ends_at = session.actual_ends_at or session.ends_at
    return round((ends_at - starts_at).total_seconds() / 60)


def session_day(session: Session) -> dt.date:
    """The local calendar day of a session: the day rates and payers are chosen by."""
    return session.starts_at.astimezone(session.zone).date()


def make_missing(assignments: Iterable[Assignment], *, now: dt.datetime) -> list[FeeLine]:
    """Make the fee lines of held assignments that have none; where no fee rule exists, nothing.

    Safe to run twice and by two at once: a unique constraint lets one line in. After a line that
    was taken back, the new one corrects that one.
    """
    todo = list(assignments)
    before = _last_lines(todo)
    still_paid = {pk for pk, line in before.items() if not line.taken_back}
    days = {one.pk: session_day(one.session) for one in todo}
    rules = rates.rules_for((one.session.kind_id, days[one.pk]) for one in todo)
    who_pays = payers.resolve_many((one.session.unit, days[one.pk]) for one in todo)
    made = []
    for one in todo:
        rule = rules.get((one.session.kind_id, days[one.pk]))
        if rule is None or one.pk in still_paid:
            continue
        line = _line(one, rule=rule, day=days[one.pk], minutes=paid_minutes(one.session), now=now)
        line.corrects = before.get(one.pk)
        _copy_payer(line, who_pays[one.session.unit_id, days[one.pk]])
        try:
            with transaction.atomic():
                line.save()
                keep_together([one.pk])
        except IntegrityError:
            continue  # somebody else made it meanwhile
        made.append(line)
    return made


def _last_lines(assignments: Iterable[Assignment]) -> dict[int, FeeLine]:
    """The newest line of each assignment that is no reversal: what a line made again comes after."""
    rows = FeeLine.objects.filter(assignment__in=assignments, reverses__isnull=True)
    return {row.assignment_id: row for row in rows.select_related("reversed_by").order_by("id")}


def _line(
    assignment: Assignment, *, rule: FeeRule, day: dt.date, minutes: int, now: dt.datetime
) -> FeeLine:
    return FeeLine(
        assignment=assignment,
        expert=assignment.expert,
        kind_id=rule.kind_id,
        session_on=day,
        rule=rule,
        basis=rule.basis,
        rate=rule.amount,
        minutes=minutes,
        amount=rates.amount_of(basis=rule.basis, rate=rule.amount, minutes=minutes),
        income_type=rule.income_type,
        created_at=now,
    )


def _copy_payer(line: FeeLine, payer: payers.Payer) -> bool:
    """Copy the payer onto the line; True if that changed anything."""
    before = (line.unit_id, line.project_id, line.payer_name, line.cost_centre)
    line.unit, line.project = payer.unit, payer.project
    line.payer_name, line.cost_centre = payer.name, payer.cost_centre
    return before != (line.unit_id, line.project_id, line.payer_name, line.cost_centre)


def resolve_payers_again(lines: QuerySet[FeeLine]) -> int:
    """Find the payer of the *open* lines among `lines` anew (a project's end was moved); returns how many moved.

    Approved and exported lines keep theirs (design.md, invariant 7).
    """
    with transaction.atomic():
        return len(_move_payers(_locked(lines.filter(state=FeeLineState.OPEN))))


def _locked(lines: QuerySet[FeeLine]) -> list[FeeLine]:
    rows = lines.select_related("unit__organisation").select_for_update(of=("self",))
    return list(rows.order_by("id"))


def _move_payers(rows: list[FeeLine]) -> list[FeeLine]:
    """Find the payer of locked open lines anew; the lines that moved. A reversal keeps that of its line."""
    own = [row for row in rows if row.reverses_id is None]
    found = payers.resolve_many((row.unit, row.session_on) for row in own)
    moved = [row for row in own if _copy_payer(row, found[row.unit_id, row.session_on])]
    for row in moved:
        row.save(update_fields=["unit", "project", "payer_name", "cost_centre"])
    return moved


@dataclass(frozen=True)
class Approved:
    """How many lines a call approved, and how many it did not because their payer had changed."""

    lines: int
    moved: int = 0


@one_transaction
def approve(line_ids: Sequence[int], *, by: User, now: dt.datetime) -> Approved:
    """Approve open fee lines, together with the open lines of the same assignment.

    What is taken back and what comes instead are paid in one batch or not at all. Lines somebody
    else approved meanwhile are left as they are, so a double click approves once. The payer is
    found anew first: a line whose payer is no longer the one that was seen stays open with the
    new one, to be looked at again; once approved, the payer stays.
    """
    chosen = FeeLine.objects.filter(pk__in=line_ids, state=FeeLineState.OPEN)
    assignments = _lock_assignments(set(chosen.values_list("assignment_id", flat=True)))
    rows = _locked(FeeLine.objects.filter(assignment__in=assignments, state=FeeLineState.OPEN))
    moved = {row.assignment_id for row in _move_payers(rows)}
    ready = [row.pk for row in rows if row.assignment_id not in moved]
    count = FeeLine.objects.filter(pk__in=ready).update(
        state=FeeLineState.APPROVED, approved_at=now, approved_by=by
    )
    return Approved(lines=count, moved=len(rows) - len(ready))


def _lock_assignments(ids: Collection[int]) -> list[int]:
    """All lines of an assignment change one after the other; the lines' own locks come after."""
    rows = Assignment.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def together_with(line: FeeLine) -> QuerySet[FeeLine]:
    """The other lines that wait to be approved, or are approved and not in a batch, together with this one."""
    waiting = (FeeLineState.OPEN, FeeLineState.APPROVED)
    others = FeeLine.objects.filter(assignment=line.assignment_id, state__in=waiting, batch=None)
    if line.state not in waiting or line.batch_id is not None:
        return others.none()
    return others.exclude(pk=line.pk).order_by("id")


def keep_together(assignment_ids: Collection[int]) -> None:
    """Approved lines are open again where another line of the same assignment is open."""
    still_open = FeeLine.objects.filter(assignment=OuterRef("assignment"), state=FeeLineState.OPEN)
    FeeLine.objects.filter(
        Exists(still_open),
        assignment__in=assignment_ids,
        state=FeeLineState.APPROVED,
        batch__isnull=True,
    ).update(state=FeeLineState.OPEN, approved_at=None, approved_by=None)


@one_transaction
def take_back_approval(line: FeeLine, *, by: User, now: dt.datetime) -> FeeLine:
    """Open an approved line again while it is in no batch, with those approved together with it.

    Raises Refused otherwise.
    """
    row = _lock_line(line)
    FEE_LINE.check(row.state, FeeLineState.OPEN)
    if row.batch_id is not None:
        raise Refused(_("The line is in a locked batch. Correct it instead."), code="in_batch")
    row.state, row.approved_at, row.approved_by = FeeLineState.OPEN, None, None
    row.save(update_fields=["state", "approved_at", "approved_by"])
    keep_together([row.assignment_id])
    return row


def _lock_line(line: FeeLine) -> FeeLine:
    _lock_assignments([line.assignment_id])
    return FeeLine.objects.select_for_update().get(pk=line.pk)


@one_transaction
def reverse(line: FeeLine, *, by: User, now: dt.datetime) -> FeeLine:
    """Take a fee back with a new negative line; returns that line.

    A line not yet in a batch becomes `reversed` together with its reversal and neither is paid.
    An exported line stays as it is, and the reversal goes to the next batch.
    Raises Refused when the line is a reversal, is reversed already, or waits in a locked batch.
    """
    row = _lock_line(line)
    if row.reverses_id is not None:
        raise Refused(_("This line takes back another one already."), code="is_reversal")
    if row.state == FeeLineState.REVERSED or FeeLine.objects.filter(reverses=row).exists():
        raise Refused(_("This line has been taken back already."), code="reversed")
    exported = row.state == FeeLineState.EXPORTED
    if row.batch_id is not None and not exported:
        raise Refused(
            _("The batch is locked. Export it first, then correct the line."), code="in_batch"
        )
    if not exported:
        FEE_LINE.check(row.state, FeeLineState.REVERSED)
        row.state = FeeLineState.REVERSED
        row.save(update_fields=["state"])
    back = _negative(row, state=FeeLineState.OPEN if exported else FeeLineState.REVERSED, now=now)
    keep_together([row.assignment_id])
    return back


def _negative(row: FeeLine, *, state: FeeLineState, now: dt.datetime) -> FeeLine:
    return FeeLine.objects.create(
        assignment=row.assignment,
        expert=row.expert,
        kind=row.kind,
        session_on=row.session_on,
        rule=row.rule,
        basis=row.basis,
        rate=row.rate,
        minutes=row.minutes,
        amount=-row.amount,
        income_type=row.income_type,
        unit=row.unit,
        project=row.project,
        payer_name=row.payer_name,
        cost_centre=row.cost_centre,
        state=state,
        reverses=row,
        created_at=now,
    )


@one_transaction
def correct(line: FeeLine, *, minutes: int, by: User, now: dt.datetime) -> FeeLine:
    """Replace a line by one with other paid minutes: the old one is reversed, the new one is open.

    The rate is found anew by the day of the session, so a rule mended meanwhile applies.
    Raises Refused like `reverse`, or when no rule covers the day, or when minutes are out of 1–1440.
    """
    if not 1 <= minutes <= 24 * 60:
        raise Refused(_("Give a length between 1 minute and 24 hours."), code="minutes")
    reverse(line, by=by, now=now)
    rule = rates.rule_for(line.kind_id, on=line.session_on)
    if rule is None:
        raise Refused(_("There is no fee rule for this day."), code="no_rule")
    new = _line(line.assignment, rule=rule, day=line.session_on, minutes=minutes, now=now)
    _copy_payer(new, payers.resolve(line.unit, on=line.session_on))
    new.corrects = line
    new.save()
    keep_together([new.assignment_id])
    return new


@one_transaction
def make_again(line: FeeLine, *, by: User, now: dt.datetime) -> FeeLine:
    """A new line for an assignment whose fee was taken back, as if none had been made before.

    Raises Refused `nothing_to_make` when a fee is there, the person was not there, or none is
    owed; `no_rule` when no rule covers the day.
    """
    _lock_assignments([line.assignment_id])
    owed = unpaid_yet(taken_back=True).filter(pk=line.assignment_id)
    if not owed.exists():
        raise Refused(_("There is no fee to make for this session."), code="nothing_to_make")
    made = make_missing(owed, now=now)
    if not made:
        raise Refused(_("There is no fee rule for this day."), code="no_rule")
    return made[0]
