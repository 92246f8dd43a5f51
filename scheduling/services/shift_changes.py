"""A mended row of the register carried over to the session or series it became.

Only what the row says anew is changed, and everybody concerned is told as if somebody had changed it
on the session's page. What has begun is left as it is in a series; a single session that nobody has
closed out yet may still be put right.
"""

import copy
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from coordination.models import User
from experts.models import Expert
from scheduling import occurrences
from scheduling.models import AssignmentState, Series, Session, SessionState
from scheduling.models.assignments import SEATED
from scheduling.occurrences import Pattern
from scheduling.services import mails, outcomes, promises, recipients, series, sessions

CHANGEABLE = (SessionState.DRAFT, SessionState.OPEN)


@dataclass(frozen=True)
class Mended:
    """`changed`: the columns that say something new. `people`: whom the shift is promised to now;
    `before`: ids of those the register named the last time, None when that is not known.
    """

    pattern: Pattern
    changed: frozenset[str]
    responsible: str
    notes: str
    people: tuple[Expert, ...]
    before: frozenset[int] | None

    @property
    def texts(self) -> dict[str, str]:
        said = {"responsible": ("responsible_professional", self.responsible)}
        said["notes"] = ("notes", self.notes)
        return dict(said[name] for name in said if name in self.changed)


@dataclass(frozen=True)
class Effects:
    """How many sessions a mended row made, cancelled and moved."""

    made: int = 0
    cancelled: int = 0
    moved: int = 0


def carry_over(
    known: Session | Series, mended: Mended, *, by: User | None, now: dt.datetime
) -> Effects:
    """Changes what the row says anew; people and sessions are locked by the caller.

    Raises Refused `diary_overlap` when somebody has something else at the new time.
    """
    there = _changeable(known, now=now)
    if "experts" in mended.changed:
        named = {person.pk for person in mended.people}
        for session in there:
            seated = session.assignments.values_list("expert_id", flat=True)
            promises.take_off(session, set(seated) - named, by=by, now=now)
    effects = Effects()
    if isinstance(known, Series):
        effects = _change_series(known, mended, by=by, now=now)
    kept = {session.pk for session in there}
    now_there = _changeable(known, now=now)
    moved = sum(_change(session, mended, by=by, now=now) for session in now_there)
    for session in now_there:
        if session.pk not in kept:
            promises.seat(session, mended.people, by=by, now=now, tell=True)
        elif "experts" in mended.changed:
            promises.seat(session, _added(session, mended), by=by, now=now, tell=True)
    return Effects(effects.made, effects.cancelled, effects.moved + moved)


def _changeable(known: Session | Series, *, now: dt.datetime) -> list[Session]:
    rows = Session.objects.filter(state__in=CHANGEABLE).select_related("kind", "unit", "site")
    if isinstance(known, Series):
        return list(rows.filter(series=known, starts_at__gt=now).order_by("pk"))
    return list(rows.filter(pk=known.pk))


def _added(session: Session, mended: Mended) -> Iterable[Expert]:
    """Who is new on the row and has no seat; who was on it and gave the shift up does not come back."""
    there = session.assignments.all()
    before = {a.expert_id for a in there} if mended.before is None else mended.before
    seated = {a.expert_id for a in there if a.state in SEATED}
    return [p for p in mended.people if p.pk not in before and p.pk not in seated]


def _change_series(known: Series, mended: Mended, *, by: User | None, now: dt.datetime) -> Effects:
    pattern, fields = mended.pattern, dict[str, Any](mended.texts)
    if "clock" in mended.changed:
        fields |= {"starts_time": pattern.starts_time, "minutes": pattern.minutes}
    if mended.changed & {"day", "repeats"}:
        fields |= {
            "starts_on": pattern.starts_on,
            "ends_on": pattern.ends_on,
            "recurrence": pattern.recurrence,
        }
    for name, value in fields.items():
        setattr(known, name, value)
    known.save(update_fields=list(fields))
    if mended.changed & {"day", "repeats"}:
        return _follow_rule(known, promised=bool(mended.people), by=by, now=now)
    return Effects()


def _follow_rule(known: Series, *, promised: bool, by: User | None, now: dt.datetime) -> Effects:
    """Sessions ahead follow the series' new rule: moved within their week, cancelled or made.

    What was edited by hand stays; what had been taken out on a day of the rule stays out.
    """
    today = now.astimezone(known.unit.zone).date()
    until = max(known.made_until or today, known.starts_on)
    planned, _closed = occurrences.plan(series.pattern_of(known), until=until)
    there = set(known.sessions.values_list("occurrence_on", flat=True))
    out = set(known.skipped.values_list("occurrence_on", flat=True))
    missing = [day for day in planned if day.starts_at > now and day.on not in there | out]
    free = {day.on.isocalendar()[:2]: day for day in missing}
    rule = {day.on for day in planned}
    moved = cancelled = 0
    for session in _changeable(known, now=now):
        on = session.occurrence_on
        if on is None or on in rule or session.edited_by_hand:
            continue
        if (day := free.pop(on.isocalendar()[:2], None)) is not None:
            values = {"occurrence_on": day.on, "starts_at": day.starts_at, "ends_at": day.ends_at}
            moved += _change_session(session, values, by=by, now=now)
        else:
            sessions.cancel(session, by=by, now=now)
            # no longer a day of the series: should the rule name it again, it is made anew
            Session.objects.filter(pk=session.pk).update(series=None, occurrence_on=None)
            cancelled += 1
    made = _make_missing(known, promised=promised, now=now)
    return Effects(made, cancelled, moved)


def _make_missing(known: Series, *, promised: bool, now: dt.datetime) -> int:
    """The days of the rule that are not there yet, up to the horizon; how many."""
    days = occurrences.days(series.pattern_of(known), until=known.made_until or known.starts_on)
    known.skipped.filter(occurrence_on__gt=now.date()).exclude(occurrence_on__in=days).delete()
    known.made_until = None
    made = series.fill(known, now=now)
    if promised:
        made += len(promises.bring_days_without_papers(known, now=now))
    return made


def _change(session: Session, mended: Mended, *, by: User | None, now: dt.datetime) -> bool:
    """Hours and words of one session; whether it was moved. An empty cell leaves what is there."""
    if session.edited_by_hand:
        return False
    values: dict[str, Any] = dict(mended.texts)
    if mended.changed & ({"clock"} if session.series_id else {"day", "clock"}):
        day = session.occurrence_on or mended.pattern.starts_on
        once = occurrences.at(mended.pattern, day)
        values |= {"starts_at": once.starts_at, "ends_at": once.ends_at}
    return _change_session(session, values, by=by, now=now)


def _change_session(
    session: Session, values: dict[str, Any], *, by: User | None, now: dt.datetime
) -> bool:
    before = copy.copy(session)
    for name, value in values.items():
        setattr(session, name, value)
    if values:
        session.save(update_fields=list(values))
    if (before.starts_at, before.ends_at) == (session.starts_at, session.ends_at):
        return False
    coming = outcomes.waiting_or_coming(session)
    for assignment in coming:
        if assignment.state == AssignmentState.CONFIRMED:
            outcomes.write_diary(assignment, now=now)
    if session.state == SessionState.OPEN and max(before.ends_at, session.ends_at) > now:
        people = [who for a in coming for who in recipients.of_expert(a.expert)]
        mails.changed(session, before, people, by=by, now=now)
    return True
