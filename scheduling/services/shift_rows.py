"""Writes a shift as a register row tells it: a session or a series, and who was promised to it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from coordination.errors import Refused
from coordination.formats import HELSINKI
from coordination.models import ActivityKind, Unit, User
from coordination.models.activity import PlaceKind
from coordination.workbook.words import name_key
from experts.models import Expert
from scheduling import occurrences
from scheduling.eligibility.facts import source_of
from scheduling.models import PreferredPerson, RegisterShift, Series, Session
from scheduling.models.assignments import SEATED
from scheduling.occurrences import Occurrence, Pattern
from scheduling.services import promises, series, sessions, shift_changes, shift_turns
from scheduling.services.appointments import check_appointment
from scheduling.services.shift_changes import CHANGEABLE, Effects, Mended

Known = Session | Series


@dataclass(frozen=True)
class Shift:
    """What a row says; `pattern` is in the unit's wall time, and `experts` are names as the
    register spells them.
    """

    sheet: str
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
        until = self.pattern.ends_on or self.pattern.starts_on + occurrences.horizon()
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
    said: dict[str, object] = {"day": shift.pattern.starts_on, "clock": shift.clock}
    said["repeats"] = shift.pattern.recurrence
    if shift.experts:
        said["experts"] = sorted(shift.experts, key=name_key)
    if shift.responsible:
        said["responsible"] = shift.responsible
    if shift.notes:
        said["notes"] = shift.notes
    return said


def as_row(known: Known, *, beside: Shift) -> dict[str, object]:
    """What a register row of this session or series would say.

    What has been held, cancelled or ended since is no longer the register's to change: it agrees.
    So does a cell that says what it said the last time, whatever became of it in Vuoro.
    """
    row = wanted(beside)
    if not _is_open(known):
        return row
    said = said_of(known)
    starts_at, ends_at = _times(known)
    if said is None or said.day != beside.pattern.starts_on:
        row["day"] = _first_day(known)
    if said is None or said.clock != beside.clock:
        row["clock"] = _clock(starts_at, ends_at)
    if said is None or said.recurrence != beside.pattern.recurrence:
        row["repeats"] = known.recurrence if isinstance(known, Series) else ""
    return row | {
        "experts": _promised(known, beside),
        "responsible": known.responsible_professional,
        "notes": known.notes,
    }


def said_of(known: Known) -> RegisterShift | None:
    """What the register said of it when it was last written; nothing of what never was in it."""
    return getattr(known, "register_shift", None)


def _is_open(known: Known) -> bool:
    if isinstance(known, Series):
        # one that was cut in two goes on under another rule, which no row knows of
        return known.ended_at is None and not known.continued_by.all()
    return known.state in CHANGEABLE


def _first_day(known: Known) -> dt.date:
    if isinstance(known, Series):
        return known.starts_on
    return known.starts_at.astimezone(HELSINKI).date()


def _times(known: Known) -> tuple[dt.datetime, dt.datetime]:
    if isinstance(known, Session):
        return known.starts_at, known.ends_at
    pattern = Pattern(known.starts_on, known.starts_time, known.minutes, HELSINKI.key)
    first = occurrences.at(pattern, known.starts_on)
    return first.starts_at, first.ends_at


def _sessions(known: Known) -> list[Session]:
    return list(known.sessions.all()) if isinstance(known, Series) else [known]


def _promised(known: Known, beside: Shift) -> list[str]:
    """The row's people if it names the ones it named before: Vuoro knows better what became of them.

    Else who sits there now, to be shown beside the people the row names.
    """
    assignments = [a for session in _sessions(known) for a in session.assignments.all()]
    said = said_of(known)
    before = (
        {name_key(person.name) for person in said.people.all()}
        if said
        else {name_key(a.expert.name) for a in assignments}
    )
    named = {name_key(name) for name in beside.experts}
    if named == before if said else named <= before or not _sessions(known):
        return sorted(beside.experts, key=name_key)
    return sorted({a.expert.name for a in assignments if a.state in SEATED}, key=name_key)


def assignment_sources(known: Known | None) -> frozenset[str]:
    """The diary entries of a stored session or series."""
    if known is None:
        return frozenset()
    return frozenset(
        source_of(a.pk) for session in _sessions(known) for a in session.assignments.all()
    )


def save(
    known: Known | None,
    shift: Shift,
    people: Iterable[Expert],
    *,
    by: User | None,
    now: dt.datetime,
) -> tuple[Known, Effects]:
    """Creates or changes it, with the people who were promised it on its seats.

    They were asked before Vuoro knew of it, so they are confirmed; what speaks against anybody is
    shown on the session's page, and what the unit lacks on Today. What is new comes without mail;
    a change of what people have in their calendars already is told to them. Raises Refused
    `diary_overlap` when somebody has something else then, and Contention when somebody sat down
    while the locks were taken.
    """
    promised = sorted(people, key=lambda person: person.pk)
    if known is None:
        promises.lock([person.pk for person in promised], [])
        made = _make(shift, promised, by=by, now=now)
        _note(made, shift, promised)
        return made, Effects()
    mended = _mended(known, shift, promised)
    theirs = Session.objects.filter(series=known) if isinstance(known, Series) else [known]
    promises.lock((p.pk for p in mended.people), (session.pk for session in theirs))
    if isinstance(known, Series) != shift.repeats:
        return _turn(known, shift, mended, promised, by=by, now=now)
    effects = shift_changes.carry_over(known, mended, by=by, now=now)
    _note(known, shift, promised)
    return known, effects


def _turn(
    known: Known,
    shift: Shift,
    mended: Mended,
    promised: list[Expert],
    *,
    by: User | None,
    now: dt.datetime,
) -> tuple[Known, Effects]:
    """The row has begun to repeat, or repeats no more; the day both speak of is kept."""
    cancelled, goes_on = 0, known
    if isinstance(known, Session):
        goes_on = shift_turns.begin(known, shift.pattern)
    else:
        left, cancelled = shift_turns.cease(known, day=shift.pattern.starts_on, by=by, now=now)
        if left is None:
            made = _make(shift, list(mended.people), by=by, now=now)
            _note(made, shift, list(mended.people))
            return made, Effects(made=1, cancelled=cancelled)
        goes_on = left
    effects = shift_changes.carry_over(goes_on, mended, by=by, now=now)
    _note(goes_on, shift, promised or list(mended.people))
    return goes_on, replace(effects, cancelled=effects.cancelled + cancelled)


def _mended(known: Known, shift: Shift, promised: list[Expert]) -> Mended:
    """What the row says anew; where it names nobody, those it named before are still promised."""
    stored = as_row(known, beside=shift)
    said = said_of(known)
    before = list(said.people.all()) if said else []
    return Mended(
        pattern=shift.pattern,
        changed=frozenset(name for name, value in wanted(shift).items() if stored[name] != value),
        responsible=shift.responsible,
        notes=shift.notes,
        people=tuple(promised or before),
        before=frozenset(person.pk for person in before) if said else None,
    )


def _note(known: Known, shift: Shift, promised: list[Expert]) -> None:
    """Remembers what the row said, so that the next file is compared with it."""
    of: dict[str, Any] = {"series": known} if isinstance(known, Series) else {"session": known}
    row, _made = RegisterShift.objects.update_or_create(
        **of,
        defaults={
            "sheet": shift.sheet,
            "day": shift.pattern.starts_on,
            "clock": shift.clock,
            "recurrence": shift.pattern.recurrence,
        },
    )
    if promised:
        gone = row.people.exclude(pk__in=[person.pk for person in promised])
        if isinstance(known, Series):
            _prefer(known, promised, gone=gone)
        row.people.set(promised)


def _prefer(known: Series, promised: list[Expert], *, gone: Iterable[Expert]) -> None:
    """Who is promised a series is asked first for what the horizon brings; who is not, no more."""
    known.preferred.filter(expert__in=[person.pk for person in gone]).delete()
    there = set(known.preferred.values_list("expert_id", flat=True))
    PreferredPerson.objects.bulk_create(
        PreferredPerson(series=known, expert=person, order=order)
        for order, person in enumerate(promised, start=1)
        if person.pk not in there
    )


def _make(shift: Shift, promised: list[Expert], *, by: User | None, now: dt.datetime) -> Known:
    unit = Unit.objects.prefetch_related("sites").get(name__iexact=shift.unit_name)
    what = _appointment(shift, unit)
    check_appointment(
        kind=shift.kind,
        unit=unit,
        site=what["site"],
        place_kind=what["place_kind"],
        seats=what["seats"],
        minutes=shift.pattern.minutes,
    )
    if shift.repeats:
        return _make_series(shift, what, promised, by=by, now=now)
    once = shift.occurrences()[0]
    session = sessions.create(
        starts_at=once.starts_at, ends_at=once.ends_at, by=by, now=now, **what
    )
    if promised:
        promises.seat(session, promised, by=by, now=now, tell=False)
        return session
    try:
        return sessions.publish(session, by=by, now=now)
    except Refused:  # nobody has been promised it: it stays a draft until nothing is lacking
        return session


def _make_series(
    shift: Shift,
    what: dict[str, Any],
    promised: list[Expert],
    *,
    by: User | None,
    now: dt.datetime,
) -> Series:
    made = Series.objects.create(
        **what,
        starts_on=shift.pattern.starts_on,
        ends_on=shift.pattern.ends_on,
        starts_time=shift.pattern.starts_time,
        minutes=shift.pattern.minutes,
        recurrence=shift.pattern.recurrence,
    )
    series.fill(made, now=now)
    if promised:
        promises.bring_days_without_papers(made, now=now)
        for session in made.sessions.select_related("kind", "unit", "site"):
            promises.seat(session, promised, by=by, now=now, tell=False)
    return made


def _appointment(shift: Shift, unit: Unit) -> dict[str, Any]:
    kind = shift.kind
    at_site = PlaceKind.SITE in kind.place_kinds or not kind.place_kinds
    site = min(unit.sites.all(), key=lambda site: site.pk, default=None) if at_site else None
    return {
        "kind": kind,
        "unit": unit,
        "site": site,
        "place_kind": PlaceKind.SITE if at_site else kind.place_kinds[0],
        "seats": max(len(shift.experts), kind.default_seats),
        "responsible_professional": shift.responsible,
        "with_minors": kind.with_minors,
        "notes": shift.notes,
    }
