"""Routes of the API. How to add a line: see ../test_routes.py. Lists are scoped: what is another's is not in them."""

import datetime as dt
import uuid
from typing import Any

from api.services import tokens
from coordination import clock
from coordination.models import User
from scheduling.models import Assignment, AssignmentState, Booking, Offer, Session, SessionState
from tests.cast import Cast, CastExpert, CastUnit
from tests.contracts.routes import api_people, api_places, api_plans, billing
from tests.contracts.routes.api_places import row
from tests.contracts.routes.table import EVERYONE, PUBLIC, Row


def _session(cast: Cast, place: CastUnit) -> Session:
    starts_at = clock.now() + dt.timedelta(days=7)
    return Session.objects.create(
        kind=cast.kinds["lobby_shift"],
        unit=place.unit,
        site=place.lobby,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        state=SessionState.OPEN,
    )


def a_session(cast: Cast) -> list[Any]:
    return [_session(cast, cast.sastamala).pk]


def a_session_elsewhere(cast: Cast) -> list[Any]:
    return [_session(cast, cast.nokia).pk]


def _assignment(
    cast: Cast, place: CastUnit, who: CastExpert, state: AssignmentState = AssignmentState.RELEASED
) -> list[Any]:
    made = Assignment.objects.create(
        session=_session(cast, place),
        expert=who.expert,
        seat=1,
        state=state,
        proposed_at=clock.now(),
        changed_at=clock.now(),
    )
    return [made.pk]


def aino_in_sastamala(cast: Cast) -> list[Any]:
    return _assignment(cast, cast.sastamala, cast.aino)


def eero_in_nokia(cast: Cast) -> list[Any]:
    return _assignment(cast, cast.nokia, cast.eero)


def _offer(cast: Cast, who: CastExpert) -> list[Any]:
    made = Offer.objects.create(
        session=_session(cast, cast.sastamala),
        expert=who.expert,
        state="declined",
        sent_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=1),
    )
    return [made.pk]


def _booking(cast: Cast, place: CastUnit) -> list[Any]:
    made = Booking.objects.create(
        kind=cast.kinds["lobby_shift"],
        unit=place.unit,
        site=place.lobby,
        key=uuid.uuid4(),
        starts_on=clock.today() + dt.timedelta(days=9),
        starts_time=dt.time(9),
        minutes=120,
        requested_at=clock.now(),
        state="withdrawn",
        decided_at=clock.now(),
        decided_by=cast.coordinator,
    )
    return [made.pk]


def a_booking(cast: Cast) -> list[Any]:
    return _booking(cast, cast.sastamala)


def a_booking_elsewhere(cast: Cast) -> list[Any]:
    return _booking(cast, cast.nokia)


UNIT: dict[str, Any] = {"own": a_session, "other": a_session_elsewhere, "other_who": "C"}
BOOKING: dict[str, Any] = {"own": a_booking, "other": a_booking_elsewhere, "other_who": "C"}
ANSWER: dict[str, Any] = {
    "get": None,
    "own": aino_in_sastamala,
    "other": eero_in_nokia,
    "other_who": "C",
}
COUNTED: dict[str, Any] = {
    "get": None,
    "own": lambda cast: _assignment(cast, cast.sastamala, cast.aino, AssignmentState.CONFIRMED),
    "other": lambda cast: _assignment(cast, cast.nokia, cast.eero, AssignmentState.CONFIRMED),
    "other_who": "C",
}
OFFER: dict[str, Any] = {
    "own": lambda cast: _offer(cast, cast.aino),
    "other": lambda cast: _offer(cast, cast.eero),
    "other_who": "C",
}
SEES = {"CE": 200, "AFSW": 404}


def _key(who: User) -> list[Any]:
    return [tokens.make(who, name="avain", now=clock.now())[0].pk]


