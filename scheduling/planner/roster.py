"""A plan while it is being made: who holds what, what can be added, what a step costs."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

from scheduling.planner import costs
from scheduling.planner.compiled import Compiled, Pair


class Why(StrEnum):
    """Why somebody who may take a session does not take one of its empty seats."""

    HAS_IT = "has_it"
    BUSY = "busy"
    """Has something else in this plan at that time, or too little time to travel or rest."""
    WEEK_FULL = "week_full"
    MONTH_FULL = "month_full"
    TOO_DEAR = "too_dear"
    """Nothing hinders; the weights say: rather an empty seat."""


@dataclass
class Roster:
    """`held[p]` are the sessions of person p, as bits; `at[s]` the people of session s."""

    given: Compiled
    held: list[int] = field(init=False)
    at: list[set[int]] = field(init=False)

    def __post_init__(self) -> None:
        people = len(self.given.people)
        self.held = [0] * people
        self.at = [set() for _ in self.given.sessions]
        self.load = [0] * people
        self.week: list[Counter[int]] = [Counter() for _ in range(people)]
        self.month: list[Counter[int]] = [Counter() for _ in range(people)]
        self.faces: dict[Pair, int] = defaultdict(int)
        """How often by series id and person."""

    def pairs(self) -> list[Pair]:
        return [(s, p) for s, people in enumerate(self.at) for p in sorted(people)]

    def empty_seats(self, session: int) -> int:
        return self.given.sessions[session].seats - len(self.at[session])

    def add(self, session: int, person: int) -> None:
        self._count(session, person, 1)
        self.held[person] |= 1 << session
        self.at[session].add(person)

    def remove(self, session: int, person: int) -> None:
        self._count(session, person, -1)
        self.held[person] ^= 1 << session
        self.at[session].discard(person)

    def _count(self, session: int, person: int, sign: int) -> None:
        given = self.given.sessions[session]
        self.load[person] += sign * self.given.length[session]
        self.week[person][given.week] += sign * given.minutes
        self.month[person][given.month] += sign
        if given.series is not None:
            self.faces[given.series, person] += sign

    def hindrance(self, session: int, person: int) -> Why | None:
        """The first thing that keeps a person who may take it from taking it as well, None if nothing."""
        if self.held[person] >> session & 1:
            return Why.HAS_IT
        if self.held[person] & self.given.clash_of(person)[session]:
            return Why.BUSY
        one = self.given.sessions[session]
        left = self.given.week_left[person].get(one.week)
        if left is not None and self.week[person][one.week] + one.minutes > left:
            return Why.WEEK_FULL
        left = self.given.month_left[person].get(one.month)
        if left is not None and self.month[person][one.month] >= left:
            return Why.MONTH_FULL
        return None

    def price_of(self, session: int, person: int) -> int:
        """Points that giving the session to the person adds, the seat itself not counted."""
        points = self.given.price[session, person]
        if (session, person) in self.given.current:
            points -= costs.moved(self.given.problem.weights)
        points += self._load_price(person, self.load[person], self.given.length[session])
        series = self.given.sessions[session].series
        if series is not None and not self.faces[series, person]:
            points += self.given.new_face
        return points + self._haste(session, person)

    def _load_price(self, person: int, done: int, more: int) -> int:
        """Points of so many quarters beyond those done."""
        points = 0
        for step in self.given.steps[person]:
            if done >= step.quarters:
                done -= step.quarters
                continue
            taken = min(step.quarters - done, more)
            points, more, done = points + taken * step.each, more - taken, 0
            if not more:
                break
        return points

    def _haste(self, session: int, person: int) -> int:
        if not self.given.sessions[session].is_heavy:
            return 0
        each = costs.too_soon(self.given.problem.weights)
        run_of = self.given.heavy_bits
        return each * sum(1 for run in run_of[session] if self.held[person] & run)

    def objective(self) -> int:
        """The plan's points, from nothing: what the search makes small."""
        given = self.given
        empty = sum(self.empty_seats(s) * given.empty[s] for s in range(len(given.sessions)))
        singly = sum(given.price[pair] for pair in self.pairs())
        lost = [pair for pair in given.current if pair[1] not in self.at[pair[0]]]
        load = sum(self._load_price(p, 0, whole) for p, whole in enumerate(self.load))
        return (
            empty
            + singly
            + load
            + costs.moved(given.problem.weights) * len(lost)
            + self._new_faces()
            + self._too_soon()
        )

    def _new_faces(self) -> int:
        return self.given.new_face * sum(1 for times in self.faces.values() if times)

    def _too_soon(self) -> int:
        each = costs.too_soon(self.given.problem.weights)
        runs = self.given.run_bits
        over = sum(max(0, (held & run).bit_count() - 1) for held in self.held for run in runs)
        return each * over
