"""A row of the register that has begun to repeat, or that repeats no more.

The shift that was promised is kept: it becomes a day of the new series, or goes on alone while the
other days ahead are cancelled and their people told. What was edited by hand stays where it is.
"""

import datetime as dt

from coordination.formats import HELSINKI
from coordination.models import User
from scheduling import occurrences
from scheduling.models import RegisterShift, Series, Session, SessionState
from scheduling.occurrences import Pattern
from scheduling.services import series, sessions
from scheduling.services.appointments import appointment_of


def begin(session: Session, pattern: Pattern) -> Series:
    """A series of which the session is the first day; the other days are made by who follows its rule.

    The session is locked by the caller. Moved in Vuoro, or on a holiday, it is a day edited by hand.
    """
    said = RegisterShift.objects.get(session=session)
    made = Series.objects.create(
        **appointment_of(session),
        starts_on=pattern.starts_on,
        ends_on=pattern.ends_on,
        starts_time=pattern.starts_time,
        minutes=pattern.minutes,
        recurrence=pattern.recurrence,
    )
    rule = occurrences.plan(series.pattern_of(made), until=said.day)[0]
    starts_at = session.starts_at.astimezone(HELSINKI)
    was_moved = starts_at.date() != said.day or not said.clock.startswith(f"{starts_at:%H.%M}")
    session.series, session.occurrence_on = made, said.day
    session.edited_by_hand = was_moved or said.day not in {day.on for day in rule}
    session.save(update_fields=["series", "occurrence_on", "edited_by_hand"])
    said.delete()
    return made


def cease(
    known: Series, *, day: dt.date, by: User | None, now: dt.datetime
) -> tuple[Session | None, int]:
    """Ends a series of which one day is left over: that day's session, if it has one, and how many
    of the others were cancelled. Series, sessions and people are locked by the caller.
    """
    RegisterShift.objects.filter(series=known).delete()
    left = known.sessions.filter(occurrence_on=day).exclude(state=SessionState.CANCELLED).first()
    if left is not None:
        left.series = left.occurrence_on = None
        left.save(update_fields=["series", "occurrence_on"])
    ahead = list(series.to_come(known, now=now).filter(edited_by_hand=False))
    for session in ahead:
        sessions.cancel(session, by=by, now=now)
    today = now.astimezone(known.unit.zone).date()
    known.ended_at, known.ends_on = now, max(today, known.starts_on)
    known.save(update_fields=["ended_at", "ends_on"])
    known.skipped.filter(occurrence_on__gt=today).delete()
    known.preferred.all().delete()
    return left, len(ahead)