ROWS: list[Row] = [
    Row("keys:index", EVERYONE, post=422),
    Row(
        "keys:revoke",
        EVERYONE,
        get={"S": 200, "CAFEW": 404},
        post={"S": 302, "CAFEW": 404},
        own=lambda cast: _key(cast.sari),
        other=lambda cast: _key(cast.ilkka),
    ),
    Row("api:schema", PUBLIC),
    Row("api:docs", EVERYONE),
    row("me-list", EVERYONE),
    row("kind-list", EVERYONE, post={"CA": 400, "FSEW": 403}),
    row(
        "kind-detail",
        EVERYONE,
        patch={"CA": 200, "FSEW": 403},
        own=lambda cast: [cast.kinds["lobby_shift"].pk],
        common="forms of work are everybody's",
    ),
    *api_places.ROWS,
    *api_people.ROWS,
    row("booking-list", "CS", post=400),
    row("booking-preview", "CS", get=None, post=400),
    row("booking-detail", "CS", **BOOKING),
    row("booking-accept", "C", get=None, post=409, own=a_booking),
    row("booking-decline", "C", get=None, post=409, own=a_booking),
    row("booking-publish", "C", get=None, post=200, own=a_booking),
    row("booking-withdraw", "CS", get=None, post=409, **BOOKING),
    row("session-list", EVERYONE, post={"C": 400, "AFSEW": 403}),
    row(
        "session-detail",
        EVERYONE,
        get={"CS": 200, "AFEW": 404},
        patch={"C": 200, "AFSEW": 403},
        own=a_session,
        other=a_session_elsewhere,
        other_who="C",
    ),
    row("session-preview-change", "C", get={"C": 405}, post=200, own=a_session),
    row("session-publish", "C", get={"C": 405}, post=409, own=a_session),
    row("session-cancel", "C", get={"C": 405}, post=200, own=a_session),
    row("session-candidates", "C", own=a_session),
    row("session-propose", "C", get={"C": 405}, post=400, own=a_session),
    row("session-offer", "C", get={"C": 405}, post=400, own=a_session),
    row("session-close", "CS", get=None, post=400, **UNIT),
    row("assignment-list", EVERYONE),
    row(
        "assignment-detail",
        EVERYONE,
        get=SEES,
        own=aino_in_sastamala,
        other=eero_in_nokia,
        other_who="C",
    ),
    row("assignment-confirm", "CE", post=409, **ANSWER),
    row("assignment-decline", "CE", post=409, **ANSWER),
    row("assignment-release", "CE", post=409, **ANSWER),
    row("assignment-take-back-release", "CE", post=409, **ANSWER),
    row("assignment-cancel", "C", get=None, post=409, own=aino_in_sastamala),
    row("assignment-tally", "CSE", put=409, **COUNTED),
    row("assignment-presence", "C", get=None, put=400, own=aino_in_sastamala),
    *api_plans.ROWS,
    row("offer-list", "CE"),
    row("offer-detail", "CE", **OFFER),
    row("offer-accept", "CE", get=None, post=409, **OFFER),
    row("offer-decline", "CE", get=None, post=409, **OFFER),
    row("fee-rule-list", "F", post=400),
    row("fee-rule-detail", "F", delete=204, own=billing.a_rule),
    row("fee-line-list", "FE"),
    row(
        "fee-line-detail",
        "FE",
        own=billing.a_line,
        other=billing.anothers_line,
        other_who="F",
    ),
    row("fee-line-approve", "F", get=None, post=400),
    row("fee-line-take-back-approval", "F", get=None, post=409, own=billing.a_line),
    row("fee-line-make-again", "F", get=None, post=409, own=billing.a_line),
    row("fee-line-reverse", "F", get=None, post=201, own=billing.a_line),
    row("fee-line-correct", "F", get=None, post=400, own=billing.a_line),
    row("batch-list", "F", post=400),
    row("batch-detail", "F", own=billing.a_batch),
    row("batch-export", "F", get=None, post=200, own=billing.a_batch),
    row("batch-file", "F", own=billing.an_exported_file),
]
