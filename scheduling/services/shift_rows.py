"""Writes a shift as a register row tells it: a session or a series, and who was promised to it."""

import datetime as dt
from dataclasses import dataclass

from coordination.formats import HELSINKI
from coordination.models import ActivityKind, Unit, User
from coordination.workbook.words import name_key
from scheduling import occurrences
from scheduling.models import Series, Session
from scheduling.models.assignments import SEATED
from scheduling.occurrences import Occurrence, Pattern


@dataclass(frozen=True)
class Shift:
    """What a row says; `pattern` is in the unit's wall time, and `experts` are names as the
    register spells them.
    """

    unit_name: str
    kind: ActivityKind
    pattern: Pattern
    repeats: bool
    experts: tuple[str, ...]
    responsible: str
    notes: str

    def occurrences(self) -> list[Occurrence]:
        """Each time it is held; a series leaves out holidays, a single session does not."""
        if not self.repeats:
            return [occurrences.at(self.pattern, self.pattern.starts_on)]
        until = self.pattern.ends_on or self.pattern.starts_on + occurrences.HORIZON
        return occurrences.plan(self.pattern, until=until)[0]

    @property
    def clock(self) -> str:
        """The hours as a row would write them, by the wall."""
        first = occurrences.at(self.pattern, self.pattern.starts_on)
        return _clock(first.starts_at, first.ends_at)


def _clock(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    return "–".join(f"{moment.astimezone(HELSINKI):%H.%M}" for moment in (starts_at, ends_at))


def wanted(shift: Shift) -> dict[str, object]:
    """What the filled cells say, in a form that compares with `as_row`."""
    said: dict[str, object] = {"clock": shift.clock}
    if shift.experts:
        said["experts"] = sorted(shift.experts, key=name_key)
    if shift.responsible:
        said["responsible"] = shift.responsible
    if shift.notes:
        said["notes"] = shift.notes
    if shift.repeats:
        said["repeats"] = shift.pattern.recurrence
    return said


def as_row(known: Session | Series, *, beside: Shift) -> dict[str, object]:
    """What a register row of this session or series would say."""
    if isinstance(known, Series):
        pattern = Pattern(known.starts_on, known.starts_time, known.minutes, HELSINKI.key)
        first = occurrences.at(pattern, known.starts_on)
        clock = _clock(first.starts_at, first.ends_at)
        sessions = list(known.sessions.all())
    else:
        clock, sessions = _clock(known.starts_at, known.ends_at), [known]
    return {
        "clock": clock,
        "experts": _promised(sessions, beside),
        "responsible": known.responsible_professional,
        "notes": known.notes,
        "repeats": known.recurrence if isinstance(known, Series) else "",
    }


def _promised(sessions: list[Session], beside: Shift) -> list[str]:
    """Who sits on the session, or on any of a series; a person somebody else stands in for once is
    still promised.
    """
    names = {
        a.expert.name
        for session in sessions
        for a in session.assignments.all()
        if a.state in SEATED
    }
    if len(sessions) > 1:
        names &= {name for name in names if name in beside.experts} or names
    return sorted(names, key=name_key)


def assignment_sources(known: Session | Series | None) -> frozenset[str]:
    """The diary entries of a stored session or series."""
    if known is None:
        return frozenset()
    sessions = known.sessions.all() if isinstance(known, Series) else [known]
    return frozenset(
        f"assignment:{a.pk}" for session in sessions for a in session.assignments.all()
    )


def save(
    known: Session | Series | None, shift: Shift, *, by: User | None, now: dt.datetime
) -> None:
    """Creates or changes it, and confirms the people on their seats. Raises `Refused`."""
    Unit.objects.get(name__iexact=shift.unit_name)
    raise NotImplementedError
