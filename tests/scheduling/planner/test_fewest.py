"""As few people as possible, and a bound that proves itself."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.benchmarks.checking import broken_crowd, broken_staffing
from scheduling.planner.fewest import Fewest, NobodyCan, Span, fewest_people


def found(spans: list[Span], qualified: list[list[int]], *, looks: int = 400) -> Fewest:
    """With so many looks at the clock until the time is over."""
    left = iter(range(looks))
    return fewest_people(spans, qualified, seed=1, out_of_time=lambda: next(left, None) is None)


def staffable(spans: list[Span], qualified: list[list[int]], people: tuple[int, ...]) -> bool:
    who = [[p for p in people if s in qualified[p]] for s in range(len(spans))]
    return any(not broken_staffing(spans, qualified, by) for by in product(*who))


@st.composite
def small(draw: st.DrawFn) -> tuple[list[Span], list[list[int]]]:
    starts = draw(st.lists(st.integers(0, 12), min_size=1, max_size=6))
    spans = [(start, start + draw(st.integers(1, 5))) for start in starts]
    one = st.lists(st.sampled_from(range(len(spans))), unique=True)
    skilled = draw(st.lists(one, max_size=3))
    # each session can always be done by somebody who can do nothing else
    return spans, [*skilled, *([session] for session in range(len(spans)))]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(problem=small())
def test_no_fewer_people_would_do(problem: tuple[list[Span], list[list[int]]]) -> None:
    spans, qualified = problem

    answer = found(spans, qualified)

    assert broken_staffing(spans, qualified, answer.by) == []
    assert broken_crowd(spans, qualified, answer.crowd) == []
    fewer = combinations(range(len(qualified)), answer.people - 1)
    assert not any(staffable(spans, qualified, people) for people in fewer)


def test_sessions_nobody_shares_need_a_person_each() -> None:
    spans = [(0, 1), (1, 2), (2, 3)]

    answer = found(spans, [[0, 1], [2], [0]])

    assert answer.bound == answer.people == 2
    assert answer.is_optimal


def test_what_ends_when_another_starts_is_no_clash() -> None:
    assert found([(0, 5), (5, 9)], [[0, 1]]).by == (0, 0)


def test_nothing_to_do_needs_nobody() -> None:
    assert found([], [[], []]).people == 0


def test_a_session_nobody_can_do_is_named() -> None:
    with pytest.raises(NobodyCan) as refused:
        found([(0, 1), (1, 2)], [[0]])

    assert refused.value.session == 1
