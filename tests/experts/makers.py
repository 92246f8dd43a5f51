"""Plain factories of the experts package's tests: what a row needs, nothing more."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from coordination.models import Organisation, RoleGrant, Unit, User
from coordination.permissions import Role
from experts.models import DiaryEntry, DiaryKind, Expert, ExpertStatus
from experts.services import diary

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = dt.datetime(2027, 3, 1, 8, 0, tzinfo=dt.UTC)
"""A Monday, 10.00 in Helsinki."""


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    """A Helsinki wall time as a moment."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=HELSINKI).astimezone(dt.UTC)


def make_expert(name: str = "Aino Testilä", **fields: Any) -> Expert:
    fields.setdefault("status", ExpertStatus.ACTIVE)
    if fields["status"] == ExpertStatus.ENDED:
        fields.setdefault("ended_on", NOW.date())
    return Expert.objects.create(name=name, **fields)


def make_unit(name: str = "Sastamala") -> Unit:
    organisation, _ = Organisation.objects.get_or_create(
        name="Pirkanmaa", defaults={"kind": "wellbeing_county"}
    )
    return Unit.objects.create(
        organisation=organisation, name=name, slug=name.lower(), municipality=name
    )


def make_user(email: str, role: Role, name: str = "", unit: Unit | None = None) -> User:
    user = User.objects.create_user(email, "pw", name=name or email.split("@", maxsplit=1)[0])
    RoleGrant.objects.create(user=user, role=role, unit=unit, starts_on=dt.date(2020, 1, 1))
    return user


def make_shift(
    expert: Expert, starts_at: dt.datetime, hours: float = 2, *, source: str = "", **fields: Any
) -> DiaryEntry:
    """A shift in the diary, written by the service."""
    return diary.occupy(
        expert,
        source=source or f"assignment:{expert.pk}-{starts_at:%Y%m%d%H%M}",
        kind=DiaryKind.SHIFT,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=hours),
        zone_name="Europe/Helsinki",
        now=NOW,
        **fields,
    )
