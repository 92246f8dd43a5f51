"""What each choice costs, in points. Small whole numbers, so that every plan's sum is exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from scheduling.planner.problem import Option, Person, Session, Weights

QUARTER = 15
"""Load is counted in quarters of an hour, begun ones whole."""

_EMPTY_SEAT = 10_000
_KM = 10
_NOT_WISHED = 400
_OVERDUE = 400
_STRANGER = 150
_NEW_IN_SERIES = 600
_TOO_SOON = 300
_MOVED = 2_000
_FULLNESS = 100
"""Points of a quarter for a person who already does exactly what was agreed, by weight."""
_STEPS = 12
"""Into how many steps what was agreed is cut: the fuller, the dearer the next step."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of a person's load, in quarters, and what each quarter of it costs."""

    quarters: int
    each: int


def quarters(minutes: int) -> int:
    return -(-minutes // QUARTER)


def empty_seat(session: Session, weights: Weights) -> int:
    return _EMPTY_SEAT * weights.fill * session.priority


def option(choice: Option, weights: Weights, *, is_familiar: bool) -> int:
    """What giving this session to this person costs by itself, whatever else is planned."""
    points = weights.distance * _KM * choice.km
    if not choice.is_wished:
        points += weights.wishes * _NOT_WISHED
    if choice.is_supervision_overdue:
        points += weights.supervision * _OVERDUE
    if not is_familiar:
        points += weights.continuity * _STRANGER
    return points


def moved(weights: Weights) -> int:
    """Taking a session from somebody it was already promised to."""
    return weights.change * _MOVED


def new_in_series(weights: Weights) -> int:
    """One more person in a series: once for each."""
    return weights.continuity * _NEW_IN_SERIES


def too_soon(weights: Weights) -> int:
    """Each heavy session beyond one on two days that follow each other."""
    return weights.gap * _TOO_SOON


def load_steps(person: Person, weights: Weights, most: int) -> list[Step]:
    """Convex steps for up to `most` quarters more than the person already does.

    The price of a quarter grows in line with how much of what was agreed is full, so that a sum of least
    points is an even share against what each agreed.
    """
    agreed = quarters(person.agreed_minutes)
    width = max(1, -(-agreed // _STEPS))
    done = quarters(person.minutes_before)
    steps: list[Step] = []
    while most > 0:
        upto = (done // width + 1) * width
        stretch = min(upto - done, most)
        middle = (upto - width / 2) / agreed
        steps.append(Step(stretch, round(weights.share * _FULLNESS * middle)))
        done, most = done + stretch, most - stretch
    return steps


def coarse(steps: Sequence[Step], grain: int) -> list[Step]:
    """The same prices for `grain` quarters at a time, in steps of so many grains."""
    prices = [step.each for step in steps for _ in range(step.quarters)]
    prices += prices[-1:] * (-len(prices) % grain)
    each = [sum(prices[at : at + grain]) for at in range(0, len(prices), grain)]
    return [Step(len(list(alike)), price) for price, alike in groupby(each)]
