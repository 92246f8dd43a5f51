"""The planner finds the best plan, keeps every rule, says true reasons, and says the same thing twice."""

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from scheduling.benchmarks.checking import broken_rules, points
from scheduling.benchmarks.generator import generate
from scheduling.planner import planning
from scheduling.planner.plan import Plan, Unfilled
from scheduling.planner.planning import Progress, plan
from scheduling.planner.problem import BadProblem, Option, Problem, Weights
from scheduling.planner.roster import Why
from scheduling.planner.search import Budget
from tests.scheduling.planner.small import best_points, everybody, person, problems, session

_LONG = 600.0
"""Seconds that are never reached: the work allowed, not the clock, ends the search."""


def solved(problem: Problem, *, seconds: float = _LONG, seed: int = 1) -> Plan:
    return plan(problem, seconds=seconds, seed=seed)


@settings(
    max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(problem=problems())
def test_no_plan_of_all_is_better(problem: Problem) -> None:
    answer = solved(problem)

    assert broken_rules(problem, answer.pairs) == []
    assert answer.objective == points(problem, answer.pairs)
    assert answer.objective == answer.bound == best_points(problem)
    for empty in answer.unfilled:
        assert_true(problem, answer, empty)


def assert_true(problem: Problem, answer: Plan, empty: Unfilled) -> None:
    """Each reason given for an empty seat is so: with the person in it, just that breaks."""
    may = {o.person for o in problem.options if o.session == empty.session}
    assert {who for who, _ in empty.why} == may
    for who, why in empty.why:
        broken = broken_rules(problem, [*answer.pairs, (empty.session, who)])
        if why is Why.TOO_DEAR:
            assert broken == []
        elif why is Why.HAS_IT:
            assert f"{(empty.session, who)} twice" in broken
        else:
            words = {
                Why.BUSY: ("overlap", "no time", "no rest"),
                Why.WEEK_FULL: ("week",),
                Why.MONTH_FULL: ("month",),
            }[why]
            assert any(word in line for line in broken for word in words), broken


def test_same_input_and_seed_same_plan() -> None:
    problem = generate(30, 200, seed=3)
    turned = replace(
        problem,
        people=problem.people[::-1],
        sessions=problem.sessions[::-1],
        options=problem.options[::-1],
    )
    first, second, third = solved(problem), solved(problem), solved(turned)

    assert first.is_repeatable
    assert first.pairs == second.pairs == third.pairs
    assert first.objective == second.objective


def test_what_is_tried_does_not_depend_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine tries as much, in more time."""
    problem = generate(20, 100, seed=3, regions=2)
    work: list[float] = []

    class Recorded(Budget):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            work.append(self.work)

    monkeypatch.setattr(planning, "Budget", Recorded)
    plan(problem, seconds=20, seed=1)
    at_once = work.copy()
    work.clear()
    plan(problem, seconds=20, seed=1, tell=lambda _: time.sleep(0.1))

    assert len(at_once) > 1
    assert work == at_once


def test_a_larger_plan_is_sound_and_close_to_the_bound() -> None:
    problem = generate(60, 400, seed=5, regions=2)

    answer = solved(problem, seconds=60)

    assert broken_rules(problem, answer.pairs) == []
    assert answer.objective == points(problem, answer.pairs)
    assert answer.bound <= answer.objective
    assert answer.gap < 0.02


def test_even_share_against_what_each_agreed() -> None:
    much, little = person(1, agreed_minutes=40 * 60), person(2, agreed_minutes=10 * 60)
    sessions = [session(n, day=n) for n in range(10)]

    answer = solved(everybody([much, little], sessions))

    mine = [sum(1 for _, who in answer.pairs if who == number) for number in (1, 2)]
    assert mine == [8, 2]


def test_heavy_sessions_on_following_days_go_to_two_people() -> None:
    sessions = (session(1, is_heavy=True), session(2, day=1, is_heavy=True))
    near, further = [Option(s, 1) for s in (1, 2)], [Option(s, 2, km=8) for s in (1, 2)]
    weights = Weights(share=0, continuity=0)
    problem = Problem((person(1), person(2)), sessions, (*near, *further), weights=weights)

    assert solved(problem).pairs == ((1, 1), (2, 2))
    assert solved(replace(problem, weights=replace(weights, gap=0))).pairs == ((1, 1), (2, 1))


def test_units_of_two_zones_never_share_a_person_at_one_time() -> None:
    """New York's evening of one local day is Helsinki's night of the next."""
    west = session(1, day=0, at=23, hours=3)
    east = session(2, day=1, at=0, hours=3)  # an hour after the first has begun
    answer = solved(everybody([person(1)], [west, east]))

    assert len(answer.pairs) == 1
    assert [why for empty in answer.unfilled for _, why in empty.why] == [Why.BUSY]


def test_what_is_pinned_stays_whatever_it_costs() -> None:
    people, sessions = [person(1), person(2)], [session(1), session(2, day=1)]
    problem = everybody(people, sessions, pinned=frozenset({(1, 2), (2, 2)}))

    assert solved(problem).pairs == ((1, 2), (2, 2))


def test_pinned_beyond_the_limit_stays_and_nothing_is_added() -> None:
    tired = person(1, week_minutes=180)
    sessions = [session(1), session(2, day=1), session(3, day=2)]
    problem = everybody([tired], sessions, pinned=frozenset({(1, 1), (2, 1)}))

    answer = solved(problem)

    assert answer.pairs == ((1, 1), (2, 1))
    assert answer.unfilled == (Unfilled(3, 1, ((1, Why.WEEK_FULL),)),)


def test_one_falls_out_and_nobody_else_moves() -> None:
    problem = generate(40, 250, seed=2)
    before = solved(problem)
    gone = before.pairs[0][1]
    left = frozenset(pair for pair in before.pairs if pair[1] != gone)
    again = replace(
        problem,
        people=tuple(p for p in problem.people if p.id != gone),
        options=tuple(o for o in problem.options if o.person != gone),
        familiar=frozenset(pair for pair in problem.familiar if pair[0] != gone),
        pinned=left,
    )

    after = solved(again)

    assert left <= set(after.pairs)
    assert len(after.pairs) > len(left)


def test_a_promise_moves_only_for_more_than_it_costs() -> None:
    people, sessions = [person(1), person(2)], [session(1), session(2, day=1)]
    promised = frozenset({(1, 1), (2, 1)})
    problem = everybody(people, sessions, current=promised)

    kept = solved(replace(problem, weights=Weights(share=3, change=10)))
    shared = solved(replace(problem, weights=Weights(share=10, change=0)))

    assert set(kept.pairs) == promised
    assert len({who for _, who in shared.pairs}) == 2


def test_a_seat_nobody_may_take_has_no_names() -> None:
    sessions = (session(1), session(2, seats=2))
    problem = Problem((person(1),), sessions, (Option(1, 1),))

    answer = solved(problem)

    assert answer.pairs == ((1, 1),)
    assert answer.unfilled == (Unfilled(2, 2, ()),)
    assert answer.objective == answer.bound == points(problem, answer.pairs)


def test_nothing_to_plan() -> None:
    assert solved(Problem((), (), ())).pairs == ()


def test_stopping_gives_the_best_so_far() -> None:
    problem = generate(40, 250, seed=2)
    heard: list[Progress] = []

    answer = plan(problem, seconds=_LONG, seed=1, stop=lambda: bool(heard), tell=heard.append)

    assert answer.was_stopped
    assert broken_rules(problem, answer.pairs) == []
    assert answer.filled == heard[-1].filled > 0
    assert heard[0].seats == 250


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"weights": Weights(fill=0)}, "bad_weights"),
        ({"weights": Weights(share=11)}, "bad_weights"),
        ({"weights": Weights(gap=-1)}, "bad_weights"),
        ({"people": (person(1), person(1))}, "person_twice"),
        ({"people": (person(1, agreed_minutes=0),)}, "nothing_agreed"),
        ({"sessions": (session(1), session(1))}, "session_twice"),
        ({"sessions": (session(1, hours=0),)}, "bad_session"),
        ({"options": (Option(1, 1), Option(1, 1))}, "option_twice"),
        ({"options": (Option(9, 1),)}, "unknown_option"),
        ({"pinned": frozenset({(1, 9)})}, "fixed_without_option"),
    ],
)
def test_what_does_not_belong_together_is_said(change: dict[str, object], code: str) -> None:
    problem = everybody([person(1)], [session(1)])

    with pytest.raises(BadProblem) as refused:
        solved(replace(problem, **change))  # type: ignore[arg-type]

    assert refused.value.code == code


def test_two_pins_at_once_are_refused() -> None:
    sessions = [session(1), session(2)]
    problem = everybody([person(1)], sessions, pinned=frozenset({(1, 1), (2, 1)}))

    with pytest.raises(BadProblem) as refused:
        solved(problem)

    assert refused.value.code == "pinned_clash"
