"""Routes of billing. How to add a line: see ../test_routes.py."""

import datetime as dt
from decimal import Decimal
from typing import Any

from billing.models import FeeLine, FeeRule, PayBatch
from billing.services import batches, fee_lines
from coordination import clock
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from tests.cast import Cast, CastExpert, CastUnit
from tests.contracts.routes.table import Row


def _session(
    cast: Cast, place: CastUnit, *, closed: bool, who: CastExpert | None = None
) -> Session:
    starts_at = clock.now() - dt.timedelta(days=1)
    ends_at = starts_at + dt.timedelta(hours=4)
    closing: dict[str, Any] = {
        "state": SessionState.CLOSED,
        "actual_starts_at": starts_at,
        "actual_ends_at": ends_at,
        "closed_at": clock.now(),
        "closed_by": cast.coordinator,
    }
    session = Session.objects.create(
        kind=cast.kinds["lobby_shift"],
        unit=place.unit,
        site=place.lobby,
        starts_at=starts_at,
        ends_at=ends_at,
        **(closing if closed else {"state": SessionState.OPEN}),
    )
    Assignment.objects.create(
        session=session,
        expert=(who or cast.aino).expert,
        seat=1,
        state=AssignmentState.HELD if closed else AssignmentState.CONFIRMED,
        proposed_at=starts_at,
        changed_at=starts_at,
    )
    return session


def a_session_in_sastamala(cast: Cast) -> list[Any]:
    return [_session(cast, cast.sastamala, closed=False).pk]


def a_session_in_nokia(cast: Cast) -> list[Any]:
    return [_session(cast, cast.nokia, closed=False).pk]


def a_held_seat(cast: Cast) -> list[Any]:
    return [_session(cast, cast.sastamala, closed=True).assignments.get().pk]


def a_rule(cast: Cast) -> list[Any]:
    rule = FeeRule.objects.create(
        kind=cast.kinds["lobby_shift"],
        basis="hour",
        amount=Decimal("25.00"),
        starts_on=dt.date(2020, 1, 1),
    )
    return [rule.pk]


def a_line(cast: Cast) -> list[Any]:
    a_rule(cast)
    _session(cast, cast.sastamala, closed=True)
    (line,) = fee_lines.make_missing(fee_lines.unpaid_yet(), now=clock.now())
    return [line.pk]


def anothers_line(cast: Cast) -> list[Any]:
    """Eero's; the rule may be there already."""
    if not FeeRule.objects.exists():
        a_rule(cast)
    _session(cast, cast.sastamala, closed=True, who=cast.eero)
    (line,) = fee_lines.make_missing(fee_lines.unpaid_yet(), now=clock.now())
    return [line.pk]


def a_batch(cast: Cast) -> list[Any]:
    fee_lines.approve(a_line(cast), by=cast.finance, now=clock.now())
    day = FeeLine.objects.get().session_on
    return [batches.lock(period_on=day, by=cast.finance, now=clock.now()).number]


def an_exported_file(cast: Cast) -> list[Any]:
    (number,) = a_batch(cast)
    batches.export(PayBatch.objects.get(), by=cast.finance, now=clock.now())
    return [number, "csv"]


ROWS: list[Row] = [
    Row("billing:lines", "F"),
    Row("billing:approve", "F", get=None, post=302),
    Row("billing:line", "F", own=a_line),
    Row("billing:line_open", "F", get=None, post=302, own=a_line),
    Row("billing:line_correct", "F", post=422, own=a_line),
    Row("billing:line_reverse", "F", post=302, own=a_line),
    Row("billing:line_again", "F", get=None, post=302, own=a_line),
    Row("billing:rules", "F"),
    Row("billing:rule_new", "F", post=422),
    Row("billing:rule_remove", "F", post=302, own=a_rule),
    Row("billing:batches", "F"),
    Row("billing:batch_lock", "F", post=302, own=lambda _cast: ["2025-03"]),
    Row("billing:batch", "F", own=a_batch),
    Row("billing:export", "F", get=None, post=302, own=a_batch),
    Row("billing:download", "F", own=an_exported_file),
    Row("billing:closeouts", "CS"),
    Row(
        "billing:closeout",
        "CS",
        post=422,
        own=a_session_in_sastamala,
        other=a_session_in_nokia,
        other_who="C",
    ),
    Row("billing:presence", "C", post=302, own=a_held_seat),
    Row("billing:earnings", "E"),
]
