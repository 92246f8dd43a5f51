"""People who are ready, and sessions to put them on. Nothing happens behind the scenes."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model

from coordination.clock import HOME_ZONE
from coordination.models import ActivityKind, OutboxMessage, Unit, User
from coordination.transactions import one_transaction
from experts.models import AvailabilityPattern, Expert, Orientation, SignOff, Training
from experts.models.expert import ExpertStatus
from scheduling.models import Assignment, Session, SessionState
from scheduling.services import assignments, locks
from tests.cast import SINCE, CastUnit

NOW = dt.datetime(2027, 3, 1, 8, 0, tzinfo=dt.UTC)
"""A Monday, 10.00 in Helsinki."""

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def local(text: str) -> dt.datetime:
    """`2027-03-04 09:30` on a Helsinki wall clock, in UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=HOME_ZONE).astimezone(dt.UTC)


def make_ready(
    experts: Iterable[Expert], *, units: Sequence[Unit], kinds: Iterable[ActivityKind]
) -> None:
    """Nothing speaks against these people: trained, signed off, oriented, agreed, free all week."""
    people = list(experts)
    kinds = list(kinds)
    Expert.objects.filter(pk__in=[e.pk for e in people]).update(
        status=ExpertStatus.ACTIVE,
        confidentiality_signed_on=SINCE,
        tax_card_seen_on=SINCE,
        languages=["fi"],
    )
    signed_at = dt.datetime.combine(SINCE, dt.time(), tzinfo=dt.UTC)
    yes = ("own_experience", "enough_training", "works_independently", "looks_after_self")
    rows: list[list[Model]] = [
        [SignOff(expert=e, signed_at=signed_at, **dict.fromkeys(yes, True)) for e in people],
        [Training(expert=e, name="Kokemusasiantuntija", completed_on=SINCE) for e in people],
        [Orientation(expert=e, unit=unit, oriented_on=SINCE) for e in people for unit in units],
        [
            AvailabilityPattern(
                expert=e,
                weekday=weekday,
                starts_time=dt.time(0),
                ends_time=dt.time(23, 59),
                starts_on=SINCE,
            )
            for e in people
            for weekday in range(7)
        ],
    ]
    for group in rows:
        if group:
            type(group[0])._default_manager.bulk_create(group)
    agreed = Expert.kinds.through
    agreed.objects.bulk_create(
        agreed(expert_id=e.pk, activitykind_id=kind.pk) for e in people for kind in kinds
    )


def make_experts(
    count: int, *, units: Sequence[Unit], kinds: Iterable[ActivityKind], town: str = "Sastamala"
) -> list[Expert]:
    """So many ready people without accounts."""
    made = Expert.objects.bulk_create(
        Expert(
            name=f"Tekijä {number:04}",
            email=f"tekija{number}@example.org",
            status=ExpertStatus.ACTIVE,
            home_municipality=town,
        )
        for number in range(count)
    )
    make_ready(made, units=units, kinds=kinds)
    return list(Expert.objects.filter(pk__in=[e.pk for e in made]))


def make_session(
    place: CastUnit, starts: str = "2027-03-04 09:30", hours: float = 4, **fields: Any
) -> Session:
    """An open lobby shift in the unit's lobby; `starts` is Helsinki wall time."""
    starts_at = local(starts)
    defaults = {
        "kind": ActivityKind.objects.get(code="lobby_shift"),
        "site": place.lobby,
        "state": SessionState.OPEN,
        "starts_at": starts_at,
        "ends_at": starts_at + dt.timedelta(hours=hours),
    }
    return Session.objects.create(unit=place.unit, **{**defaults, **fields})


@one_transaction
def claim_seat(
    session: Session,
    *,
    expert: Expert,
    by: User | None,
    now: dt.datetime,
    overrules: Mapping[str, str] | None = None,
) -> Assignment:
    """A person confirmed on the first free seat, as an accepted offer seats them, without its mails."""
    person, row = locks.expert(expert.pk), locks.session(session.pk)
    return assignments.sit_down(row, person, overrules=overrules or {}, by=by, now=now)


def mails(kind: str = "") -> list[tuple[str, str]]:
    """Kind and address of what stands in the outbox, in order."""
    rows = OutboxMessage.objects.order_by("id")
    if kind:
        rows = rows.filter(kind=kind)
    return list(rows.values_list("kind", "to_email"))
