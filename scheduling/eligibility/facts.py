"""All that eligibility must know about people, read for all sessions and experts at once.

The number of queries does not depend on how many experts or sessions there are (tested).
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from coordination import municipalities
from coordination.clock import HOME_ZONE
from coordination.models import Site, Unit
from coordination.models.activity import PlaceKind
from experts.models import DiaryEntry, DiaryKind, Expert
from experts.queries import readiness
from experts.queries.readiness import Readiness
from scheduling.models import Assignment, AssignmentState, Offer, PreferredPerson, Session
from scheduling.models.assignments import SEATED

Point = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees."""

_MARGIN = dt.timedelta(days=3)
"""More than the longest rest between working days, 48 h, on both sides of what is looked at."""


@dataclass(frozen=True)
class Busy:
    """Something that takes a person's time; `asked` when it is a proposal not yet answered."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    is_shift: bool
    source: str
    what: str
    site_id: int | None
    point: Point | None
    zone: ZoneInfo
    asked: bool = False

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at).total_seconds() / 3600


@dataclass
class PersonFacts:
    """What is known of one expert; days are inclusive."""

    expert: Expert
    ready: Readiness
    home: Point | None = None
    busy: list[Busy] = field(default_factory=list)
    times_at_unit: Counter[int] = field(default_factory=Counter)
    times_in_series: Counter[int] = field(default_factory=Counter)
    preferred: dict[int, PreferredPerson] = field(default_factory=dict)
    """By the series' id: where it would rather have this person, and when."""
    here: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """States of assignments by session."""
    offered: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """States of offers by session."""
    own_sources: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Diary sources that stand for a session itself: they do not speak against it."""


@dataclass(frozen=True)
class SessionFacts:
    """A session's days and place, counted once."""

    session: Session
    zone: ZoneInfo
    on: dt.date
    week: tuple[int, int]
    point: Point | None
    same_kind_that_month: int


def point_of_site(site: Site | None, unit: Unit | None) -> Point | None:
    """Where it is: the site's coordinates, else its municipality's main settlement; online is nowhere."""
    if site is not None:
        if site.is_online:
            return None
        if site.latitude is not None and site.longitude is not None:
            return (site.latitude, site.longitude)
    name = (site.municipality if site else "") or (unit.municipality if unit else "")
    return point_of_municipality(name)


def point_of_municipality(name: str) -> Point | None:
    found = municipalities.find(name) if name else None
    return (found.latitude, found.longitude) if found else None


def point_of(session: Session) -> Point | None:
    """Where a session is held; none when it is online."""
    if session.place_kind == PlaceKind.ONLINE:
        return None
    return point_of_site(session.site, session.unit)


def load_sessions(sessions: Sequence[Session]) -> dict[int, SessionFacts]:
    """Facts of sessions that were read with kind, unit and site; one query for all of them."""
    monthly = _monthly_counts(sessions)
    return {session.pk: _session_facts(session, monthly) for session in sessions}


def _session_facts(session: Session, monthly: "Counter[tuple[int, int, int]]") -> SessionFacts:
    zone = session.zone
    on = session.starts_at.astimezone(zone).date()
    iso = on.isocalendar()
    count = monthly[session.series_id or 0, on.year, on.month]
    return SessionFacts(
        session=session,
        zone=zone,
        on=on,
        week=(iso.year, iso.week),
        point=point_of(session),
        same_kind_that_month=count,
    )


def _monthly_counts(sessions: Sequence[Session]) -> "Counter[tuple[int, int, int]]":
    """How often each series meets in each calendar month; only for forms with a usual number."""
    series = {s.series_id for s in sessions if s.series_id and s.kind.monthly_max}
    counted: Counter[tuple[int, int, int]] = Counter()
    rows = Session.objects.filter(series_id__in=series).exclude(state="cancelled")
    for series_id, on in rows.values_list("series_id", "occurrence_on"):
        if series_id and on:
            counted[series_id, on.year, on.month] += 1
    return counted


def load_people(
    sessions: Sequence[Session], experts: Sequence[Expert], *, now: dt.datetime
) -> dict[int, PersonFacts]:
    """Facts of the experts that matter for these sessions, by id."""
    if not experts or not sessions:
        return {}
    ready = readiness.load(experts, days=_days(sessions), today=now.astimezone(HOME_ZONE).date())
    people = {expert.pk: _person(expert, ready[expert.pk]) for expert in experts}
    _proposals(people, sessions)
    _history(people, sessions, now)
    return people


def _person(expert: Expert, ready: Readiness) -> PersonFacts:
    return PersonFacts(
        expert=expert,
        ready=ready,
        home=point_of_municipality(expert.home_municipality),
        busy=[_busy_entry(entry) for entry in ready.diary],
    )


