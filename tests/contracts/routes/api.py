"""Routes of the API. How to add a line: see ../test_routes.py. Lists are scoped: what is another's is not in them."""

import datetime as dt
import uuid
from typing import Any

from api.services import tokens
from coordination import clock
from coordination.models import User
from experts.models import Absence, SupervisionSession
from scheduling.models import Assignment, AssignmentState, Booking, Offer, Session, SessionState
from tests.cast import Cast, CastExpert, CastUnit
from tests.contracts.routes import billing
from tests.contracts.routes.table import EVERYONE, PUBLIC, Arguments, Row


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


def _assignment(cast: Cast, place: CastUnit, who: CastExpert) -> list[Any]:
    made = Assignment.objects.create(
        session=_session(cast, place),
        expert=who.expert,
        seat=1,
        state=AssignmentState.RELEASED,
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


def _absence(who: CastExpert) -> list[Any]:
    day = clock.today() + dt.timedelta(days=30)
    return [Absence.objects.create(expert=who.expert, starts_on=day, ends_on=day).pk]


def _supervision(cast: Cast) -> list[Any]:
    starts_at = clock.now() + dt.timedelta(days=3)
    made = SupervisionSession.objects.create(
        form="group",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=1),
        supervisor=cast.tuula,
    )
    made.attendances.create(expert=cast.aino.expert)
    return [made.pk]


def _row(name: str, who: str, **more: Any) -> Row:
    return Row(f"api:{name}", who, stranger=401, sends=("{}", "application/json"), **more)


def _both(name: str, who: str, own: Arguments, **more: Any) -> Row:
    """A thing one reads: 404 for whoever may read such things but not this one."""
    return _row(f"{name}-detail", who, own=own, **more)


UNIT = {"own": a_session, "other": a_session_elsewhere, "other_who": "C"}
BOOKING = {"own": a_booking, "other": a_booking_elsewhere, "other_who": "C"}
ANSWER = {"get": None, "own": aino_in_sastamala, "other": eero_in_nokia, "other_who": "C"}
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
    ),
    Row("api:schema", PUBLIC),
    Row("api:docs", EVERYONE),
    _row("me-list", EVERYONE),
    _row("kind-list", EVERYONE),
    _both("kind", EVERYONE, lambda cast: [cast.kinds["lobby_shift"].pk]),
    _row("unit-list", EVERYONE),
    _row(
        "unit-detail",
        EVERYONE,
        get={"CAFS": 200, "EW": 404},
        own=lambda cast: [cast.sastamala.unit.pk],
        other=lambda cast: [cast.nokia.unit.pk],
        other_who="CAF",
    ),
    _row("expert-list", "C", post=400),
    _row("expert-detail", "C", patch=200, own=lambda cast: [cast.aino.expert.pk]),
    _row("absence-list", "CE", post=400),
    _row(
        "absence-detail",
        "CE",
        delete=204,
        own=lambda cast: _absence(cast.aino),
        other=lambda cast: _absence(cast.eero),
        other_who="C",
    ),
    _row("supervision-list", EVERYONE),
    _row("supervision-detail", EVERYONE, get={"CWE": 200, "AFS": 404}, own=_supervision),
    _row("booking-list", "CS", post=400),
    _row("booking-preview", "CS", get=None, post=400),
    _row("booking-detail", "CS", **BOOKING),
    _row("booking-accept", "C", get=None, post=409, own=a_booking),
    _row("booking-decline", "C", get=None, post=409, own=a_booking),
    _row("booking-withdraw", "CS", get=None, post=409, **BOOKING),
    _row("session-list", EVERYONE, post={"C": 400, "AFSEW": 403}),
    _row(
        "session-detail",
        EVERYONE,
        get={"CS": 200, "AFEW": 404},
        own=a_session,
        other=a_session_elsewhere,
        other_who="C",
    ),
    _row("session-publish", "C", get={"C": 405}, post=409, own=a_session),
    _row("session-cancel", "C", get={"C": 405}, post=200, own=a_session),
    _row("session-candidates", "C", own=a_session),
    _row("session-propose", "C", get={"C": 405}, post=400, own=a_session),
    _row("session-offer", "C", get={"C": 405}, post=400, own=a_session),
    _row("session-close", "CS", get=None, post=400, **UNIT),
    _row("assignment-list", EVERYONE),
    _row(
        "assignment-detail",
        EVERYONE,
        get=SEES,
        own=aino_in_sastamala,
        other=eero_in_nokia,
        other_who="C",
    ),
    _row("assignment-confirm", "CE", post=409, **ANSWER),
    _row("assignment-decline", "CE", post=409, **ANSWER),
    _row("assignment-release", "CE", post=409, **ANSWER),
    _row("assignment-take-back-release", "CE", post=409, **ANSWER),
    _row("assignment-cancel", "C", get=None, post=409, own=aino_in_sastamala),
    _row("assignment-tally", "CE", get=None, put=409, own=aino_in_sastamala),
    _row("offer-list", "CE"),
    _row(
        "offer-detail",
        "CE",
        own=lambda cast: _offer(cast, cast.aino),
        other=lambda cast: _offer(cast, cast.eero),
        other_who="C",
    ),
    _row("offer-accept", "CE", get=None, post=409, own=lambda cast: _offer(cast, cast.aino)),
    _row("offer-decline", "CE", get=None, post=409, own=lambda cast: _offer(cast, cast.aino)),
    _row("fee-rule-list", "F", post=400),
    _row("fee-rule-detail", "F", own=billing.a_rule),
    _row("fee-line-list", "FE"),
    _row("fee-line-detail", "FE", own=billing.a_line),
    _row("fee-line-approve", "F", get=None, post=400),
    _row("fee-line-reverse", "F", get=None, post=201, own=billing.a_line),
    _row("fee-line-correct", "F", get=None, post=400, own=billing.a_line),
    _row("batch-list", "F", post=400),
    _row("batch-detail", "F", own=billing.a_batch),
    _row("batch-export", "F", get=None, post=200, own=billing.a_batch),
    _row("batch-file", "F", own=billing.an_exported_file),
]
