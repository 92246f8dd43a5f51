"""One run of the planner: a start at once, the bound, what the bound hints at, then better bit by bit."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scheduling.planner import costs, regions, relaxation, search
from scheduling.planner.alone import bound_alone
from scheduling.planner.compiled import Compiled, Pair
from scheduling.planner.dive import dive
from scheduling.planner.formulation import formulate
from scheduling.planner.plan import Plan, Unfilled, pairs_of, unfilled_in
from scheduling.planner.problem import Problem, Session, Weights
from scheduling.planner.relaxation import Relaxed
from scheduling.planner.roster import Roster
from scheduling.planner.search import Budget
from scheduling.planner.start import fill, first_roster

_WORK_PER_SECOND = 0.38
"""Deterministic work per second allowed, never per second left: the clock must not say what is tried. Little
enough that the clock seldom cuts it off."""
_RELAX_SHARE = 0.7
_WHOLE_SHARE = 0.7
_WHOLE = 4_000
"""Up to so many open pairs are solved as a whole."""
_LIKELY = 12
"""So many people for each session are tried, those the relaxed plan finds cheapest; more make the search slow."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known so far; `bound` is None until there is one."""

    seats: int
    filled: int
    objective: int
    bound: int | None
    seconds: float


def nobody_told(progress: Progress) -> None:
    """For runs nobody watches."""


def plan(
    problem: Problem,
    *,
    seconds: float,
    seed: int,
    stop: Callable[[], bool] = lambda: False,
    tell: Callable[[Progress], None] = nobody_told,
) -> Plan:
    """The best plan found in `seconds`; raises `BadProblem` when the parts do not belong together.

    `stop` is asked often; once it says yes, the best so far comes back. `tell` hears of each step.
    """
    started = time.monotonic()
    problem.check()
    parts = regions.split(problem)
    done: list[Plan] = []
    weights = [len(part.options) for part in parts]
    work = seconds * _WORK_PER_SECOND
    for number, part in enumerate(parts):
        share = weights[number] / max(1, sum(weights[number:]))
        run = _Run(
            part,
            seconds=(seconds - (time.monotonic() - started)) * share,
            work=work * share,
            seed=seed,
            stop=stop,
            tell=_adding(done, tell, started),
        )
        run.go()
        work -= run.budget.spent
        done.append(run.answer())
    return merged(problem, done, seconds=time.monotonic() - started)


def plan_region(
    problem: Problem,
    *,
    seconds: float,
    seed: int,
    stop: Callable[[], bool] = lambda: False,
    tell: Callable[[Progress], None] = nobody_told,
) -> Plan:
    """The same for one region; several workers can each take one, and `merged` puts them together."""
    work = seconds * _WORK_PER_SECOND
    run = _Run(problem, seconds=seconds, work=work, seed=seed, stop=stop, tell=tell)
    run.go()
    return run.answer()


