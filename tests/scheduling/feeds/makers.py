"""What the feed tests need in the tables, written as the services write it."""

import datetime as dt
from typing import Any

from coordination.models import ActivityKind, User
from experts.models import DiaryEntry, DiaryKind, Expert
from experts.services import diary
from scheduling.feeds import tokens
from scheduling.feeds.tokens import Owner
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from tests.cast import CastUnit

NOW = dt.datetime(2027, 3, 1, 8, 0, tzinfo=dt.UTC)
"""A Monday, 10.00 in Helsinki."""

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def make_session(place: CastUnit, *, starts_at: dt.datetime = NOW + DAY, **fields: Any) -> Session:
    """An open lobby shift of two hours in the unit's lobby, for one expert."""
    defaults = {
        "kind": ActivityKind.objects.get(code="lobby_shift"),
        "site": place.lobby,
        "state": SessionState.OPEN,
        "ends_at": starts_at + 2 * HOUR,
    }
    return Session.objects.create(unit=place.unit, starts_at=starts_at, **{**defaults, **fields})


def make_assignment(
    session: Session,
    expert: Expert,
    *,
    state: AssignmentState = AssignmentState.CONFIRMED,
    seat: int = 1,
) -> Assignment:
    """A seat taken; a confirmed one stands in the person's diary too."""
    assignment = Assignment.objects.create(
        session=session, expert=expert, seat=seat, state=state, proposed_at=NOW, changed_at=NOW
    )
    if state == AssignmentState.CONFIRMED:
        diary.occupy(
            expert,
            source=f"assignment:{assignment.pk}",
            kind=DiaryKind.SHIFT,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            zone_name=session.zone_name,
            unit=session.unit,
            site=session.site,
            place="" if session.site else "online",
            now=NOW,
        )
    return assignment


def make_shifts(place: CastUnit, expert: Expert, count: int, *, after: int = 0) -> list[Assignment]:
    """Confirmed shifts on so many days in a row, from tomorrow, or so many days later."""
    days = range(after + 1, after + count + 1)
    sessions = [make_session(place, starts_at=NOW + n * DAY) for n in days]
    return [make_assignment(session, expert) for session in sessions]


def make_supervision(expert: Expert, *, starts_at: dt.datetime, **fields: Any) -> DiaryEntry:
    """Work supervision in the diary, with a place in free text."""
    return diary.occupy(
        expert,
        source=fields.pop("source", "supervision:3-1"),
        kind=DiaryKind.SUPERVISION,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        zone_name="Europe/Helsinki",
        place="Hämeenkatu 5, Tampere",
        now=NOW,
        **fields,
    )


def make_address(owner: Owner, *, by: User | None = None, now: dt.datetime = NOW) -> str:
    """The path of a new feed address, made by `by`; an expert's own is made by the expert."""
    maker = by or (owner.user if isinstance(owner, Expert) else None)
    assert maker is not None
    before = tokens.current(owner, of=maker)
    secret = tokens.issue(owner, instead_of=before.pk if before else None, by=maker, now=now)
    return f"/feeds/{secret}.ics"
