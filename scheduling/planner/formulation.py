"""The problem, or a part of it, as columns and rows: one formulation for the exact search and for the bound."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from scheduling.planner import costs, rules
from scheduling.planner.compiled import Pair
from scheduling.planner.roster import Roster


@dataclass(frozen=True, slots=True)
class Row:
    """`low <= sum of coefficient * column <= high`."""

    low: int
    high: int
    columns: list[int]
    coefficients: list[int]


@dataclass
class Formulation:
    """Columns run from 0 to `upper`, whole numbers; the sum of `cost` and `offset` is to be small."""

    upper: list[int] = field(default_factory=list)
    cost: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    offset: int = 0
    column_of: dict[Pair, int] = field(default_factory=dict)
    empty_of: dict[int, int] = field(default_factory=dict)
    """By session, the column of its seats that stay empty."""
    rows_of: dict[int, list[Row]] = field(default_factory=dict)
    """By person, the rows in which nobody else has a column; all others are of one session's seats."""
    start: list[int] = field(default_factory=list)
    """A value for each column that fits all rows: the roster as it is."""

    def column(self, upper: int, cost: int, start: int) -> int:
        self.upper.append(upper)
        self.cost.append(cost)
        self.start.append(start)
        return len(self.upper) - 1

    def row(
        self, low: int, high: int, columns: list[int], coefficients: list[int] | None = None
    ) -> None:
        self.rows.append(Row(low, high, columns, coefficients or [1] * len(columns)))


def formulate(roster: Roster, free: Iterable[Pair]) -> Formulation:
    """Only the `free` pairs may change; what the roster holds besides stays and takes its room."""
    return _Writer(roster, sorted(set(free) - roster.given.pinned)).write()


class _Writer:
    def __init__(self, roster: Roster, free: list[Pair]) -> None:
        self.roster, self.given = roster, roster.given
        self.out = Formulation()
        is_free = set(free)
        held = set(roster.pairs())
        self.fixed = Roster(self.given)
        for session, person in sorted(held - is_free):
            self.fixed.add(session, person)
        self.held = held & is_free
        self.free = [pair for pair in free if pair in self.held or self._is_possible(pair)]
        self.mine: dict[int, int] = defaultdict(int)
        self.theirs: dict[int, list[Pair]] = defaultdict(list)
        for pair in self.free:
            self.mine[pair[1]] |= 1 << pair[0]
            self.theirs[pair[1]].append(pair)

    def _is_possible(self, pair: Pair) -> bool:
        return self.fixed.hindrance(*pair) is None

    def write(self) -> Formulation:
        moved = costs.moved(self.given.problem.weights)
        for pair in self.free:
            price = self.given.price[pair]
            if pair in self.given.current:
                price -= moved
            self.out.column_of[pair] = self.out.column(1, price, int(pair in self.held))
        self._seats()
        for person in sorted(self.theirs):
            before = len(self.out.rows)
            self._one_at_a_time(person)
            self._limits(person)
            self._load(person)
            self._faces(person)
            self._haste(person)
            self.out.rows_of[person] = self.out.rows[before:]
        now = sum(c * v for c, v in zip(self.out.cost, self.out.start, strict=True))
        self.out.offset = self.roster.objective() - now
        return self.out

    def _of(self, pairs: Iterable[Pair]) -> list[int]:
        return [self.out.column_of[pair] for pair in pairs]

    def _seats(self) -> None:
        by_session: dict[int, list[Pair]] = defaultdict(list)
        for pair in self.free:
            by_session[pair[0]].append(pair)
        for session, pairs in by_session.items():
            room = self.fixed.empty_seats(session)
            left = self.roster.empty_seats(session)
            empty = self.out.column(room, self.given.empty[session], left)
            self.out.empty_of[session] = empty
            self.out.row(room, room, [*self._of(pairs), empty])

    def _one_at_a_time(self, person: int) -> None:
        for clique in rules.cliques(self.mine[person], self.given.clash_of(person)):
            self.out.row(0, 1, self._of((s, person) for s in clique))

    def _limits(self, person: int) -> None:
        sessions = self.given.sessions
        weeks: dict[int, list[Pair]] = defaultdict(list)
        months: dict[int, list[Pair]] = defaultdict(list)
        for pair in self.theirs[person]:
            weeks[sessions[pair[0]].week].append(pair)
            months[sessions[pair[0]].month].append(pair)
        for week, left in self.given.week_left[person].items():
            minutes = [sessions[s].minutes for s, _ in weeks[week]]
            self._at_most(left - self.fixed.week[person][week], weeks[week], minutes)
        for month, left in self.given.month_left[person].items():
            pairs = months[month]
            self._at_most(left - self.fixed.month[person][month], pairs, [1] * len(pairs))

    def _at_most(self, room: int, pairs: list[Pair], each: list[int]) -> None:
        """In whole units of what all have in common: fractions of one are room for nobody."""
        if pairs and sum(each) > room:
            unit = math.gcd(*each)
            self.out.row(0, room // unit, self._of(pairs), [one // unit for one in each])

    def _load(self, person: int) -> None:
        """The load is the sum of its steps; the cheap ones fill first by themselves."""
        grain, pairs = self.given.grain[person], self.theirs[person]
        skip = self.fixed.load[person] // grain
        now = self.roster.load[person] // grain - skip
        lengths = [self.given.length[s] // grain for s, _ in pairs]
        room = sum(lengths)
        columns = []
        for step in self.given.grains[person]:
            width = min(max(0, step.quarters - skip), room)
            skip = max(0, skip - step.quarters)
            if width:
                columns.append(self.out.column(width, step.each, min(width, now)))
                room, now = room - width, now - min(width, now)
        if columns:
            self.out.row(0, 0, [*self._of(pairs), *columns], [*lengths, *([-1] * len(columns))])

    def _faces(self, person: int) -> None:
        points = self.given.new_face
        meeting: dict[int, list[Pair]] = defaultdict(list)
        for pair in self.theirs[person]:
            series = self.given.sessions[pair[0]].series
            if points and series is not None and not self.fixed.faces[series, person]:
                meeting[series].append(pair)
        for series, pairs in sorted(meeting.items()):
            face = self.out.column(1, points, int(self.roster.faces[series, person] > 0))
            for pair in pairs:
                self.out.row(0, 1, [face, self.out.column_of[pair]], [1, -1])

    def _haste(self, person: int) -> None:
        each = costs.too_soon(self.given.problem.weights)
        if not each:
            return
        for as_bits in self.given.run_bits:
            pairs = [(s, person) for s in rules.bits(as_bits & self.mine[person])]
            before = (self.fixed.held[person] & as_bits).bit_count()
            most = before + len(pairs) - 1
            if not pairs or most <= 0:
                continue
            over = max(0, (self.roster.held[person] & as_bits).bit_count() - 1)
            if before:  # each more is one too many
                for pair in pairs:
                    self.out.cost[self.out.column_of[pair]] += each
                continue
            extra = self.out.column(most, each, over)
            self.out.row(-1, len(pairs), [extra, *self._of(pairs)], [1, *([-1] * len(pairs))])
