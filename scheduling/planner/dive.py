"""From the relaxed plan to a whole one: take what it is sure of, relax what is left anew, until nothing is left."""

from collections.abc import Mapping

from scheduling.planner import relaxation
from scheduling.planner.compiled import Compiled, Pair
from scheduling.planner.formulation import formulate
from scheduling.planner.relaxation import Relaxed
from scheduling.planner.roster import Roster
from scheduling.planner.search import Budget
from scheduling.planner.start import fill, mend, with_pinned

_SURE = 0.999
_LIKELY = 0.3
"""A pair of which the relaxed plan takes less than this is left for the next round."""
_AT_ONCE = 0.15
"""How much of what is not sure is decided in a round, the likeliest first."""
_FEWEST = 10
_WORK_OF_A_ROUND = 0.02


def dive(given: Compiled, relaxed: Relaxed, pairs: list[Pair], budget: Budget) -> Roster:
    """A plan near the relaxed one, made of `pairs` and of what `fill` finds for the seats then left."""
    roster = with_pinned(given)
    part: Mapping[Pair, float] = relaxed.part
    while _take(roster, part) and not budget.is_over():
        free = [p for p in pairs if roster.empty_seats(p[0]) > 0 and roster.hindrance(*p) is None]
        if not free:
            break
        again = relaxation.relax(
            formulate(roster, free), seconds=budget.seconds_left, stop=budget.stop
        )
        budget.spent += _WORK_OF_A_ROUND
        if again is None:
            break
        part = again.part
    fill(roster)
    mend(roster)
    return roster


def _take(roster: Roster, part: Mapping[Pair, float]) -> int:
    """How many pairs were taken: all the sure ones that go together, and the likeliest of the others."""
    sure = sorted(pair for pair, share in part.items() if share >= _SURE)
    doubtful = [pair for pair, share in part.items() if _LIKELY <= share < _SURE]
    likeliest = sorted(doubtful, key=lambda pair: (-round(part[pair], 6), pair))
    empty = sum(roster.empty_seats(s) for s in range(len(roster.at))) - len(sure)
    taken = 0
    for session, person in [*sure, *likeliest[: max(_FEWEST, int(_AT_ONCE * empty))]]:
        if roster.empty_seats(session) > 0 and roster.hindrance(session, person) is None:
            roster.add(session, person)
            taken += 1
    return taken
