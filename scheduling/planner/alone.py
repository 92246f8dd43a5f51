"""The bound made tighter: what each person alone would take, if every filled seat were paid what it is worth.

Once seats are paid for, people no longer depend on each other (Lagrange), and each is solved exactly, in whole
sessions: more than the relaxation knows, which gives everybody fractions. Any pay makes a true bound.
"""

import math
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

from scheduling.planner.formulation import Formulation
from scheduling.planner.relaxation import Relaxed
from scheduling.planner.search import SIDE_BY_SIDE, Budget

_SCALE = 1000
"""Points are counted in thousandths, so that pay is whole and sums are exact."""
_NEAR = 400
"""Points. What costs more than this beyond the relaxed plan is left out, and the person's part is then not
taken for more than the relaxed plan's and this."""
_ROUNDED = 1
"""Points by which the relaxed plan's part of one person may be wrong, with much to spare."""
_WORK_EACH = 0.1
_SHARE = 0.4
"""Of the time that is left: what can be found with the rest is worth more than a bound."""


def bound_alone(relaxed: Relaxed, budget: Budget) -> int | None:
    """No plan has fewer points than this. None when the time was too short, or somebody said stop."""
    alone = _Alone(relaxed, budget)
    people = list(relaxed.formulation.rows_of)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        least = list(pool.map(alone.least, people))
    known = [points for points in least if points is not None]
    return alone.total(sum(known)) if len(known) == len(people) else None


class _Alone:
    """All in thousandths of points."""

    def __init__(self, relaxed: Relaxed, budget: Budget) -> None:
        self.relaxed, self.whole, self.budget = relaxed, relaxed.formulation, budget
        self.until = budget.elapsed + _SHARE * budget.seconds_left
        self.pay = {s: round(_SCALE * relaxed.worth(s)) for s in self.whole.empty_of}
        self.cost = [_SCALE * cost for cost in self.whole.cost]
        self.mine: dict[int, list[int]] = defaultdict(list)
        for (session, person), column in self.whole.column_of.items():
            self.cost[column] -= self.pay[session]
            self.mine[person].append(column)

    def least(self, person: int) -> int | None:
        """What is best for this person costs at least so much, the pay taken off."""
        if self.budget.elapsed > self.until:
            self.budget.by_clock = True
            return None
        if self.budget.is_over():
            return None
        mine = {column for row in self.whole.rows_of[person] for column in row.columns}
        mine.update(self.mine[person])
        near = [column for column in sorted(mine) if self.relaxed.reduced[column] <= _NEAR]
        found = self.budget.solve(self._part(person, near), work=_WORK_EACH, seed=0)
        if found is None:
            return None
        if len(near) == len(mine):
            return found.bound
        relaxed = sum(self.cost[column] * self.relaxed.values[column] for column in mine)
        return min(found.bound, math.floor(relaxed) + _SCALE * (_NEAR - _ROUNDED))

    def _part(self, person: int, columns: list[int]) -> Formulation:
        part, at = Formulation(), dict[int, int]()
        for column in columns:
            at[column] = part.column(self.whole.upper[column], self.cost[column], 0)
        for row in self.whole.rows_of[person]:
            both = zip(row.columns, row.coefficients, strict=True)
            kept = [(at[column], each) for column, each in both if column in at]
            if kept:
                part.row(row.low, row.high, [c for c, _ in kept], [each for _, each in kept])
        return part

    def total(self, least: int) -> int:
        """All that is paid, and what people make of it; whole points."""
        empty = self.whole.empty_of.items()
        paid = sum(self.pay[session] * self.whole.upper[column] for session, column in empty)
        return -(-(_SCALE * self.whole.offset + paid + least) // _SCALE)
