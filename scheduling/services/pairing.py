"""Which day of a changed series is which day of the old one."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from scheduling import occurrences, recurrence
from scheduling.models import Series, Session, SessionState, SkippedOccurrence
from scheduling.occurrences import Pattern


@dataclass
class Pair:
    """What stood on an old day, and the day it becomes; None: there was, or will be, none."""

    session: Session | None = None
    skipped: SkippedOccurrence | None = None
    on: dt.date | None = None

    @property
    def was_on(self) -> dt.date | None:
        known = self.session or self.skipped
        return known.occurrence_on if known else None

    def is_alive(self, now: dt.datetime) -> bool:
        """Whether there is a session that can still be changed or cancelled."""
        return (
            self.session is not None
            and self.session.state in (SessionState.DRAFT, SessionState.OPEN)
            and self.session.starts_at > now
        )


def pairs(row: Series, *, first_on: dt.date, new: Pattern) -> list[Pair]:
    """Every day from `first_on` that is there, with its day by the new rule, and the days that are new.

    A day that both rules have is itself. Of the other days of a week (of a month, for a monthly
    rhythm) the first becomes the first, and so on: as few as can be are moved, and none onto a day
    that is taken. Days beyond the horizon are made later, by the rule alone.
    """
    until = row.made_until or first_on
    same = new.recurrence == row.recurrence
    start = first_on if same else new.starts_on
    days = [on for on in occurrences.days(new, until=until) if on >= start]
    wanted: dict[dt.date, list[dt.date]] = defaultdict(list)
    for on in days:
        wanted[start_of_period(on, new.recurrence)].append(on)
    found = _there(row, first_on)
    for pair in found:
        pair.on = _taken(wanted, pair.was_on, new) if pair.was_on in days else None
    for pair in found:
        if pair.on is None and not same and pair.was_on:
            rest = wanted[start_of_period(pair.was_on, new.recurrence)]
            pair.on = rest.pop(0) if rest else None
    return [*found, *(Pair(on=on) for rest in wanted.values() for on in rest)]


def _taken(
    wanted: dict[dt.date, list[dt.date]], on: dt.date | None, new: Pattern
) -> dt.date | None:
    if on is not None:
        wanted[start_of_period(on, new.recurrence)].remove(on)
    return on


def _there(row: Series, first_on: dt.date) -> list[Pair]:
    sessions = row.sessions.filter(occurrence_on__gte=first_on)
    found = [Pair(session=s) for s in sessions.select_related("kind", "unit", "site")]
    found += [Pair(skipped=s) for s in row.skipped.filter(occurrence_on__gte=first_on)]
    return sorted(found, key=lambda pair: pair.was_on or dt.date.min)


def start_of_period(on: dt.date, rule: str) -> dt.date:
    """The Monday of the day's week, or the first of its month for a monthly rhythm."""
    if recurrence.read(rule).nth:
        return on.replace(day=1)
    return on - dt.timedelta(days=on.weekday())