class _Run:
    def __init__(
        self,
        problem: Problem,
        *,
        seconds: float,
        work: float,
        seed: int,
        stop: Callable[[], bool],
        tell: Callable[[Progress], None],
    ) -> None:
        self.given = Compiled(problem)
        self.seed, self._tell = seed, tell
        self.budget = Budget(seconds=seconds, work=work, stop=stop)
        self.roster = first_roster(self.given)
        self.bound: int | None = None

    def go(self) -> None:
        self.tell(self.roster)
        worth = pairs = sorted(self.given.price)
        more: dict[Pair, float] = {}
        relaxed = self._relax()
        if relaxed is not None:
            pairs, more = self._likely(relaxed), relaxed.more
            self._dive(relaxed, pairs)
            worth = self._worth(relaxed)
        if len(worth) <= _WHOLE and not self._is_done():
            self._whole(worth)
        elif relaxed is not None and not self._is_done():
            self._tighten(relaxed)
        search.improve(
            self.roster,
            self.budget,
            seed=self.seed,
            bound=self.bound or 0,
            pairs=pairs,
            more=more,
            tell=self.tell,
        )
        fill(self.roster)
        self.tell(self.roster)

    def _is_done(self) -> bool:
        return self.budget.is_over() or self.roster.objective() <= (self.bound or 0)

    def tell(self, roster: Roster) -> None:
        filled = sum(len(people) for people in roster.at)
        seats = sum(session.seats for session in self.given.sessions)
        self._tell(Progress(seats, filled, roster.objective(), self.bound, self.budget.elapsed))

    def _relax(self) -> Relaxed | None:
        """The bound; without time for one, the sum of what each seat costs at least."""
        self.bound = relaxation.least(self.given)
        if self.budget.is_over():
            return None
        formulation = formulate(self.roster, self.given.price)
        seconds = self.budget.seconds_left * _RELAX_SHARE
        relaxed = relaxation.relax(formulation, seconds=seconds, stop=self.budget.stop)
        if relaxed is None:
            self.budget.by_clock = True
            return None
        self.bound = max(self.bound, relaxed.bound)
        self.tell(self.roster)
        return relaxed

    def _likely(self, relaxed: Relaxed) -> list[Pair]:
        """What the search tries: those who are cheapest by the relaxed plan, and whoever it takes."""
        by_session: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for (session, person), more in relaxed.more.items():
            by_session[session].append((more, person))
        chosen = {pair for pair, share in relaxed.part.items() if share > 0}
        for session, people in by_session.items():
            most = _LIKELY * self.given.sessions[session].seats
            chosen |= {(session, person) for _, person in sorted(people)[:most]}
        return sorted(chosen)

    def _dive(self, relaxed: Relaxed, pairs: list[Pair]) -> None:
        found = dive(self.given, relaxed, pairs, self.budget)
        if found.objective() < self.roster.objective():
            self.roster = found
        self.tell(self.roster)

    def _worth(self, relaxed: Relaxed) -> list[Pair]:
        """Pairs that a better plan than this one could have; the others cost more than is to be won."""
        to_win = self.roster.objective() - relaxed.bound
        worth = {pair for pair, more in relaxed.more.items() if more <= to_win}
        return sorted(worth | set(self.roster.pairs()))

    def _whole(self, pairs: list[Pair]) -> None:
        """All that is worth it at once: when it is solved, it is the best there is."""
        work = max(0.0, self.budget.work - self.budget.spent) * _WHOLE_SHARE
        found = search.solve(self.roster, pairs, self.budget, work=work, seed=self.seed)
        if found is not None:
            best = min(found.bound, self.roster.objective())
            self.bound = max(self.bound or 0, best)
        self.tell(self.roster)

    def _tighten(self, relaxed: Relaxed) -> None:
        tighter = bound_alone(relaxed, self.budget)
        self.bound = max(self.bound or 0, tighter or 0)
        self.tell(self.roster)

    def answer(self) -> Plan:
        objective = self.roster.objective()
        return Plan(
            pairs=pairs_of(self.roster),
            objective=objective,
            bound=min(self.bound or 0, objective),
            seconds=self.budget.elapsed,
            is_repeatable=not self.budget.by_clock,
            was_stopped=self.budget.stop(),
            unfilled=unfilled_in(self.roster),
        )


def merged(problem: Problem, parts: Sequence[Plan], *, seconds: float) -> Plan:
    """The plans of the regions as one, with the sessions nobody may take."""
    weights = problem.weights
    possible = {option.session for option in problem.options}
    alone = [s for s in problem.sessions if s.id not in possible and s.seats]
    lost = sum(_empty_points(s, weights) for s in alone)
    unfilled = [one for part in parts for one in part.unfilled]
    unfilled += [Unfilled(s.id, s.seats, ()) for s in alone]
    return Plan(
        pairs=tuple(sorted(pair for part in parts for pair in part.pairs)),
        objective=sum(part.objective for part in parts) + lost,
        bound=sum(part.bound for part in parts) + lost,
        seconds=seconds,
        is_repeatable=all(part.is_repeatable for part in parts),
        was_stopped=any(part.was_stopped for part in parts),
        unfilled=tuple(sorted(unfilled, key=lambda one: one.session)),
    )


def _empty_points(session: Session, weights: Weights) -> int:
    return session.seats * costs.empty_seat(session, weights)


def _adding(
    done: Sequence[Plan], tell: Callable[[Progress], None], started: float
) -> Callable[[Progress], None]:
    """Tells of a region together with those that are done."""

    def both(now: Progress) -> None:
        tell(
            Progress(
                seats=now.seats + sum(p.filled + sum(u.seats for u in p.unfilled) for p in done),
                filled=now.filled + sum(p.filled for p in done),
                objective=now.objective + sum(p.objective for p in done),
                bound=None if now.bound is None else now.bound + sum(p.bound for p in done),
                seconds=time.monotonic() - started,
            )
        )

    return both
