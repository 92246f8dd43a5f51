"""Writes a person as a register row tells it: contact details, agreed load, training, availability.

Empty cells are not in `values` and leave what is stored as it is.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from coordination import formats
from coordination.models import ActivityKind, Unit
from coordination.workbook.weekly import WeeklyHours, Weeks
from experts.models import AvailabilityPattern, Expert, ExpertStatus, Training

UNNAMED_TRAINING = "Kokemusasiantuntijakoulutus"
_FIELDS = (
    "name",
    "email",
    "phone",
    "home_municipality",
    "languages",
    "themes",
    "confidentiality_signed_on",
    "extract_seen_on",
    "weekly_hours",
    "monthly_sessions",
    "max_km",
    "status",
    "tax_card_seen_on",
    "payroll_number",
    "wishes",
)
_LAST_MINUTE = dt.time(23, 59)  # the end of the day, as patterns write it


def with_everything() -> QuerySet[Expert]:
    """People with all that `as_row` reads, in a fixed number of queries."""
    return Expert.objects.prefetch_related("kinds", "excluded_units", "trainings", "patterns")


def as_row(expert: Expert, *, on: dt.date, training: str = "") -> dict[str, object]:
    """What a register row of this person would say on a day; `training`: the one the row names."""
    trainings = sorted(
        expert.trainings.all(), key=lambda t: (t.name == training, t.completed_on or dt.date.min)
    )
    patterns = [p for p in expert.patterns.all() if p.ends_on is None or p.ends_on >= on]
    row: dict[str, object] = {name: getattr(expert, name) for name in _FIELDS}
    return row | {
        "kinds": sorted(kind.code for kind in expert.kinds.all()),
        "excluded_units": sorted(unit.name for unit in expert.excluded_units.all()),
        "training": trainings[-1].name if trainings else "",
        "trained_on": trainings[-1].completed_on if trainings else None,
        "availability": _texts(
            (p.weekday, p.starts_time, p.ends_time, _weeks(p)) for p in patterns
        ),
    }


def pattern_texts(hours: Iterable[WeeklyHours]) -> list[str]:
    """Weekly hours as `as_row` tells them, in the language of the moment."""
    return _texts((h.weekday, h.start, _end(h), h.weeks) for h in hours)


def save(
    expert: Expert | None,
    values: Mapping[str, Any],
    *,
    kinds: Iterable[ActivityKind] | None,
    excluded: Iterable[Unit] | None,
    on: dt.date,
) -> Expert:
    """Creates a person or updates one; None for kinds or excluded units leaves them. New
    availability begins `on`.
    """
    expert = expert or Expert()
    for name in _FIELDS:
        if name in values:
            setattr(expert, name, values[name])
    has_ended = expert.status == ExpertStatus.ENDED
    expert.ended_on = (expert.ended_on or on) if has_ended else None
    expert.save()
    if kinds is not None:
        expert.kinds.set(kinds)
    if excluded is not None:
        expert.excluded_units.set(excluded)
    if "training" in values:
        _save_training(expert, values)
    if "availability" in values:
        replace_patterns(expert, values["availability"], on=on)
    return expert


def _save_training(expert: Expert, values: Mapping[str, Any]) -> None:
    known = {"completed_on": values["trained_on"]} if "trained_on" in values else {}
    Training.objects.update_or_create(expert=expert, name=values["training"], defaults=known)


def replace_patterns(expert: Expert, hours: Sequence[WeeklyHours], *, on: dt.date) -> None:
    """The weekly hours from a day on; what held before stays on record until the day before. Same
    hours: nothing.
    """
    current = [p for p in expert.patterns.all() if p.ends_on is None or p.ends_on >= on]
    if _texts((p.weekday, p.starts_time, p.ends_time, _weeks(p)) for p in current) == pattern_texts(
        hours
    ):
        return
    for pattern in current:
        if pattern.starts_on >= on:
            pattern.delete()
        else:
            pattern.ends_on = on - dt.timedelta(days=1)
            pattern.save(update_fields=["ends_on"])
    AvailabilityPattern.objects.bulk_create(p for h in hours for p in _patterns(expert, h, on))


def _patterns(expert: Expert, hours: WeeklyHours, on: dt.date) -> Iterator[AvailabilityPattern]:
    for starts_on, ends_on, every_weeks in _validity(hours.weeks, on):
        yield AvailabilityPattern(
            expert=expert,
            weekday=hours.weekday,
            starts_time=hours.start,
            ends_time=_end(hours),
            every_weeks=every_weeks,
            starts_on=starts_on,
            ends_on=ends_on,
        )


def _validity(weeks: Weeks, on: dt.date) -> Iterator[tuple[dt.date, dt.date | None, int]]:
    """Even and odd weeks go by their number, so counting every second week begins anew after a
    year of 53 weeks.
    """
    if weeks is Weeks.ALL:
        yield on, None, 1
        return
    parity = 0 if weeks is Weeks.EVEN else 1
    start = on
    for year in range(on.isocalendar().year, on.year + 12):
        last_monday = dt.date(year, 12, 28) - dt.timedelta(days=dt.date(year, 12, 28).weekday())
        if last_monday.isocalendar().week == 53:
            end = last_monday + dt.timedelta(days=6)
            if first := _first_in(parity, start, end):
                yield first, end, 2
            start = end + dt.timedelta(days=1)
    first = _first_in(parity, start, start + dt.timedelta(days=14))
    if first:
        yield first, None, 2


def _first_in(parity: int, start: dt.date, end: dt.date) -> dt.date | None:
    """The first day from `start` to `end` in a week whose number is even (0) or odd (1)."""
    days = (start + dt.timedelta(days=n) for n in range(min((end - start).days + 1, 15)))
    return next((day for day in days if day.isocalendar().week % 2 == parity), None)


def _weeks(pattern: AvailabilityPattern) -> Weeks:
    if pattern.every_weeks == 1:
        return Weeks.ALL
    return Weeks.EVEN if pattern.starts_on.isocalendar().week % 2 == 0 else Weeks.ODD


def _end(hours: WeeklyHours) -> dt.time:
    return _LAST_MINUTE if hours.end == dt.time(0) else hours.end


def _texts(hours: Iterable[tuple[int, dt.time, dt.time, Weeks]]) -> list[str]:
    """Like «ma 9.00–15.00»; sorted by weekday, each once."""
    monday = dt.date(2027, 1, 4)
    return [
        f"{formats.weekday(monday + dt.timedelta(days=day))} {start:%H.%M}–{end:%H.%M}"
        + ("" if weeks is Weeks.ALL else f" ({weeks})")
        for day, start, end, weeks in sorted(set(hours))
    ]
