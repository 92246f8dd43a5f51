"""Making a plan better bit by bit: a handful of people hand their sessions round, solved exactly, again and again.

Two handfuls that share nobody are solved side by side: what is best for each is best for both, in whichever
order they end, so that two cores give the same plan as one.
"""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field

from scheduling.planner import exact
from scheduling.planner.compiled import Pair
from scheduling.planner.formulation import Formulation, formulate
from scheduling.planner.roster import Roster
from scheduling.planner.rules import bits

SIDE_BY_SIDE = 2
_WORK_EACH = 0.4
_SMALLEST, _FIRST = 4, 10
_GROWS, _SHRINKS = 1.1, 0.8
_REACH = 3
"""A handful is drawn from so many times as many of those who are near."""
_OVERHEAD = 0.02
"""Work that building a part takes: it is not counted by the solver."""
_FILLS = 0.3
"""How often a handful begins with somebody who could fill an empty seat."""


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

    def solve(self, formulation: Formulation, *, work: float, seed: int) -> exact.Found | None:
        """The best for the columns within `work` and what is left; what it took is not yet spent."""
        return exact.solve(
            formulation,
            work=min(work, self.work - self.spent),
            seconds=self.seconds_left,
            seed=seed,
            stop=self.stop,
        )

    def take(self, found: exact.Found | None, *, work: float) -> None:
        """Spend what a search took, or all of `work` when nothing was found."""
        self.spent += found.work if found else work
        self.by_clock |= found is not None and found.by_clock


def solve(
    roster: Roster, free: Iterable[Pair], budget: Budget, *, work: float, seed: int
) -> exact.Found | None:
    """The best for the free pairs, put into the roster when it is better; None when nothing was found."""
    formulation = formulate(roster, free)
    found = budget.solve(formulation, work=work, seed=seed)
    budget.take(found, work=work)
    _put(roster, formulation, found)
    return found


def _put(roster: Roster, formulation: Formulation, found: exact.Found | None) -> None:
    if found is None:
        return
    before = {pair for pair in formulation.column_of if pair[1] in roster.at[pair[0]]}
    for pair in sorted(before - found.pairs):
        roster.remove(*pair)
    for pair in sorted(found.pairs - before):
        roster.add(*pair)


def improve(
    roster: Roster,
    budget: Budget,
    *,
    seed: int,
    bound: int,
    pairs: Sequence[Pair],
    more: Mapping[Pair, float],
    tell: Callable[[Roster], None],
) -> None:
    """Until the budget is spent or the bound is reached; the roster only gets better.

    Only `pairs` are tried besides those the roster has. `more`: by how much a pair costs more than the
    relaxed plan would pay; who holds such pairs is looked at more often.
    """
    circles = _Circles(roster, pairs, more, random.Random(seed))  # noqa: S311 - a search, no secret
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        while not budget.is_over() and roster.objective() > bound:
            circles.learn(_side_by_side(roster, circles, budget, pool))
            tell(roster)


def _side_by_side(
    roster: Roster, circles: "_Circles", budget: Budget, pool: Executor
) -> list[exact.Found | None]:
    parts = [formulate(roster, free) for free in circles.draw()]
    seeds = [circles.chance.randrange(1 << 30) for _ in parts]
    solved = list(
        pool.map(lambda part, seed: budget.solve(part, work=_WORK_EACH, seed=seed), parts, seeds)
    )
    for part, found in zip(parts, solved, strict=True):
        budget.take(found, work=_WORK_EACH)
        budget.spent += _OVERHEAD
        _put(roster, part, found)
    return solved


class _Circles:
    """Who hands sessions round: drawn by chance, from those who could take over from each other."""

    def __init__(
        self,
        roster: Roster,
        pairs: Sequence[Pair],
        more: Mapping[Pair, float],
        chance: random.Random,
    ) -> None:
        self.roster, self.more, self.chance = roster, more, chance
        self.may = list(roster.held)
        for session, person in pairs:
            self.may[person] |= 1 << session
        self.near = [self._near(person) for person in range(len(self.may))]
        self.size = float(_FIRST)

    def _near(self, person: int) -> list[int]:
        """The others with whom most sessions could be exchanged, the closest first."""
        mine = self.may[person]
        common = [(-(mine & theirs).bit_count(), q) for q, theirs in enumerate(self.may)]
        return [q for much, q in sorted(common) if much and q != person]

    def learn(self, solved: Sequence[exact.Found | None]) -> None:
        """Larger circles while they are solved to the end, smaller ones when not."""
        for found in solved:
            is_best = found is not None and found.is_best
            self.size *= _GROWS if is_best else _SHRINKS
        self.size = max(_SMALLEST, min(self.size, len(self.may)))

    def draw(self) -> list[list[Pair]]:
        """Free pairs of some circles that share nobody; only the first may fill empty seats."""
        dear = [1 + self._too_dear(person) for person in range(len(self.may))]
        at = self.roster.at
        empty = [s for s in range(len(at)) if self.roster.empty_seats(s) > 0]
        fillers = [p for s in empty for p in self.roster.given.who[s]]
        drawn: set[int] = set()
        circles: list[list[Pair]] = []
        for number in range(SIDE_BY_SIDE):
            people = self._circle(dear, [] if number else fillers, drawn)
            drawn.update(people)
            seats = 0 if number else sum(1 << session for session in empty)
            circles.append(self._pairs_among(people, seats))
        return [circle for circle in circles if circle]

    def _too_dear(self, person: int) -> float:
        held = bits(self.roster.held[person])
        return sum(max(0.0, self.more.get((session, person), 0.0)) for session in held)

    def _circle(self, dear: list[float], fillers: list[int], drawn: set[int]) -> list[int]:
        people = [person for person in range(len(dear)) if person not in drawn]
        if not people:
            return []
        if fillers and self.chance.random() < _FILLS:
            first = self.chance.choice(fillers)
        else:
            first = self.chance.choices(people, [dear[person] for person in people])[0]
        others = [q for q in self.near[first][: int(self.size) * _REACH] if q not in drawn]
        order = sorted(others, key=lambda q: self.chance.random() ** (1 / dear[q]), reverse=True)
        return [first, *order[: int(self.size) - 1]]

    def _pairs_among(self, people: list[int], seats: int) -> list[Pair]:
        """The sessions the people hold, and those with these empty seats, for each of them who may."""
        for person in people:
            seats |= self.roster.held[person]
        return [(s, p) for p in people for s in bits(seats & (self.may[p] | self.roster.held[p]))]
