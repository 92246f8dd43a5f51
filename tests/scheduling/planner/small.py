"""Small problems for the planner: by hand, and at random for hypothesis."""

from itertools import product

from hypothesis import strategies as st

from scheduling.benchmarks.checking import broken_rules, points
from scheduling.planner.problem import Option, Person, Problem, Session, Weights

DAY = 24 * 60


def session(number: int, *, day: int = 0, at: int = 9, hours: int = 3, **other: object) -> Session:
    """On a day of the first month, at full hours."""
    starts = day * DAY + at * 60
    plain: dict[str, object] = {
        "id": number,
        "starts": starts,
        "ends": starts + hours * 60,
        "first_day": day,
        "last_day": day,
        "week": day // 7,
        "month": day // 28,
        "unit": 1,
    }
    return Session(**{**plain, **other})  # type: ignore[arg-type]


def person(number: int, **other: object) -> Person:
    return Person(**{"id": number, "agreed_minutes": 20 * 60, **other})  # type: ignore[arg-type]


def everybody(people: list[Person], sessions: list[Session], **other: object) -> Problem:
    """Where everybody may take everything."""
    options = tuple(Option(s.id, p.id) for s in sessions for p in people)
    return Problem(tuple(people), tuple(sessions), options, **other)  # type: ignore[arg-type]


def best_points(problem: Problem) -> int:
    """The fewest points of all sound plans: every one is tried."""
    every = [(o.session, o.person) for o in problem.options]
    plans = (
        [pair for pair, taken in zip(every, choice, strict=True) if taken]
        for choice in product((False, True), repeat=len(every))
    )
    return min(points(problem, plan) for plan in plans if not broken_rules(problem, plan))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to four people and five sessions, with every kind of wish and limit now and then."""
    small = st.integers(0, 3)
    wish = st.sampled_from((0, 1, 3, 10))
    people = [
        Person(
            id=number,
            agreed_minutes=draw(st.sampled_from((120, 300, 1200))),
            minutes_before=draw(st.sampled_from((0, 0, 100))),
            week_minutes=draw(st.sampled_from((None, 240, 420))),
            month_sessions=draw(st.sampled_from((None, 1, 2))),
            week_used=draw(st.sampled_from(({}, {0: 60}))),
            rest_minutes=draw(st.sampled_from((0, 16 * 60))),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    sessions = [
        session(
            number,
            day=draw(st.integers(0, 2)),
            at=draw(st.integers(8, 16)),
            hours=draw(st.integers(1, 4)),
            seats=draw(st.sampled_from((1, 1, 2))),
            priority=draw(st.sampled_from((1, 2))),
            unit=draw(st.integers(1, 2)),
            series=draw(st.sampled_from((None, None, 7))),
            site=draw(st.sampled_from((None, 1))),
            point=draw(st.sampled_from((None, (61.5, 23.8), (61.3, 22.9)))),
            is_heavy=draw(st.sampled_from((True, True, False))),
        )
        for number in range(draw(st.integers(1, 5)))
    ]
    every = [(s.id, p.id) for s in sessions for p in people]
    chosen = draw(st.lists(st.sampled_from(every), unique=True, max_size=11))
    options = tuple(
        Option(
            s,
            p,
            km=draw(st.integers(0, 80)),
            is_wished=draw(st.booleans()),
            is_supervision_overdue=draw(st.booleans()),
        )
        for s, p in chosen
    )
    now = draw(st.lists(st.sampled_from(chosen), unique=True, max_size=2)) if chosen else []
    weights = Weights(*[draw(st.sampled_from((1, 10))), *(draw(wish) for _ in range(7))])
    return Problem(
        people=tuple(people),
        sessions=tuple(sessions),
        options=options,
        current=frozenset(now),
        familiar=frozenset(draw(st.lists(st.tuples(small, st.integers(1, 2)), max_size=3))),
        weights=weights,
    )
