"""The fewest people who can do all of some sessions that lie fast in time.

The literature calls it shift minimisation personnel task scheduling. All sessions must be staffed, each by
one qualified person, nobody by two at once; as few people as possible. The way is an ejection search (after
Nagata and Bräysy's for vehicles): take one person out, put that person's sessions back among the others,
pushing out what was easiest to place so far, until every session has found a place.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scheduling.planner.bounds import crowd, largest_crowd

_NO_ONE = -1
_SWAP_AFTER, _SWAP_LATEST = 100, 20_000
"""Insertions without an end after which one person is exchanged for another: soon at first, then seldom."""
_CALMER = 1.25
_TABU = 20
"""How many exchanges long a person exchanged stays in or out."""
_MOVES = 3
"""Random harmless moves after each ejection: they keep the search from going in circles."""
_LOOK_EVERY = 256

Span = tuple[int, int]
"""Start and end, half-open, in any unit of time."""


@dataclass(frozen=True)
class Fewest:
    """Who does what: `by[i]` is the person who does session i.

    No one person can do two sessions of the `crowd`, so at least so many people are needed.
    """

    by: tuple[int, ...]
    crowd: tuple[int, ...]

    @property
    def bound(self) -> int:
        return len(self.crowd)

    @property
    def people(self) -> int:
        return len(set(self.by))

    @property
    def is_optimal(self) -> bool:
        return self.people == self.bound


class NobodyCan(Exception):
    """A session that no person at all is qualified for; `session` is its index."""

    def __init__(self, session: int) -> None:
        super().__init__(f"nobody is qualified for session {session}")
        self.session = session


def fewest_people(
    spans: Sequence[Span],
    qualified: Sequence[Sequence[int]],
    *,
    seed: int,
    out_of_time: Callable[[], bool],
) -> Fewest:
    """Staff all `spans` with as few people as can be found until `out_of_time`.

    `qualified[p]` are the indexes of the sessions person p may do. Raises `NobodyCan` for a session nobody
    may do. Enough people to do all sessions at once must exist; the first answer needs no time limit.
    """
    if not spans:
        return Fewest(by=(), crowd=())
    search = _Search(spans, qualified, seed=seed)
    crowd = largest_crowd(spans, search.apart, seed=seed, out_of_time=out_of_time)
    return Fewest(by=search.run(len(crowd), out_of_time), crowd=tuple(crowd))


@dataclass
class _Search:
    """Sessions held by each person as bits of one integer: a clash is one `and`."""

    spans: Sequence[Span]
    qualified: Sequence[Sequence[int]]
    seed: int
    held: list[int] = field(init=False)
    by: list[int] = field(init=False)
    homeless: list[int] = field(init=False, default_factory=list)
    steps: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        count, people = len(self.spans), len(self.qualified)
        self.random = random.Random(self.seed)  # noqa: S311 - a search, no secret
        self.held, self.by = [0] * people, [_NO_ONE] * count
        self.may = [sum(1 << s for s in set(sessions)) for sessions in self.qualified]
        self.who: list[list[int]] = [[] for _ in self.spans]
        for person, sessions in enumerate(self.qualified):
            for session in sorted(set(sessions)):
                self.who[session].append(person)
        for session, people_who in enumerate(self.who):
            if not people_who:
                raise NobodyCan(session)
        self.clash = crowd(self.spans)
        self.weight = [1] * count
        self.working = [True] * people
        self.rest_until = [0] * people
        self.swapped_at, self.patience = 0, float(_SWAP_AFTER)

    @property
    def apart(self) -> list[int]:
        """By session, as bits: the sessions that no one person can do besides it."""
        everything = (1 << len(self.spans)) - 1
        together = [0] * len(self.spans)
        for person, sessions in enumerate(self.qualified):
            for session in sessions:
                together[session] |= self.may[person]
        return [
            (self.clash[s] | (everything & ~together[s])) & ~(1 << s)
            for s in range(len(self.spans))
        ]

    def run(self, bound: int, out_of_time: Callable[[], bool]) -> tuple[int, ...]:
        self._start()
        best: tuple[int, ...] = ()
        fewest = len(self.held) + 1
        while True:
            if not self.homeless:
                people = self._send_idle_home()
                if people < fewest:
                    fewest, best = people, tuple(self.by)
                    self.patience = _SWAP_AFTER
                if people <= bound:
                    return best
                self._send_home(self._least_skilled())
            if best and self.steps % _LOOK_EVERY == 0 and out_of_time():
                return best
            self._place(self.homeless.pop())
            if self.homeless and self.steps - self.swapped_at >= self.patience:
                self._swap()

    def _start(self) -> None:
        """By time of start, each to somebody who already works, if anybody is free."""
        for session in sorted(range(len(self.spans)), key=lambda s: self.spans[s]):
            free = [p for p in self.who[session] if not self.held[p] & self.clash[session]]
            if free:
                self._give(session, min(free, key=lambda p: (not self.held[p], self._chance())))
            else:
                self.homeless.append(session)

    def _chance(self) -> float:
        return self.random.random()

    def _give(self, session: int, person: int) -> None:
        self.held[person] |= 1 << session
        self.by[session] = person

    def _take_all(self, person: int, which: int) -> None:
        """Take these sessions, given as bits, from the person; they look for a new place."""
        self.held[person] &= ~which
        while which:
            low = which & -which
            session = low.bit_length() - 1
            which ^= low
            self.by[session] = _NO_ONE
            self.homeless.append(session)

    def _weigh(self, which: int, limit: int) -> int:
        """How hard these sessions, given as bits, were to place so far; no further than the limit."""
        total = 0
        while which and total <= limit:
            low = which & -which
            total += self.weight[low.bit_length() - 1]
            which ^= low
        return total

    def _place(self, session: int) -> None:
        """Give the session to whoever loses least by it."""
        self.steps += 1
        person, cost = self._cheapest(session)
        if person == _NO_ONE:
            self.homeless.insert(0, session)
            self._swap(needed=session)
            return
        if cost:
            self.weight[session] += 1
            self._take_all(person, self.held[person] & self.clash[session])
        self._give(session, person)
        if cost:
            self._stir()

    def _cheapest(self, session: int) -> tuple[int, int]:
        clash, held, working = self.clash[session], self.held, self.working
        best, least, ties = _NO_ONE, 1 << 60, 0
        for person in self.who[session]:
            if not working[person]:
                continue
            lost = held[person] & clash
            cost = self._weigh(lost, least) if lost and least else (1 << 60 if lost else 0)
            if cost < least:
                best, least, ties = person, cost, 1
            elif cost == least:
                ties += 1
                if self._chance() * ties < 1:
                    best = person
        return best, least

    def _stir(self) -> None:
        for _ in range(_MOVES):
            session = self.random.randrange(len(self.spans))
            giver = self.by[session]
            if giver == _NO_ONE:
                continue
            taker = self.random.choice(self.who[session])
            if (
                self.working[taker]
                and taker != giver
                and not self.held[taker] & self.clash[session]
            ):
                self.held[giver] ^= 1 << session
                self._give(session, taker)

    def _send_idle_home(self) -> int:
        """Who has nothing does not work; the number of those who do."""
        self.working = [bool(held) for held in self.held]
        return sum(self.working)

    def _least_skilled(self) -> int:
        at_work = [p for p, works in enumerate(self.working) if works]
        return min(at_work, key=lambda p: len(self.qualified[p]) * (1 + 0.3 * self._chance()))

    def _send_home(self, person: int) -> None:
        self._take_all(person, self.held[person])
        self.working[person] = False
        self.random.shuffle(self.homeless)
        self.swapped_at = self.steps

    def _swap(self, *, needed: int = _NO_ONE) -> None:
        """One who could do much of what is left comes in for one whose sessions are easy to place."""
        self.swapped_at = self.steps
        self.patience = min(self.patience * _CALMER, _SWAP_LATEST)
        ready = [p for p in range(len(self.held)) if self.rest_until[p] <= self.steps]
        if needed != _NO_ONE:
            ready = [p for p in ready if p not in self.who[needed]] + self.who[needed]
        left = sum(1 << s for s in set(self.homeless))
        waiting = [
            p
            for p in ready
            if not self.working[p] and (needed == _NO_ONE or self.may[p] >> needed & 1)
        ]
        leaving = [p for p in ready if self.working[p]]
        if not waiting or not leaving:
            return
        comes = max(waiting, key=lambda p: self._weigh(left & self.may[p], 1 << 60) * self._near())
        goes = min(leaving, key=lambda p: self._weigh(self.held[p], 1 << 60) * self._near())
        self.working[comes] = True
        self.rest_until[comes] = self.rest_until[goes] = self.steps + _TABU * int(self.patience)
        self._send_home(goes)

    def _near(self) -> float:
        return 1 + 0.2 * self._chance()
