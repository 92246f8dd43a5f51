"""Series: their sessions are made up to a horizon, and what was taken out never comes back by itself.

An occurrence is known by (series, day): one that was edited, cancelled or skipped is there already,
so it is not made again (lessons.md; a unique constraint holds it).
"""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.models import User
from coordination.queries import readiness
from coordination.transactions import one_transaction
from scheduling import occurrences
from scheduling.models import Booking, Series, Session, SessionState, SkippedOccurrence
from scheduling.models.sessions import SkipCode
from scheduling.occurrences import Occurrence, Pattern, Skipped
from scheduling.services import locks, sessions

PAPERS = {
    readiness.NO_AGREEMENT: SkipCode.NO_AGREEMENT,
    readiness.KIND_NOT_IN_AGREEMENT: SkipCode.NO_AGREEMENT,
    readiness.NO_INSURANCE: SkipCode.NO_INSURANCE,
}
"""Papers of the unit without which a day is skipped and not made."""

COMES_BACK = (SkipCode.NO_AGREEMENT, SkipCode.NO_INSURANCE)
"""Days that are made after all when the papers are there."""


def pattern_of(series: Series) -> Pattern:
    return Pattern(
        starts_on=series.starts_on,
        starts_time=series.starts_time,
        minutes=series.minutes,
        zone_name=series.unit.zone_name,
        recurrence=series.recurrence,
        ends_on=series.ends_on,
        skips_holidays=series.skips_holidays,
    )


def make(pattern: Pattern, booking: Booking, *, now: dt.datetime) -> Series:
    """A series as a booking asks for it, with its sessions up to the horizon."""
    series = Series.objects.create(
        **sessions.appointment_of(booking),
        booking=booking,
        starts_on=pattern.starts_on,
        ends_on=pattern.ends_on,
        starts_time=pattern.starts_time,
        minutes=pattern.minutes,
        recurrence=pattern.recurrence,
        skips_holidays=pattern.skips_holidays,
    )
    fill(series, now=now)
    return series


@one_transaction
def extend(series: Series, *, now: dt.datetime) -> int:
    """Make what the horizon has reached, and days whose papers have come; how many sessions were made.

    Safe to run any number of times, and by two workers at once.
    """
    row = (
        Series.objects.select_for_update(no_key=True, of=("self",))
        .select_related("kind", "unit", "site")
        .get(pk=series.pk)
    )
    if row.ended_at is not None:
        return 0
    return fill(row, now=now) + _bring_back(row, now=now)


def fill(series: Series, *, now: dt.datetime) -> int:
    """Make what lies between `made_until` and the horizon; the series is the caller's (new or locked)."""
    until = now.astimezone(series.unit.zone).date() + occurrences.horizon()
    until = max(until, series.starts_on)
    if series.made_until is not None and series.made_until >= until:
        return 0
    planned, skipped = occurrences.plan(pattern_of(series), until=until, after=series.made_until)
    made = [occurrence for occurrence in planned if occurrence.starts_at > now]
    if series.booking_id:  # the unit asked for them; the past of an imported series is no gap
        over = (o.on for o in planned if o.starts_at <= now)
        skipped += [Skipped(on=on, code=SkipCode.PAST) for on in over]
    there = _days_there(series)
    skip(series, [found for found in skipped if found.on not in there])
    count = make_days(series, [o for o in made if o.on not in there], now=now)
    series.made_until = until
    series.save(update_fields=["made_until"])
    return count


def skip(series: Series, days: Sequence[Skipped]) -> None:
    """Write down the days the series cannot have, with why."""
    SkippedOccurrence.objects.bulk_create(
        SkippedOccurrence(series=series, occurrence_on=s.on, code=s.code) for s in days
    )


def _days_there(series: Series) -> set[dt.date]:
    days = set(series.skipped.values_list("occurrence_on", flat=True))
    made = series.sessions.values_list("occurrence_on", flat=True)
    return days | {on for on in made if on is not None}


