"""The only place that writes diary entries (design.md, invariant 1).

The exclusion constraint decides about overlaps, not a look beforehand: a look can be outdated the
moment after. The person's row is locked first, so that two writers for one person wait for each
other instead of deadlocking inside the constraint; a deadlock that comes all the same is tried
again.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from coordination import formats
from coordination.errors import Refused
from coordination.models import Site, Unit
from coordination.transactions import constraint_name, sqlstate
from experts.models import DiaryEntry, DiaryKind, Expert

TRIES = 5
_TRY_AGAIN = frozenset({"40P01", "40001"})
_TOLD_BY_SEQUENCE = (
    "starts_at",
    "ends_at",
    "zone_name",
    "unit_id",
    "site_id",
    "place",
    "occupies",
)


@dataclass(frozen=True)
class _Wanted:
    """What an entry shall say; `unit_id` None means that the place belongs to no unit."""

    kind: DiaryKind
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone_name: str
    unit_id: int | None
    site_id: int | None
    title: str
    place: str
    occupies: bool = True
    cancelled_at: dt.datetime | None = None


def lock_people(expert_ids: Iterable[int], *, wait: bool = True) -> None:
    """Lock people's rows in the order of their ids, before sessions and money (brief: lock order).

    Call it inside a transaction when one change touches several people's diaries, or a session too.
    Without `wait` a row that somebody else has locked raises OperationalError (55P03) at once.
    """
    ordered = sorted(set(expert_ids))
    list(
        Expert.objects.select_for_update(no_key=True, nowait=not wait)
        .filter(pk__in=ordered)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def occupy(
    expert: Expert,
    *,
    source: str,
    kind: DiaryKind,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    zone_name: str,
    unit: Unit | None = None,
    site: Site | None = None,
    title: str = "",
    place: str = "",
    now: dt.datetime,
) -> DiaryEntry:
    """Put something into a person's diary, half-open in UTC; the same `source` again updates it.

    Runs in a savepoint: when it refuses, the caller's transaction lives on. A cancelled entry comes
    back to life. Raises Refused `diary_overlap` when the time is taken, `diary_times` when the end
    is not after the start, and ValueError when `source` belongs to another person.
    """
    if ends_at <= starts_at:
        raise Refused(_("The end must be after the start."), code="diary_times")
    wanted = _Wanted(
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        zone_name=zone_name,
        unit_id=unit.pk if unit else None,
        site_id=site.pk if site else None,
        title=title,
        place=place,
    )
    return _unless_overlapping(
        expert, starts_at, ends_at, source, lambda: _write(expert, source, wanted, now)
    )


def move(
    source: str,
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    place: str | None = None,
    now: dt.datetime,
) -> DiaryEntry:
    """Move an entry to another time (UTC) or place; `place` None leaves the place as it is.

    Raises Refused `diary_overlap` when the new time is taken, `diary_times` when the end is not
    after the start, `diary_cancelled` when it no longer stands in the diary.
    """
    if ends_at <= starts_at:
        raise Refused(_("The end must be after the start."), code="diary_times")
    expert = Expert.objects.get(diary__source=source)

    def change() -> DiaryEntry:
        entry = DiaryEntry.objects.select_for_update(of=("self",)).get(source=source)
        if not entry.occupies:
            raise Refused(
                _("This is no longer in the diary, so it cannot be moved."),
                code="diary_cancelled",
            )
        where = entry.place if place is None else place
        return _apply(entry, {"starts_at": starts_at, "ends_at": ends_at, "place": where}, now)

    return _unless_overlapping(expert, starts_at, ends_at, source, change)


@transaction.atomic
def cancel(source: str, *, now: dt.datetime) -> DiaryEntry | None:
    """Free the time of an entry; it stays as cancelled, for the feeds. Nothing to do is fine."""
    entry = DiaryEntry.objects.select_for_update(of=("self",)).filter(source=source).first()
    if entry is None or not entry.occupies:
        return entry
    return _apply(entry, {"occupies": False, "cancelled_at": now}, now)


def _write(expert: Expert, source: str, wanted: _Wanted, now: dt.datetime) -> DiaryEntry:
    values = vars(wanted)
    entry = DiaryEntry.objects.select_for_update(of=("self",)).filter(source=source).first()
    if entry is None:
        return DiaryEntry.objects.create(expert=expert, source=source, changed_at=now, **values)
    if entry.expert_id != expert.pk:
        raise ValueError(f"{source} stands in the diary of another person")
    return _apply(entry, values, now)


def _apply(entry: DiaryEntry, values: dict[str, object], now: dt.datetime) -> DiaryEntry:
    """Write what differs; `sequence` and `changed_at` rise only with time, place or state."""
    changed = [name for name, value in values.items() if getattr(entry, name) != value]
    if not changed:
        return entry
    for name in changed:
        setattr(entry, name, values[name])
    if not set(changed).isdisjoint(_TOLD_BY_SEQUENCE):
        entry.sequence += 1
        entry.changed_at = now
        changed += ["sequence", "changed_at"]
    entry.save(update_fields=changed)
    return entry


def _unless_overlapping(
    expert: Expert,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    source: str,
    write: Callable[[], DiaryEntry],
) -> DiaryEntry:
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                lock_people([expert.pk])
                return write()
        except IntegrityError as error:
            if constraint_name(error) != "diary_no_overlap":
                raise
            raise _overlap(expert, starts_at, ends_at, source) from error
        except OperationalError as error:
            if sqlstate(error) not in _TRY_AGAIN or attempt == TRIES:
                raise
    raise AssertionError("the last try returns or raises")


def _overlap(expert: Expert, starts_at: dt.datetime, ends_at: dt.datetime, source: str) -> Refused:
    """Says whose time is taken and when, not by what: the reader may not be allowed to know."""
    taken = (
        DiaryEntry.objects.filter(
            expert=expert, occupies=True, starts_at__lt=ends_at, ends_at__gt=starts_at
        )
        .exclude(source=source)
        .first()
    )
    if taken is None:  # freed in the meantime; the answer stays no, the caller may try again
        sentence = _("%(name)s already has something else in the diary at that time.")
        return Refused(sentence % {"name": expert.name}, code="diary_overlap")
    sentence = _("%(name)s already has something else in the diary: %(when)s.")
    when = formats.when(taken.starts_at, taken.ends_at, zone=taken.zone_name)
    return Refused(sentence % {"name": expert.name, "when": when}, code="diary_overlap")