def _days(sessions: Sequence[Session]) -> tuple[dt.date, dt.date]:
    starts, ends = [s.starts_at for s in sessions], [s.ends_at for s in sessions]
    day = dt.timedelta(days=1)  # no zone is further than a day from UTC
    return min(starts).date() - day, max(ends).date() + day


def _looked_at(sessions: Sequence[Session]) -> tuple[dt.datetime, dt.datetime]:
    """From before the first session's month and week to after the last one's."""
    first, last = _days(sessions)
    begin = min(first.replace(day=1), first - dt.timedelta(days=first.weekday()))
    end = max((last.replace(day=28) + dt.timedelta(days=4)).replace(day=1), last + dt.timedelta(7))
    midnight = dt.time(tzinfo=dt.UTC)
    return (
        dt.datetime.combine(begin, midnight) - _MARGIN,
        dt.datetime.combine(end, midnight) + _MARGIN,
    )


def _busy_entry(entry: DiaryEntry) -> Busy:
    # the entry's own title may name a person or a topic; the kind and the unit say enough
    what = str(DiaryKind(entry.kind).label)
    return Busy(
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        is_shift=entry.kind == DiaryKind.SHIFT,
        source=entry.source,
        what=f"{what}, {entry.unit}" if entry.unit else what,
        site_id=entry.site_id,
        point=point_of_site(entry.site, entry.unit) if entry.site or entry.unit else None,
        zone=ZoneInfo(entry.zone_name),
    )


def _proposals(people: dict[int, PersonFacts], sessions: Sequence[Session]) -> None:
    """Shifts the people have been asked for and not answered: promises that may come true."""
    begin, end = _looked_at(sessions)
    asked = Assignment.objects.filter(
        expert_id__in=list(people),
        state=AssignmentState.PROPOSED,
        session__ends_at__gt=begin,
        session__starts_at__lt=end,
    ).select_related("session__unit", "session__site")
    for assignment in asked:
        people[assignment.expert_id].busy.append(as_asked(assignment))


def as_asked(assignment: Assignment) -> Busy:
    """A shift a person has been asked for, as it takes their time."""
    session = assignment.session
    return Busy(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        is_shift=True,
        source=source_of(assignment.pk),
        what=str(session.unit),
        site_id=session.site_id,
        point=point_of(session),
        zone=session.zone,
        asked=True,
    )


def source_of(assignment_id: int) -> str:
    """What an assignment is called in the diary, for ever (feeds take their UID from it)."""
    return f"assignment:{assignment_id}"


def _history(
    people: dict[int, PersonFacts],
    sessions: Sequence[Session],
    now: dt.datetime,
) -> None:
    session_ids = [session.pk for session in sessions]
    on_these = Assignment.objects.filter(expert_id__in=list(people), session_id__in=session_ids)
    for pk, expert_id, session_id, state in on_these.values_list(
        "pk", "expert_id", "session_id", "state"
    ):
        people[expert_id].here[session_id].add(state)
        people[expert_id].own_sources[session_id].add(source_of(pk))
    offers = Offer.objects.filter(expert_id__in=list(people), session_id__in=session_ids)
    for expert_id, session_id, state in offers.values_list("expert_id", "session_id", "state"):
        people[expert_id].offered[session_id].add(state)
    been = (
        Assignment.objects.filter(
            Q(state=AssignmentState.HELD)
            | Q(state=AssignmentState.CONFIRMED, session__ends_at__lte=now),
            expert_id__in=list(people),
            session__unit_id__in={session.unit_id for session in sessions},
        )
        .values_list("expert_id", "session__unit_id", "session__series_id")
        .annotate(times=Count("pk"))
    )
    for expert_id, unit_id, series_id, times in been:
        people[expert_id].times_at_unit[unit_id] += times
        if series_id:
            people[expert_id].times_in_series[series_id] = times
    _preferences(people, sessions)


def _preferences(people: dict[int, PersonFacts], sessions: Sequence[Session]) -> None:
    series = {session.series_id for session in sessions if session.series_id}
    if not series:
        return
    rows = PreferredPerson.objects.filter(series__in=series, expert__in=list(people))
    for row in rows:
        people[row.expert_id].preferred[row.series_id] = row


def taken_seats(session_ids: Iterable[int]) -> Counter[int]:
    """How many seats of each session are taken or asked for; one query."""
    rows = (
        Assignment.objects.filter(session_id__in=list(session_ids), state__in=SEATED)
        .values_list("session_id")
        .annotate(count=Count("pk"))
    )
    return Counter(dict(rows))
