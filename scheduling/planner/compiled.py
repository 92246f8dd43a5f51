"""The problem by index: sets as bits, prices worked out once. What every part of the search reads."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scheduling.planner import costs, rules
from scheduling.planner.costs import Step
from scheduling.planner.problem import Person, Problem, Session

Pair = tuple[int, int]
"""A session's index and a person's."""


@dataclass
class Compiled:
    """Sessions and people by index, in the order of their ids, so that the input's order changes nothing."""

    problem: Problem
    sessions: list[Session] = field(init=False)
    people: list[Person] = field(init=False)
    price: dict[Pair, int] = field(init=False)
    """What each possible pair costs by itself; a pair that is not here is impossible."""
    pinned: frozenset[Pair] = field(init=False)
    current: frozenset[Pair] = field(init=False)

    def __post_init__(self) -> None:
        self.problem.check()
        self.sessions = sorted(self.problem.sessions, key=lambda s: s.id)
        self.people = sorted(self.problem.people, key=lambda p: p.id)
        self._session_at = {s.id: i for i, s in enumerate(self.sessions)}
        self._person_at = {p.id: i for i, p in enumerate(self.people)}
        weights = self.problem.weights
        unit_of = {s.id: s.unit for s in self.sessions}
        familiar = self.problem.familiar
        self.price = {
            self.pair(o.session, o.person): costs.option(
                o, weights, is_familiar=(o.person, unit_of[o.session]) in familiar
            )
            for o in sorted(self.problem.options, key=lambda o: (o.session, o.person))
        }
        self.pinned = frozenset(self.pair(*pair) for pair in self.problem.pinned)
        self.current = frozenset(self.pair(*pair) for pair in self.problem.current)
        self.who: list[list[int]] = [[] for _ in self.sessions]
        self.may = [0] * len(self.people)
        for session, person in self.price:
            self.who[session].append(person)
            self.may[person] |= 1 << session

    def pair(self, session_id: int, person_id: int) -> Pair:
        return self._session_at[session_id], self._person_at[person_id]

    @cached_property
    def length(self) -> list[int]:
        """Quarters of an hour, by session."""
        return [costs.quarters(s.minutes) for s in self.sessions]

    @cached_property
    def empty(self) -> list[int]:
        """Points of each seat left empty, by session."""
        return [costs.empty_seat(s, self.problem.weights) for s in self.sessions]

    @cached_property
    def clash(self) -> list[int]:
        return rules.clashes(self.sessions, self.problem.travel)

    @cached_property
    def _close(self) -> dict[int, list[int]]:
        wanted = sorted({p.rest_minutes for p in self.people if p.rest_minutes})
        return {
            rest: [
                a | b for a, b in zip(self.clash, rules.too_close(self.sessions, rest), strict=True)
            ]
            for rest in wanted
        }

    def clash_of(self, person: int) -> list[int]:
        """By session, the others this person cannot do besides it."""
        return self._close.get(self.people[person].rest_minutes, self.clash)

    @cached_property
    def new_face(self) -> int:
        """Points of each further person in a series."""
        return costs.new_in_series(self.problem.weights)

    @cached_property
    def steps(self) -> list[list[Step]]:
        """By person, the stretches of load from what the person does already."""
        weights = self.problem.weights
        return [
            costs.load_steps(person, weights, self._most(index)) if weights.share else []
            for index, person in enumerate(self.people)
        ]

    def _most(self, person: int) -> int:
        """Quarters the person could be planned for, rather too many than too few.

        The limits hold for all but what is pinned.
        """
        weeks: dict[int, list[int]] = defaultdict(list)
        months: dict[int, list[int]] = defaultdict(list)
        for session in rules.bits(self.may[person]):
            weeks[self.sessions[session].week].append(self.length[session])
            months[self.sessions[session].month].append(self.length[session])
        by_week = by_month = 0
        for week, lengths in weeks.items():
            left = self.week_left[person].get(week)
            room = sum(lengths) if left is None else left // costs.QUARTER + len(lengths)
            by_week += min(sum(lengths), room)
        for month, lengths in months.items():
            by_month += sum(sorted(lengths, reverse=True)[: self.month_left[person].get(month)])
        return min(by_week, by_month) + self._pinned_load[person]

    @cached_property
    def _pinned_load(self) -> Counter[int]:
        """By person, the quarters that are pinned."""
        load: Counter[int] = Counter()
        for session, person in self.pinned:
            load[person] += self.length[session]
        return load

    @cached_property
    def grain(self) -> list[int]:
        """By person, the quarters that every length the person could do is a multiple of."""
        return [math.gcd(*(self.length[s] for s in rules.bits(may))) or 1 for may in self.may]

    @cached_property
    def grains(self) -> list[list[Step]]:
        """The steps by grains: a load is whole grains, and between two of them nothing is to be won."""
        return [costs.coarse(*both) for both in zip(self.steps, self.grain, strict=True)]

    @cached_property
    def week_left(self) -> list[dict[int, int]]:
        """By person, minutes left in each week where there is a limit that could be reached."""
        return [
            self._left(p, "week", person.week_minutes, person.week_used)
            for p, person in enumerate(self.people)
        ]

    @cached_property
    def month_left(self) -> list[dict[int, int]]:
        """By person, sessions left in each month, likewise."""
        return [
            self._left(p, "month", person.month_sessions, person.month_used)
            for p, person in enumerate(self.people)
        ]

    def _left(
        self, person: int, key: str, most: int | None, used: Mapping[int, int]
    ) -> dict[int, int]:
        if most is None:
            return {}
        asked: dict[int, int] = defaultdict(int)
        for index in rules.bits(self.may[person]):
            session = self.sessions[index]
            asked[getattr(session, key)] += session.minutes if key == "week" else 1
        left = {at: max(0, most - used.get(at, 0)) for at in asked}
        return {at: room for at, room in left.items() if room < asked[at]}

    @cached_property
    def heavy_runs(self) -> list[list[int]]:
        """Heavy sessions that start on one day or the next, for each first day; two or more of them."""
        by_day: dict[int, list[int]] = defaultdict(list)
        for index, session in enumerate(self.sessions):
            if session.is_heavy:
                by_day[session.first_day].append(index)
        runs = [by_day[day] + by_day.get(day + 1, []) for day in sorted(by_day)]
        return [run for run in runs if len(run) > 1]

    @cached_property
    def run_bits(self) -> list[int]:
        """The heavy runs, each as bits."""
        return [sum(1 << session for session in run) for run in self.heavy_runs]

    @cached_property
    def heavy_bits(self) -> list[list[int]]:
        """By session, the heavy runs it belongs to, each as bits."""
        found: list[list[int]] = [[] for _ in self.sessions]
        for run, as_bits in zip(self.heavy_runs, self.run_bits, strict=True):
            for session in run:
                found[session].append(as_bits)
        return found
