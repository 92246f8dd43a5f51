"""Checks answers of the planner from the problem alone. Shares no code with it: a common mistake would hide."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from scheduling.planner.problem import Person, Problem, Session

Pairs = Iterable[tuple[int, int]]


def broken_rules(problem: Problem, pairs: Pairs) -> list[str]:
    """Everything that must not be in a plan, one line each; an empty list for a sound plan."""
    plan = list(pairs)
    people = {person.id: person for person in problem.people}
    sessions = {session.id: session for session in problem.sessions}
    possible = {(option.session, option.person) for option in problem.options}
    found = [f"{pair} twice" for pair, times in Counter(plan).items() if times > 1]
    found += [f"{pair} is no option" for pair in plan if pair not in possible]
    found += [f"{pair} is pinned and missing" for pair in problem.pinned - set(plan)]
    for session_id, count in Counter(session for session, _ in plan).items():
        if session_id not in sessions or count > sessions[session_id].seats:
            found.append(f"session {session_id} has {count} people")
    mine: dict[int, list[Session]] = defaultdict(list)
    for session_id, person_id in possible.intersection(plan):
        mine[person_id].append(sessions[session_id])
    for person_id, theirs in mine.items():
        found += [
            f"person {person_id}: {line}" for line in _of_one(problem, people[person_id], theirs)
        ]
    return found


def _of_one(problem: Problem, person: Person, theirs: list[Session]) -> list[str]:
    found = []
    for one, other in combinations(sorted(theirs, key=lambda s: s.starts), 2):
        if other.starts < one.ends:
            found.append(f"{one.id} and {other.id} overlap")
        elif one.last_day == other.first_day and other.starts - one.ends < _way(
            problem, one, other
        ):
            found.append(f"no time from {one.id} to {other.id}")
        elif one.last_day < other.first_day and other.starts - one.ends < person.rest_minutes:
            found.append(f"no rest between {one.id} and {other.id}")
    if person.week_minutes is not None:
        weeks = Counter(person.week_used)
        for session in theirs:
            weeks[session.week] += session.ends - session.starts
        planned = {session.week for session in theirs}
        found += [f"week {w}" for w in planned if weeks[w] > person.week_minutes]
    if person.month_sessions is not None:
        months = Counter(person.month_used)
        months.update(session.month for session in theirs)
        planned = {session.month for session in theirs}
        found += [f"month {m}" for m in planned if months[m] > person.month_sessions]
    return found


def _way(problem: Problem, one: Session, other: Session) -> int:
    """Minutes on the way; the great circle on a globe of 6371 km."""
    if (
        one.point is None
        or other.point is None
        or (one.site is not None and one.site == other.site)
    ):
        return 0
    (north, east), (north2, east2) = one.point, other.point
    half = (
        math.sin(math.radians(north2 - north) / 2) ** 2
        + math.cos(math.radians(north))
        * math.cos(math.radians(north2))
        * math.sin(math.radians(east2 - east) / 2) ** 2
    )
    km = 2 * 6371 * math.asin(math.sqrt(half))
    if km < problem.travel.same_place_km:
        return 0
    return round(km / problem.travel.km_per_hour * 60) + problem.travel.margin_minutes


def points(problem: Problem, pairs: Pairs) -> int:
    """What the plan costs, counted anew from the description of the weights (docs: the planner)."""
    plan = set(pairs)
    weights = problem.weights
    total = 0
    at = Counter(session for session, _ in plan)
    for session in problem.sessions:
        total += (session.seats - at[session.id]) * 10_000 * weights.fill * session.priority
    unit = {session.id: session.unit for session in problem.sessions}
    for option in problem.options:
        if (option.session, option.person) not in plan:
            continue
        total += 10 * weights.distance * option.km
        total += 0 if option.is_wished else 400 * weights.wishes
        total += 400 * weights.supervision if option.is_supervision_overdue else 0
        if (option.person, unit[option.session]) not in problem.familiar:
            total += 150 * weights.continuity
    total += 2_000 * weights.change * len(problem.current - plan)
    series = {session.id: session.series for session in problem.sessions}
    faces = {(series[s], p) for s, p in plan if series[s] is not None}
    total += 600 * weights.continuity * len(faces)
    return total + _load_points(problem, plan) + _haste_points(problem, plan)


def _load_points(problem: Problem, plan: set[tuple[int, int]]) -> int:
    """Each quarter of an hour, one by one, at the price of the twelfth of the agreed time it falls in."""
    length = {s.id: math.ceil((s.ends - s.starts) / 15) for s in problem.sessions}
    total = 0
    for person in problem.people:
        agreed = math.ceil(person.agreed_minutes / 15)
        width = max(1, math.ceil(agreed / 12))
        before = math.ceil(person.minutes_before / 15)
        mine = sum(length[s] for s, p in plan if p == person.id)
        for quarter in range(before, before + mine):
            middle = (quarter // width + 0.5) * width
            total += round(problem.weights.share * 100 * (middle / agreed))
    return total


def _haste_points(problem: Problem, plan: set[tuple[int, int]]) -> int:
    heavy = {s.id: s.first_day for s in problem.sessions if s.is_heavy}
    total = 0
    for person in problem.people:
        days = Counter(heavy[s] for s, p in plan if p == person.id and s in heavy)
        for day in set(heavy.values()):
            total += max(0, days[day] + days[day + 1] - 1)
    return total * 300 * problem.weights.gap


def broken_staffing(
    spans: Sequence[tuple[int, int]], qualified: Sequence[Sequence[int]], by: Sequence[int]
) -> list[str]:
    """What is wrong with who does what when every session must be done by one qualified person."""
    found = [] if len(by) == len(spans) else [f"{len(by)} answers for {len(spans)} sessions"]
    mine: dict[int, list[int]] = defaultdict(list)
    for session, person in enumerate(by):
        if not 0 <= person < len(qualified) or session not in qualified[person]:
            found.append(f"{person} may not do {session}")
        mine[person].append(session)
    for person, sessions in mine.items():
        ordered = sorted(sessions, key=lambda s: spans[s])
        for one, other in pairwise(ordered):
            if spans[other][0] < spans[one][1]:
                found.append(f"{person} does {one} and {other} at once")
    return found


def broken_crowd(
    spans: Sequence[tuple[int, int]], qualified: Sequence[Sequence[int]], crowd: Sequence[int]
) -> list[str]:
    """Two sessions of the crowd that one person could do, which would make it no bound."""
    return [
        f"{person} could do {one} and {other}"
        for person, may in enumerate(qualified)
        for one, other in combinations(sorted(set(crowd) & set(may)), 2)
        if not (spans[one][0] < spans[other][1] and spans[other][0] < spans[one][1])
    ]
