"""A published plan, and one person who falls out of it: what is planned again, and what moved."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from scheduling.planner.problem import Problem

Pair = tuple[int, int]
"""Ids of a session and a person."""


def busiest(pairs: Collection[Pair]) -> int:
    """Who has most sessions in the plan, the lowest id of those: the dearest one to lose."""
    times = Counter(person for _, person in pairs)
    return min(times, key=lambda person: (-times[person], person))


def without(problem: Problem, pairs: Collection[Pair], person: int, *, may_move: bool) -> Problem:
    """The problem after `pairs` were published and `person` fell out.

    What the others were promised stays as it is; with `may_move` it may move at the price of a moved seat.
    """
    stays = frozenset(pair for pair in pairs if pair[1] != person)
    return replace(
        problem,
        people=tuple(one for one in problem.people if one.id != person),
        options=tuple(option for option in problem.options if option.person != person),
        familiar=frozenset(pair for pair in problem.familiar if pair[0] != person),
        pinned=frozenset() if may_move else stays,
        current=stays,
    )
