"""From the days to plan to the planner's question: who may take which seat, and what is fixed.

A pair is an option when no reason speaks against it but those the planner weighs itself; everything
is read once, however many people and sessions there are (tested).
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.conf import settings

from coordination.clock import HOME_ZONE
from experts.models import Expert
from scheduling.eligibility import Level, Matrix
from scheduling.eligibility.facts import (
    PersonFacts,
    Point,
    SessionFacts,
    source_of,
    taken_seats,
)
from scheduling.eligibility.person import SAME_PLACE_KM, distance_km, place_in_series
from scheduling.models import Assignment, Session, SessionState
from scheduling.models.assignments import SEATED
from scheduling.planner.problem import Option, Person, Problem, Travel, Weights
from scheduling.planner.problem import Session as PlannedSession

Pair = tuple[int, int]
"""Ids of a session and an expert."""

ONLY_A_COST = "supervision_overdue"
"""Asks elsewhere; whoever publishes a plan has seen whom it is about, and that is the why."""

WEIGHED = frozenset({"over_week_hours", "over_month_sessions", ONLY_A_COST})
"""Reasons the planner reckons with: two are its own limits, the third is a cost."""

OWN_SEAT = frozenset({"full", "not_published"})
"""Of the session's own reasons, those that do not keep it from being planned."""

_MINUTE = dt.timedelta(minutes=1)
_DAYS_OF_A_MONTH = 30


@dataclass
class Question:
    """A problem with what it was made of.

    `against` counts, by session, the people whom each reason keeps from it (one reason a person);
    `was` are the freed assignments by pair.
    """

    problem: Problem
    against: dict[int, Counter[str]] = field(default_factory=dict)
    was: dict[Pair, int] = field(default_factory=dict)


def plannable(
    first: dt.date, before: dt.date, *, now: dt.datetime, freed: Collection[int] = ()
) -> list[Session]:
    """Open and draft sessions that begin on the local days `first` ≤ day < `before` and are still to
    come, with a seat nobody has or one of the `freed` assignments; four queries.
    """
    ids = plannable_ids(first, before, now=now, freed=freed)
    rows = Session.objects.filter(pk__in=ids).select_related("kind", "unit", "site")
    return list(rows.order_by("pk"))


def plannable_ids(
    first: dt.date, before: dt.date, *, now: dt.datetime, freed: Collection[int] = ()
) -> list[int]:
    """The ids of the same, without reading more of them; three queries."""
    margin = dt.timedelta(days=1)
    midnight = dt.time(tzinfo=HOME_ZONE)
    rows = Session.objects.filter(
        state__in=(SessionState.OPEN, SessionState.DRAFT),
        starts_at__gt=max(now, dt.datetime.combine(first, midnight) - margin),
        starts_at__lt=dt.datetime.combine(before, midnight) + margin,
    ).values_list("pk", "seats", "starts_at", "zone_name")
    inside = {
        pk: seats
        for pk, seats, starts_at, zone in rows.order_by("pk")
        if first <= _local(starts_at, ZoneInfo(zone)) < before
    }
    taken = taken_seats(inside)
    free = Counter(
        Assignment.objects.filter(pk__in=freed, state__in=SEATED).values_list(
            "session_id", flat=True
        )
    )
    return [pk for pk, seats in inside.items() if seats > taken[pk] - free[pk]]


def make(
    sessions: Sequence[Session],
    *,
    days: int,
    weights: Weights,
    now: dt.datetime,
    freed: Collection[int] = (),
    pins: Collection[Pair] = (),
) -> Question:
    """The question for these sessions, of `days` days; pins that are no longer possible are left out."""
    experts = list(Expert.objects.active().order_by("pk"))
    matrix = Matrix(sessions, experts, now=now)
    mine = released(freed)
    let_go(matrix, mine)
    taken = taken_seats(s.pk for s in sessions)
    free = Counter(session for session, _ in mine)
    planned = [
        _session(matrix.sessions[s.pk], seats=max(0, s.seats - taken[s.pk] + free[s.pk]))
        for s in sessions
    ]
    options, against = _options(matrix, sessions, mine)
    possible = {(o.session, o.person) for o in options}
    usual = _usual_minutes(planned, len(experts))
    problem = Problem(
        people=tuple(_person(matrix.people[e.pk], planned, days, usual) for e in experts)
        if sessions
        else (),
        sessions=tuple(planned),
        options=tuple(options),
        pinned=frozenset(pair for pair in pins if pair in possible),
        current=frozenset(pair for pair in mine if pair in possible),
        familiar=frozenset(
            (person.expert.pk, unit)
            for person in matrix.people.values()
            for unit, times in person.times_at_unit.items()
            if times
        ),
        weights=weights,
        travel=Travel(
            km_per_hour=float(settings.TRAVEL_KM_PER_HOUR),
            margin_minutes=int(settings.TRAVEL_MARGIN_MINUTES),
            same_place_km=SAME_PLACE_KM,
        ),
    )
    return Question(problem, against, mine)


def released(freed: Collection[int]) -> dict[Pair, int]:
    """The freed assignments that still hold, by pair."""
    rows = Assignment.objects.filter(pk__in=freed, state__in=SEATED)
    return {(s, e): pk for pk, s, e in rows.values_list("pk", "session_id", "expert_id")}


def let_go(matrix: Matrix, released: Mapping[Pair, int]) -> None:
    """Who was freed is no longer busy with it, nor on the session already."""
    sources: dict[int, set[str]] = defaultdict(set)
    for (session, expert), pk in released.items():
        sources[expert].add(source_of(pk))
        if expert in matrix.people:
            matrix.people[expert].here[session].difference_update(SEATED)
    for expert, gone in sources.items():
        if person := matrix.people.get(expert):
            person.busy = [busy for busy in person.busy if busy.source not in gone]


