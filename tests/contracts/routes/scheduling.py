"""Routes of scheduling. How to add a line: see ../test_routes.py."""

import datetime as dt
import uuid
from typing import Any

from experts.models import Expert
from scheduling.models import (
    Assignment,
    AssignmentState,
    Booking,
    Offer,
    PlanRun,
    PlanSeat,
    PlanState,
    PreferredPerson,
    Series,
    Session,
    SessionState,
    SkippedOccurrence,
)
from tests.cast import Cast, CastUnit
from tests.contracts.routes.table import PUBLIC, Row

FAR = dt.datetime(2090, 3, 2, 8, 0, tzinfo=dt.UTC)
"""A Thursday that stays ahead of us."""

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _session(cast: Cast, place: CastUnit, **fields: Any) -> Session:
    return Session.objects.create(
        kind=cast.kinds["lobby_shift"],
        unit=place.unit,
        site=place.lobby,
        **{
            "state": SessionState.OPEN,
            "starts_at": FAR,
            "ends_at": FAR + dt.timedelta(hours=4),
            **fields,
        },
    )


def _assignment(session: Session, expert: Expert, state: AssignmentState) -> Assignment:
    return Assignment.objects.create(
        session=session, expert=expert, seat=1, state=state, proposed_at=NOW, changed_at=NOW
    )


def _booking(cast: Cast, place: CastUnit) -> Booking:
    return Booking.objects.create(
        kind=cast.kinds["lobby_shift"],
        unit=place.unit,
        site=place.lobby,
        key=uuid.uuid4(),
        starts_on=FAR.date(),
        starts_time=dt.time(10),
        minutes=120,
        requested_at=NOW,
    )


def a_session(cast: Cast) -> list[Any]:
    return [_session(cast, cast.sastamala).pk]


def anothers_session(cast: Cast) -> list[Any]:
    return [_session(cast, cast.nokia).pk]


def a_draft(cast: Cast) -> list[Any]:
    return [_session(cast, cast.sastamala, state=SessionState.DRAFT).pk]


def a_choice(cast: Cast) -> list[Any]:
    return [*a_session(cast), cast.aino.expert.pk]


def a_seat(cast: Cast) -> list[Any]:
    """Aino's confirmed seat."""
    session = _session(cast, cast.sastamala)
    return [_assignment(session, cast.aino.expert, AssignmentState.CONFIRMED).pk]


def anothers_seat(cast: Cast) -> list[Any]:
    session = _session(cast, cast.nokia)
    return [_assignment(session, cast.eero.expert, AssignmentState.CONFIRMED).pk]


def a_released_seat(cast: Cast) -> list[Any]:
    session = _session(cast, cast.sastamala)
    return [_assignment(session, cast.aino.expert, AssignmentState.RELEASED).pk]


def anothers_released_seat(cast: Cast) -> list[Any]:
    session = _session(cast, cast.nokia)
    return [_assignment(session, cast.eero.expert, AssignmentState.RELEASED).pk]


def a_booking(cast: Cast) -> list[Any]:
    return [_booking(cast, cast.sastamala).pk]


def anothers_booking(cast: Cast) -> list[Any]:
    return [_booking(cast, cast.nokia).pk]


def a_skipped_day(cast: Cast) -> list[Any]:
    booking = _booking(cast, cast.sastamala)
    series = Series.objects.create(
        booking=booking,
        kind=booking.kind,
        unit=booking.unit,
        starts_on=FAR.date(),
        starts_time=dt.time(10),
        minutes=120,
    )
    made = SkippedOccurrence.objects.create(series=series, occurrence_on=FAR.date(), code="holiday")
    return [made.pk]


def _series(cast: Cast) -> Series:
    return Series.objects.create(
        kind=cast.kinds["lobby_shift"],
        unit=cast.sastamala.unit,
        site=cast.sastamala.lobby,
        starts_on=FAR.date(),
        starts_time=dt.time(10),
        minutes=120,
    )


def a_series(cast: Cast) -> list[Any]:
    return [_series(cast).pk]


def a_preference(cast: Cast) -> list[Any]:
    row = PreferredPerson.objects.create(series=_series(cast), expert=cast.aino.expert)
    return [row.pk]


def _offer(cast: Cast, expert: Expert) -> Offer:
    return Offer.objects.create(
        session=_session(cast, cast.nokia),
        expert=expert,
        sent_at=NOW,
        expires_at=FAR - dt.timedelta(days=1),
    )


def an_offer(cast: Cast) -> list[Any]:
    return [_offer(cast, cast.aino.expert).pk]


def anothers_offer(cast: Cast) -> list[Any]:
    return [_offer(cast, cast.eero.expert).pk]


def _plan(cast: Cast, state: PlanState) -> PlanRun:
    return PlanRun.objects.create(
        starts_on=FAR.date(),
        ends_on=FAR.date(),
        seconds=10,
        state=state,
        made_at=NOW,
        made_by=cast.coordinator,
    )


def a_plan(cast: Cast) -> list[Any]:
    return [_plan(cast, PlanState.RUNNING).pk]


