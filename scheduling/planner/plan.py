"""What the planner answers."""

from dataclasses import dataclass

from scheduling.planner.compiled import Compiled
from scheduling.planner.roster import Roster, Why


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Seats the plan leaves empty. Without `why` nobody may take the session at all."""

    session: int
    seats: int
    why: tuple[tuple[int, Why], ...]
    """Every person who may take it, by id, and what speaks against it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Pairs of session and person id, sorted. No plan has fewer points than `bound`."""

    pairs: tuple[tuple[int, int], ...]
    objective: int
    bound: int
    seconds: float
    is_repeatable: bool
    """Whether the same input and seed give the same plan again: the clock cut nothing short."""
    was_stopped: bool
    unfilled: tuple[Unfilled, ...]

    @property
    def filled(self) -> int:
        return len(self.pairs)

    @property
    def gap(self) -> float:
        """How much more the plan costs than the bound, as a part of the bound; 0 is proven best."""
        return (self.objective - self.bound) / max(1, self.bound)


def pairs_of(roster: Roster) -> tuple[tuple[int, int], ...]:
    given = roster.given
    return tuple((given.sessions[s].id, given.people[p].id) for s, p in roster.pairs())


def unfilled_in(roster: Roster) -> tuple[Unfilled, ...]:
    """The empty seats with every person's reason, true of the roster as it stands."""
    given = roster.given
    return tuple(
        Unfilled(session.id, roster.empty_seats(at), _why(roster, given, at))
        for at, session in enumerate(given.sessions)
        if roster.empty_seats(at) > 0
    )


def _why(roster: Roster, given: Compiled, session: int) -> tuple[tuple[int, Why], ...]:
    return tuple(
        (given.people[person].id, roster.hindrance(session, person) or Why.TOO_DEAR)
        for person in given.who[session]
    )
