"""Making a plan better bit by bit: a handful of people hand their sessions round, solved exactly, again and again."""

import random
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from scheduling.planner import exact
from scheduling.planner.compiled import Pair
from scheduling.planner.formulation import formulate
from scheduling.planner.roster import Roster
from scheduling.planner.rules import bits

_WORK_EACH = 1.0
_SMALLEST, _FIRST = 4, 10
_GROWS, _SHRINKS = 1.1, 0.8


@dataclass
class Budget:
    """How long a search may go on. `work` is deterministic, so that the same input gives the same plan;
    `seconds` is the clock's and only cuts off what would take too long. `stop` asks whether to give up."""

    seconds: float
    work: float
    stop: Callable[[], bool] = lambda: False
    started: float = field(default_factory=time.monotonic)
    spent: float = 0.0
    by_clock: bool = False
    """The clock ended something: another run may end elsewhere."""

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    @property
    def seconds_left(self) -> float:
        return self.seconds - self.elapsed

    def is_over(self) -> bool:
        if self.seconds_left <= 0 and self.spent < self.work:
            self.by_clock = True
        return self.spent >= self.work or self.seconds_left <= 0 or self.stop()

    def solve(
        self, roster: Roster, free: list[Pair], *, work: float, seed: int
    ) -> exact.Found | None:
        """The best for the free pairs, put into the roster when it is better; None when nothing was found."""
        formulation = formulate(roster, free)
        found = exact.solve(
            formulation,
            work=min(work, self.work - self.spent),
            seconds=self.seconds_left,
            seed=seed,
        )
        self.spent += found.work if found else work
        if found is None:
            return None
        self.by_clock |= found.by_clock
        before = {pair for pair in formulation.column_of if pair[1] in roster.at[pair[0]]}
        for pair in sorted(before - found.pairs):
            roster.remove(*pair)
        for pair in sorted(found.pairs - before):
            roster.add(*pair)
        return found


def improve(
    roster: Roster,
    budget: Budget,
    *,
    seed: int,
    bound: int,
    pairs: AbstractSet[Pair],
    tell: Callable[[Roster], None],
) -> None:
    """Until the budget is spent or the bound is reached; the roster only gets better.

    Only `pairs` are tried besides those the roster has.
    """
    chance = random.Random(seed)  # noqa: S311 - a search, no secret
    near = _near(roster)
    size = float(_FIRST)
    while not budget.is_over() and roster.objective() > bound:
        people = _circle_of(roster, near, int(size), chance)
        free = _pairs_among(roster, people, pairs)
        found = budget.solve(roster, free, work=_WORK_EACH, seed=chance.randrange(1 << 30))
        budget.spent += _OVERHEAD
        solved = found is not None and found.is_best
        size = max(_SMALLEST, min(size * (_GROWS if solved else _SHRINKS), len(roster.held)))
        tell(roster)


_OVERHEAD = 0.02
"""Work that building a part takes: it is not counted by the solver."""


def _near(roster: Roster) -> list[list[int]]:
    """By person, the others with whom most sessions could be exchanged, the closest first."""
    may = roster.given.may
    return [
        sorted(
            (q for q in range(len(may)) if q != p and may[p] & may[q]),
            key=lambda q, p=p: (-(may[p] & may[q]).bit_count(), q),  # type: ignore[misc]
        )
        for p in range(len(may))
    ]


def _circle_of(
    roster: Roster, near: list[list[int]], size: int, chance: random.Random
) -> list[int]:
    """Somebody and some of those who could take over from them, or who could fill an empty seat."""
    empty = [s for s in range(len(roster.at)) if roster.empty_seats(s) > 0 and roster.given.who[s]]
    if empty and chance.random() < 0.3:
        first = chance.choice(roster.given.who[chance.choice(empty)])
    else:
        first = chance.randrange(len(near))
    others = near[first][: size * 3]
    return [first, *chance.sample(others, min(len(others), size - 1))]


def _pairs_among(roster: Roster, people: list[int], pairs: AbstractSet[Pair]) -> list[Pair]:
    sessions = 0
    for person in people:
        sessions |= roster.held[person]
    for session in range(len(roster.at)):
        if roster.empty_seats(session) > 0:
            sessions |= 1 << session
    return [
        (s, p)
        for p in people
        for s in bits(sessions & roster.given.may[p])
        if (s, p) in pairs or roster.held[p] >> s & 1
    ]
