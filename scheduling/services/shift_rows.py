"""Writes a shift as a register row tells it: a session or a series, and who was promised to it."""

import copy
import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from coordination.errors import Refused
from coordination.formats import HELSINKI
from coordination.models import ActivityKind, Unit, User
from coordination.models.activity import PlaceKind
from coordination.workbook.words import name_key
from experts.models import Expert
from experts.services import diary
from scheduling import occurrences
from scheduling.eligibility.facts import source_of
from scheduling.models import Assignment, AssignmentState, Series, Session, SessionState
from scheduling.models.assignments import SEATED
from scheduling.occurrences import Occurrence, Pattern
from scheduling.services import assignments, mails, outcomes, recipients, series, sessions
from scheduling.services.appointments import check_appointment

CHANGEABLE = (SessionState.DRAFT, SessionState.OPEN)
_WAITING = (AssignmentState.PROPOSED, AssignmentState.CONFIRMED)


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
    """What a register row of this session or series would say.

    What has been held, cancelled or ended since is no longer the register's to change: it agrees.
    """
    if not _is_open(known):
        return wanted(beside)
    starts_at, ends_at = _times(known)
    return {
        "clock": _clock(starts_at, ends_at),
        "experts": _promised(known, beside),
        "responsible": known.responsible_professional,
        "notes": known.notes,
        "repeats": known.recurrence if isinstance(known, Series) else "",
    }


def _is_open(known: Session | Series) -> bool:
    if isinstance(known, Series):
        return known.ended_at is None
    return known.state in CHANGEABLE


def _times(known: Session | Series) -> tuple[dt.datetime, dt.datetime]:
    if isinstance(known, Session):
        return known.starts_at, known.ends_at
    pattern = Pattern(known.starts_on, known.starts_time, known.minutes, HELSINKI.key)
    first = occurrences.at(pattern, known.starts_on)
    return first.starts_at, first.ends_at


def _sessions(known: Session | Series) -> list[Session]:
    return list(known.sessions.all()) if isinstance(known, Series) else [known]


def _promised(known: Session | Series, beside: Shift) -> list[str]:
    """The row's people if each has been on it, whatever became of that: Vuoro knows better since.

    Else who sits there now, to be shown beside the people the row names.
    """
    assignments = [a for session in _sessions(known) for a in session.assignments.all()]
    ever = {name_key(a.expert.name) for a in assignments}
    if not _sessions(known) or all(name_key(name) in ever for name in beside.experts):
        return sorted(beside.experts, key=name_key)
    return sorted({a.expert.name for a in assignments if a.state in SEATED}, key=name_key)


def assignment_sources(known: Session | Series | None) -> frozenset[str]:
    """The diary entries of a stored session or series."""
    if known is None:
        return frozenset()
    return frozenset(
        source_of(a.pk) for session in _sessions(known) for a in session.assignments.all()
    )


def save(
    known: Session | Series | None, shift: Shift, *, by: User | None, now: dt.datetime
) -> None:
    """Creates or changes it, with the people who were promised it on its seats.

    They were asked before Vuoro knew of it, so they are confirmed and get no mail; what speaks
    against anybody is shown on the session's page. What a unit still lacks leaves a session a
    draft. Raises `Refused` `diary_overlap` when somebody has something else then.
    """
    if known is None:
        known = _make(shift, by=by, now=now)
    else:
        _change(known, shift, by=by, now=now)
    people = list(Expert.objects.filter(name__in=shift.experts).order_by("pk"))
    diary.lock_people(person.pk for person in people)
    for session in _changeable(known):
        _seat(session, people, by=by, now=now)


def _make(shift: Shift, *, by: User | None, now: dt.datetime) -> Session | Series:
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
        made = Series.objects.create(
            **what,
            starts_on=shift.pattern.starts_on,
            ends_on=shift.pattern.ends_on,
            starts_time=shift.pattern.starts_time,
            minutes=shift.pattern.minutes,
            recurrence=shift.pattern.recurrence,
        )
        series.fill(made, now=now)
        return made
    once = shift.occurrences()[0]
    session = sessions.create(
        starts_at=once.starts_at, ends_at=once.ends_at, by=by, now=now, **what
    )
    try:
        return sessions.publish(session, by=by, now=now)
    except Refused:  # the unit lacks something: it stays a draft until that is there
        return session


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


def _change(known: Session | Series, shift: Shift, *, by: User | None, now: dt.datetime) -> None:
    """Hours, responsible professional and notes follow the row; a cell that is empty leaves them."""
    said = {
        name: value
        for name, value in (
            ("responsible_professional", shift.responsible),
            ("notes", shift.notes),
        )
        if value
    }
    if isinstance(known, Series):
        known.starts_time, known.minutes = shift.pattern.starts_time, shift.pattern.minutes
        known.recurrence = shift.pattern.recurrence
        for name, value in said.items():
            setattr(known, name, value)
        known.save()
    for session in _changeable(known):
        if session.edited_by_hand or session.starts_at <= now:
            continue
        day = session.occurrence_on or shift.pattern.starts_on
        once = occurrences.at(shift.pattern, day)
        _change_session(
            session, said | {"starts_at": once.starts_at, "ends_at": once.ends_at}, by, now
        )


def _change_session(
    session: Session, values: dict[str, Any], by: User | None, now: dt.datetime
) -> None:
    before = copy.copy(session)
    for name, value in values.items():
        setattr(session, name, value)
    session.save(update_fields=list(values))
    if (before.starts_at, before.ends_at) == (session.starts_at, session.ends_at):
        return
    coming = outcomes.waiting_or_coming(session)
    for assignment in coming:
        if assignment.state == AssignmentState.CONFIRMED:
            outcomes.write_diary(assignment, now=now)
    if session.state == SessionState.OPEN:
        people = [who for a in coming for who in recipients.of_expert(a.expert)]
        mails.changed(session, before, people, by=by, now=now)


def _changeable(known: Session | Series) -> list[Session]:
    rows = Session.objects.filter(state__in=CHANGEABLE).select_related("kind", "unit", "site")
    rows = rows.filter(series=known) if isinstance(known, Series) else rows.filter(pk=known.pk)
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _seat(session: Session, people: list[Expert], *, by: User | None, now: dt.datetime) -> None:
    """Those who were never on the session get a seat; then who is not on the row makes room."""
    there = list(session.assignments.select_related("expert"))
    ever = {a.expert_id for a in there}
    new = [person for person in people if person.pk not in ever]
    if not new:
        return
    named = {person.pk for person in people}
    for assignment in there:
        if assignment.state in _WAITING and assignment.expert_id not in named:
            assignments.cancel(assignment, by=by, now=now)
    taken = set(session.assignments.filter(state__in=SEATED).values_list("seat", flat=True))
    free = (number for number in itertools.count(1) if number not in taken)
    for person in new:
        seat = next(free)
        if seat > session.seats:
            session.seats = seat
            session.save(update_fields=["seats"])
        assignment = Assignment.objects.create(
            session=session,
            expert=person,
            seat=seat,
            state=AssignmentState.CONFIRMED,
            proposed_at=now,
            proposed_by=by,
            changed_at=now,
            changed_by=by,
        )
        outcomes.write_diary(assignment, now=now)