def make_days(series: Series, days: Sequence[Occurrence], *, now: dt.datetime) -> int:
    """Make the sessions of these days, or note which papers are missing; how many were made."""
    missing = _papers_missing(series, [day.on for day in days])
    # When no day at all is in order, skipping would leave nothing to look at: then all are drafts.
    all_missing = bool(days) and all(missing[day.on] for day in days)
    is_first = series.made_until is None
    if not (all_missing and is_first):
        SkippedOccurrence.objects.bulk_create(
            [
                SkippedOccurrence(series=series, occurrence_on=day.on, code=code)
                for day in days
                if (code := missing[day.on])
            ]
        )
        days = [day for day in days if not missing[day.on]]
    sessions.make_many(days, series, now=now)
    return len(days)


def _papers_missing(series: Series, days: Sequence[dt.date]) -> dict[dt.date, str]:
    """The skip code of each day on which the unit's papers are not in order, else ""."""
    requests = [
        readiness.Request(unit=series.unit, kind=series.kind, site=series.site, on=on)
        for on in days
    ]
    found = readiness.missing_for_units(requests)
    return {
        on: next((PAPERS[code] for code in codes if code in PAPERS), "")
        for on, codes in zip(days, found, strict=True)
    }


def _bring_back(series: Series, *, now: dt.datetime) -> int:
    """Future days that were skipped for want of papers, now in order."""
    today = now.astimezone(series.unit.zone).date()
    waiting = list(series.skipped.filter(code__in=COMES_BACK, occurrence_on__gt=today))
    missing = _papers_missing(series, [skipped.occurrence_on for skipped in waiting])
    ready = [skipped for skipped in waiting if not missing[skipped.occurrence_on]]
    pattern = pattern_of(series)
    days = [occurrences.at(pattern, skipped.occurrence_on) for skipped in ready]
    SkippedOccurrence.objects.filter(pk__in=[skipped.pk for skipped in ready]).delete()
    sessions.make_many(days, series, now=now)
    return len(days)


@one_transaction
def add_back(skipped: SkippedOccurrence, *, by: User, now: dt.datetime) -> Session:
    """Make the session of a skipped day all the same; a draft when something blocks it.

    Raises Refused `wrong_state` when it was added already, `in_the_past` when the day is over.
    """
    series = (
        Series.objects.select_for_update(no_key=True, of=("self",))
        .select_related("kind", "unit", "site")
        .get(pk=skipped.series_id)
    )
    deleted, _models = SkippedOccurrence.objects.filter(pk=skipped.pk).delete()
    if not deleted:
        raise Refused(_("This day has been added already."), code="wrong_state")
    occurrence = occurrences.at(pattern_of(series), skipped.occurrence_on)
    if occurrence.starts_at <= now:
        raise Refused(_("This day is over."), code="in_the_past")
    return sessions.make_many([occurrence], series, now=now)[0]


@one_transaction
def end(series: Series, *, last_on: dt.date, by: User, now: dt.datetime) -> int:
    """No sessions after a day; those made already are cancelled and everybody is told. How many.

    Days left out after it are forgotten: there is nothing to add them back to. Raises Refused
    `wrong_state` when the series has ended already, `in_the_past` for a day before yesterday.
    """
    people_first(series, after=last_on, now=now)
    row = Series.objects.select_for_update(no_key=True, of=("self",)).get(pk=series.pk)
    if row.ended_at is not None:
        raise Refused(_("This series has ended already."), code="wrong_state")
    if last_on < now.astimezone(row.unit.zone).date() - dt.timedelta(days=1):
        raise Refused(_("A series cannot end in the past."), code="in_the_past")
    row.ended_at, row.ends_on = now, max(last_on, row.starts_on)
    row.save(update_fields=["ended_at", "ends_on"])
    row.skipped.filter(occurrence_on__gt=last_on).delete()
    later = list(to_come(row, now=now).filter(occurrence_on__gt=last_on))
    for session in later:
        sessions.cancel(session, by=by, now=now)
    return len(later)


def to_come(series: Series, *, now: dt.datetime) -> QuerySet[Session]:
    """The sessions of a series that can still be changed or cancelled, in order."""
    alive = (SessionState.DRAFT, SessionState.OPEN)
    return series.sessions.filter(state__in=alive, starts_at__gt=now).order_by("occurrence_on")


def people_first(series: Series, *, after: dt.date, now: dt.datetime) -> None:
    """Lock everybody on the sessions after a day, before any session is locked."""
    ids = to_come(series, now=now).filter(occurrence_on__gt=after).values_list("pk", flat=True)
    locks.people_of(list(ids))