def a_draft_plan(cast: Cast) -> list[Any]:
    """With a seat for Aino and an empty one nobody could take."""
    seat = _plan_seat(cast)
    empty = _session(cast, cast.nokia)
    run = seat.run
    run.seats, run.filled, run.objective, run.bound = 2, 1, 1100, 1000
    run.gaps = [{"session": empty.pk, "seats": 1, "why": {"busy": 1}}]
    run.against = {str(empty.pk): {"not_oriented": 2}}
    run.save()
    return [run.pk]


def _plan_seat(cast: Cast) -> PlanSeat:
    run = _plan(cast, PlanState.DONE)
    session = _session(cast, cast.sastamala)
    return PlanSeat.objects.create(run=run, session=session, expert=cast.aino.expert)


def a_planned_session(cast: Cast) -> list[Any]:
    seat = _plan_seat(cast)
    return [seat.run_id, seat.session_id]


def a_plan_seat(cast: Cast) -> list[Any]:
    return [_plan_seat(cast).pk]


def a_broken_link(_cast: Cast) -> list[Any]:
    return ["nothing"]


ROWS: list[Row] = [
    Row("scheduling:open_seats", "C"),
    Row("scheduling:board", "C"),
    Row("scheduling:session_new", "C", post=422),
    Row("scheduling:session", "CS", own=a_session, other=anothers_session, other_who="C"),
    Row("scheduling:session_edit", "C", post=422, own=a_session),
    Row("scheduling:session_publish", "C", get=None, post=302, own=a_draft),
    Row("scheduling:session_cancel", "C", post=302, own=a_session),
    Row("scheduling:assign", "C", post=200, own=a_choice),
    Row("scheduling:ask", "C", get=None, post=302, own=a_session),
    Row("scheduling:seat_confirm", "C", post=302, own=a_seat),
    Row("scheduling:seat_release", "C", post=302, own=a_seat),
    Row("scheduling:seat_cancel", "C", post=302, own=a_seat),
    Row("scheduling:booking_new", "CS", post=422),
    Row("scheduling:booking_preview", "CS", get=None, post=200),
    Row("scheduling:bookings", "CS"),
    Row("scheduling:booking", "CS", own=a_booking, other=anothers_booking, other_who="C"),
    Row(
        "scheduling:booking_withdraw",
        "CS",
        post=302,
        own=a_booking,
        other=anothers_booking,
        other_who="C",
    ),
    Row("scheduling:booking_decide", "C", get=None, post=302, own=a_booking),
    Row("scheduling:booking_publish", "C", get=None, post=302, own=a_booking),
    Row("scheduling:series_list", "C"),
    Row("scheduling:series", "C", own=a_series),
    Row("scheduling:series_change", "C", post=422, own=a_series),
    Row("scheduling:series_end", "C", post=422, own=a_series),
    Row("scheduling:series_publish", "C", get=None, post=302, own=a_series),
    Row("scheduling:prefer", "C", get=None, post=422, own=a_series),
    Row("scheduling:preferred_up", "C", get=None, post=302, own=a_preference),
    Row("scheduling:preferred_remove", "C", get=None, post=302, own=a_preference),
    Row("scheduling:add_back", "C", get=None, post=302, own=a_skipped_day),
    Row("scheduling:plans", "C", post=422),
    Row("scheduling:plan_weights", "C", post=422),
    Row("scheduling:plan", "C", own=a_draft_plan),
    Row("scheduling:plan_progress", "C", own=a_plan),
    Row("scheduling:plan_stop", "C", get=None, post=302, own=a_plan),
    Row("scheduling:plan_discard", "C", get=None, post=302, own=a_draft_plan),
    Row("scheduling:plan_publish", "C", post=302, own=a_draft_plan),
    Row("scheduling:plan_session", "C", own=a_planned_session),
    Row("scheduling:plan_give", "C", get=None, post=404, own=a_planned_session),
    Row("scheduling:plan_take", "C", get=None, post=302, own=a_plan_seat),
    Row("scheduling:plan_pin", "C", get=None, post=302, own=a_plan_seat),
    Row("scheduling:unit_sessions", "CS"),
    Row("scheduling:unit_sessions_past", "CS"),
    Row("scheduling:shifts", "E"),
    Row("scheduling:shifts_past", "E"),
    Row("scheduling:shift", "E", own=a_seat, other=anothers_seat),
    Row("scheduling:shift_answer", "E", get=None, post=302, own=a_seat, other=anothers_seat),
    Row("scheduling:shift_release", "E", post=302, own=a_seat, other=anothers_seat),
    Row(
        "scheduling:shift_released",
        "E",
        post=302,
        own=a_released_seat,
        other=anothers_released_seat,
    ),
    Row("scheduling:tally", "CSE", post=200, own=a_seat, other=anothers_seat, other_who="C"),
    Row("scheduling:offer_answer", "E", get=None, post=302, own=an_offer, other=anothers_offer),
    Row("scheduling:answer", PUBLIC, get=404, post=404, own=a_broken_link),
]
