"""Fee rules, shifts closed out and counted, and two months that have been paid."""

import datetime as dt
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from billing.models import FeeBasis, FeeLine, FeeLineState
from billing.services import batches, closeout, fee_lines, fee_rules
from coordination import clock
from coordination.demo import World, step
from coordination.models import ActivityKind
from coordination.models.activity import TallyForm
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from scheduling.services import tallies

RATES = (
    ("lobby_shift", FeeBasis.HOUR, "25.00", "216"),
    ("group_session", FeeBasis.HOUR, "25.00", "216"),
    ("individual_meeting", FeeBasis.SESSION, "50.00", "216"),
    ("reception", FeeBasis.HOUR, "25.00", "216"),
    ("school_visit", FeeBasis.SESSION, "150.00", "214"),
    ("talk", FeeBasis.SESSION, "150.00", "214"),
    ("panel", FeeBasis.SESSION, "60.00", "210"),
    ("online_counselling", FeeBasis.HOUR, "22.50", "216"),
    ("advice_point", FeeBasis.HOUR, "25.00", "216"),
)
"""Amounts for trying out only; the sources set none (domain.md 2.3)."""

NOT_YET = dt.timedelta(days=4)


@step(order=30, says="Fee rules …")
def rules(world: World) -> None:
    finance = world.users["talous@example.org"]
    for code, basis, amount, income_type in RATES:
        fee_rules.set_rule(
            ActivityKind.objects.get(code=code),
            basis=basis,
            amount=Decimal(amount),
            income_type=income_type,
            starts_on=world.began.date().replace(month=1, day=1),
            by=finance,
            now=world.began,
        )


@step(order=80, says="What was held, counted and paid …")
def money(world: World) -> None:
    """Everything older than some days is closed out; months before the last one are exported."""
    over = (
        Session.objects.filter(
            state=SessionState.OPEN,
            ends_at__lt=world.now - NOT_YET,
            assignments__state=AssignmentState.CONFIRMED,
        )
        .select_related("unit", "kind")
        .distinct()
        .order_by("starts_at")
    )
    for session in over:
        _close(world, session)
    _pay(world)


def _close(world: World, session: Session) -> None:
    afterwards = session.ends_at + dt.timedelta(hours=2)
    late = dt.timedelta(minutes=world.random.choice((0, 0, 0, 0, 15, -15)))
    came = Assignment.objects.filter(session=session, state=AssignmentState.CONFIRMED)
    for one in came:
        tallies.save(one, counts=_counts(world, session), by=one.expert.user, now=afterwards)
    closeout.close_out(
        session,
        actual_starts_at=session.starts_at,
        actual_ends_at=session.ends_at + late,
        not_present=set(),
        by=world.contact_of(session.unit),
        now=afterwards,
    )


def _counts(world: World, session: Session) -> dict[str, int]:
    pick = world.random
    if session.kind.tally_form == TallyForm.GROUP:
        return {"participants": pick.randint(4, 11), "peer_leaders": pick.randint(0, 2)}
    return {
        "client_before": pick.randint(2, 9),
        "client_after": pick.randint(0, 4),
        "relative_before": pick.randint(0, 2),
        "professional": pick.randint(0, 3),
        "guided_onward": pick.randint(0, 3),
        "follow_up_agreed": pick.randint(0, 1),
    }


def _pay(world: World) -> None:
    finance = world.users["talous@example.org"]
    this_month = clock.today(world.now).replace(day=1)
    for back in (4, 3, 2):
        month = this_month - relativedelta(months=back)
        paid_at = dt.datetime.combine(month + relativedelta(months=1, days=4), dt.time(9), dt.UTC)
        before = month + relativedelta(months=1)
        waiting = FeeLine.objects.filter(state=FeeLineState.OPEN, session_on__lt=before)
        if waiting.exists():
            fee_lines.approve([line.pk for line in waiting], by=finance, now=paid_at)
            batches.export(
                batches.lock(period_on=month, by=finance, now=paid_at), by=finance, now=paid_at
            )
    last = FeeLine.objects.filter(state=FeeLineState.OPEN, session_on__lt=this_month)
    half = list(last.order_by("pk").values_list("pk", flat=True))[::2]
    fee_lines.approve(half, by=finance, now=world.now)