def _options(
    matrix: Matrix, sessions: Sequence[Session], released: Collection[Pair]
) -> tuple[list[Option], dict[int, Counter[str]]]:
    wished = _wished(matrix, sessions)
    own = {pk: _in_session(matrix, pk) for pk in matrix.sessions}
    against = {pk: Counter(dict.fromkeys(codes, 0)) for pk, codes in own.items()}
    options: list[Option] = []
    for expert, said in zip(matrix.experts, matrix.first_against(but=WEIGHED), strict=True):
        passed: list[int] = []
        for session, code in zip(matrix.sessions, said, strict=True):
            if (session, expert.pk) in released:
                code = _blocked(matrix, (session, expert.pk))  # noqa: PLW2901 - another question
            elif own[session]:
                continue
            if code is None:
                passed.append(session)
            elif code not in own[session]:
                against[session][code] += 1
        options += _options_of(matrix, expert.pk, passed, wished)
    options.sort(key=lambda option: (option.session, option.person))
    return options, against


def _options_of(
    matrix: Matrix, expert_id: int, sessions: Iterable[int], wished: Mapping[int, bool]
) -> Iterator[Option]:
    person = matrix.people[expert_id]
    is_overdue = person.ready.supervision.is_overdue
    kilometres: dict[Point | None, int] = {}
    for session in sessions:
        facts = matrix.sessions[session]
        if facts.point not in kilometres:
            kilometres[facts.point] = round(distance_km(person, facts) or 0)
        yield Option(
            session=session,
            person=expert_id,
            km=kilometres[facts.point],
            is_wished=not wished.get(session, False) or place_in_series(person, facts) is not None,
            is_supervision_overdue=is_overdue,
        )


def _in_session(matrix: Matrix, session_id: int) -> list[str]:
    """What lies in the session and keeps everybody from it."""
    return [
        reason.code
        for reason in matrix.about_session(session_id)
        if reason.level is not Level.NOTE and reason.code not in OWN_SEAT
    ]


def _blocked(matrix: Matrix, pair: Pair) -> str | None:
    """Who has the seat now may keep it: what asks was settled when they were asked."""
    found = (r.code for r in matrix.about_person(*pair) if r.level is Level.BLOCK)
    return next(found, None)


def _wished(matrix: Matrix, sessions: Sequence[Session]) -> dict[int, bool]:
    """By session: whether its series would rather have anybody in particular."""
    by_series: dict[int, bool] = {}
    for session in sessions:
        series = session.series_id
        if series and not by_series.get(series):
            facts = matrix.sessions[session.pk]
            by_series[series] = any(
                place_in_series(person, facts) is not None for person in matrix.people.values()
            )
    return {s.pk: by_series[s.series_id] for s in sessions if s.series_id}


def _session(facts: SessionFacts, *, seats: int) -> PlannedSession:
    session = facts.session
    last = session.ends_at.astimezone(facts.zone).date()
    return PlannedSession(
        id=session.pk,
        starts=_minute(session.starts_at),
        ends=_minute(session.ends_at),
        first_day=facts.on.toordinal(),
        last_day=last.toordinal(),
        week=_week(facts.on),
        month=_month(facts.on),
        unit=session.unit_id,
        seats=seats,
        priority=session.priority,
        # a pair that meets goes on with the same person (S4 l.107)
        series=session.series_id if session.kind.monthly_max is not None else None,
        site=session.site_id,
        point=facts.point,
        is_heavy=session.kind.is_heavy,
    )


def _person(
    person: PersonFacts, planned: Sequence[PlannedSession], days: int, usual: int
) -> Person:
    expert = person.expert
    first = min(s.first_day for s in planned)
    last = max(s.first_day for s in planned)
    weeks: Counter[int] = Counter()
    months: Counter[int] = Counter()
    before = 0
    for busy in person.busy:
        if not busy.is_shift:
            continue
        on = _local(busy.starts_at, busy.zone)
        minutes = (busy.ends_at - busy.starts_at) // _MINUTE
        weeks[_week(on)] += minutes
        months[_month(on)] += 1
        if first <= on.toordinal() <= last:
            before += minutes
    hours, times = expert.weekly_hours, expert.monthly_sessions
    return Person(
        id=expert.pk,
        agreed_minutes=_agreed_minutes(expert, planned, days, usual),
        minutes_before=before,
        week_minutes=None if hours is None else int(hours * 60),
        month_sessions=times,
        week_used=dict(weeks),
        month_used=dict(months),
        rest_minutes=(expert.rest_hours or 0) * 60,
    )


def _agreed_minutes(
    expert: Expert, planned: Sequence[PlannedSession], days: int, usual: int
) -> int:
    """Hours a week, else sessions a month of the usual length, else an even share of what there is."""
    if expert.weekly_hours:
        return max(1, int(expert.weekly_hours * 60 * days / 7))
    if expert.monthly_sessions:
        length = sum(s.minutes for s in planned) / len(planned)
        return max(1, int(expert.monthly_sessions * length * days / _DAYS_OF_A_MONTH))
    return usual


def _usual_minutes(planned: Sequence[PlannedSession], people: int) -> int:
    if not planned or not people:
        return 1
    longest = max(s.minutes for s in planned)
    return max(longest, sum(s.minutes * s.seats for s in planned) // people)


def _minute(at: dt.datetime) -> int:
    return int(at.timestamp()) // 60


def _local(at: dt.datetime, zone: ZoneInfo) -> dt.date:
    return at.astimezone(zone).date()


def _week(on: dt.date) -> int:
    iso = on.isocalendar()
    return iso.year * 100 + iso.week


def _month(on: dt.date) -> int:
    return on.year * 12 + on.month
