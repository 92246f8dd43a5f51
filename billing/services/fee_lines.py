"""Fee lines: made once for each held assignment, approved, corrected by new lines."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing import payers, rates
from billing.models import FeeLine, FeeLineState, FeeRule
from billing.transitions import FEE_LINE
from coordination.errors import Refused
from coordination.models import User
from scheduling.models import Assignment, AssignmentState, Session, SessionState


def unpaid_yet(*, until: dt.datetime | None = None) -> QuerySet[Assignment]:
    """Held assignments of closed sessions that should have a fee line and have none.

    Volunteers and unpaid kinds have none by right (S4 l.38: "Vapaaehtoistyöhön perustuvaa").
    """
    found = Assignment.objects.filter(
        state=AssignmentState.HELD,
        session__state=SessionState.CLOSED,
        session__kind__is_paid=True,
        expert__is_volunteer=False,
        fee_lines__isnull=True,
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

    Safe to run twice and by two at once: a unique constraint lets one line in.
    """
    todo = list(assignments)
    days = {one.pk: session_day(one.session) for one in todo}
    rules = rates.rules_for((one.session.kind_id, days[one.pk]) for one in todo)
    who_pays = payers.resolve_many((one.session.unit, days[one.pk]) for one in todo)
    made = []
    for one in todo:
        rule = rules.get((one.session.kind_id, days[one.pk]))
        if rule is None:
            continue
        line = _line(one, rule=rule, day=days[one.pk], minutes=paid_minutes(one.session), now=now)
        _copy_payer(line, who_pays[one.session.unit_id, days[one.pk]])
        try:
            with transaction.atomic():
                line.save()
        except IntegrityError:
            continue  # somebody else made it meanwhile
        made.append(line)
    return made


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
    moved = 0
    with transaction.atomic():
        rows = list(
            lines.filter(state=FeeLineState.OPEN, reverses__isnull=True)
            .select_related("unit__organisation")
            .select_for_update(of=("self",))
            .order_by("id")
        )
        found = payers.resolve_many((row.unit, row.session_on) for row in rows)
        for row in rows:
            if _copy_payer(row, found[row.unit_id, row.session_on]):
                row.save(update_fields=["unit", "project", "payer_name", "cost_centre"])
                moved += 1
    return moved


def approve(line_ids: Sequence[int], *, by: User, now: dt.datetime) -> int:
    """Approve open fee lines; returns how many this call approved.

    Lines somebody else approved meanwhile are left as they are, so a double click approves once.
    The payer is found anew first: after this it stays.
    """
    wanted = FeeLine.objects.filter(pk__in=line_ids)
    with transaction.atomic():
        resolve_payers_again(wanted)
        return wanted.filter(state=FeeLineState.OPEN).update(
            state=FeeLineState.APPROVED, approved_at=now, approved_by=by
        )


def take_back_approval(line: FeeLine, *, by: User, now: dt.datetime) -> FeeLine:
    """Open an approved line again while it is in no batch. Raises Refused otherwise."""
    with transaction.atomic():
        row = FeeLine.objects.select_for_update().get(pk=line.pk)
        FEE_LINE.check(row.state, FeeLineState.OPEN)
        if row.batch_id is not None:
            raise Refused(_("The line is in a locked batch. Correct it instead."), code="in_batch")
        row.state, row.approved_at, row.approved_by = FeeLineState.OPEN, None, None
        row.save(update_fields=["state", "approved_at", "approved_by"])
    return row


def reverse(line: FeeLine, *, by: User, now: dt.datetime) -> FeeLine:
    """Take a fee back with a new negative line; returns that line.

    A line not yet in a batch becomes `reversed` together with its reversal and neither is paid.
    An exported line stays as it is, and the reversal goes to the next batch.
    Raises Refused when the line is a reversal, is reversed already, or waits in a locked batch.
    """
    with transaction.atomic():
        row = FeeLine.objects.select_for_update().get(pk=line.pk)
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
            state=FeeLineState.OPEN if exported else FeeLineState.REVERSED,
            reverses=row,
            created_at=now,
        )


def correct(line: FeeLine, *, minutes: int, by: User, now: dt.datetime) -> FeeLine:
    """Replace a line by one with other paid minutes: the old one is reversed, the new one is open.

    The rate is found anew by the day of the session, so a rule mended meanwhile applies.
    Raises Refused like `reverse`, or when no rule covers the day, or when minutes are out of 1–1440.
    """
    if not 1 <= minutes <= 24 * 60:
        raise Refused(_("Give a length between 1 minute and 24 hours."), code="minutes")
    with transaction.atomic():
        reverse(line, by=by, now=now)
        rule = rates.rule_for(line.kind_id, on=line.session_on)
        if rule is None:
            raise Refused(_("There is no fee rule for this day."), code="no_rule")
        new = _line(line.assignment, rule=rule, day=line.session_on, minutes=minutes, now=now)
        _copy_payer(new, payers.resolve(line.unit, on=line.session_on))
        new.corrects = line
        new.save()
    return new
