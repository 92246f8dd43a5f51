"""What the planner is asked: people, sessions with seats, who may take what, what is fixed, the weights.

Plain values only: no database, no clock. Times are whole minutes of UTC since an epoch of the caller's;
days, weeks and months are keys counted in the session's own zone, so the planner needs no calendar.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, TypeVar

Point = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees."""

_NOTHING: Mapping[int, int] = MappingProxyType({})


class BadProblem(ValueError):
    """What was given cannot be planned; `code` says what is wrong with it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Person:
    """One who may be given sessions.

    `agreed_minutes`: what was agreed for the whole period; the even share is counted against it.
    `minutes_before`: what the person already does in the period outside this problem.
    `week_minutes`, `month_sessions`: the most a week and a month, None when nothing was agreed; the
    mappings say what of it is used up outside this problem, by week and month key.
    `rest_minutes`: the least time between the sessions of two days, 0 when the person asks for none.
    """

    id: int
    agreed_minutes: int
    minutes_before: int = 0
    week_minutes: int | None = None
    month_sessions: int | None = None
    week_used: Mapping[int, int] = field(default_factory=lambda: _NOTHING)
    month_used: Mapping[int, int] = field(default_factory=lambda: _NOTHING)
    rest_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """Some seats at one time and place. Half-open; `first_day` and `last_day` are local day numbers."""

    id: int
    starts: int
    ends: int
    first_day: int
    last_day: int
    week: int
    month: int
    unit: int
    seats: int = 1
    priority: int = 1
    series: int | None = None
    site: int | None = None
    point: Point | None = None
    is_heavy: bool = False

    @property
    def minutes(self) -> int:
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class Option:
    """A person who may take a session: no reason speaks against it but those the planner weighs."""

    session: int
    person: int
    km: int = 0
    is_wished: bool = True
    """False where the series names preferred people and this is none of them."""
    is_supervision_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each wish counts, 0 (not at all) to 10; a filled seat is always worth something."""

    fill: int = 10
    share: int = 3
    continuity: int = 3
    distance: int = 2
    wishes: int = 3
    supervision: int = 3
    gap: int = 2
    change: int = 5

    HIGHEST: ClassVar[int] = 10

    @staticmethod
    def lowest(name: str) -> int:
        """The least that this weight may be: a filled seat is always worth something."""
        return 1 if name == "fill" else 0

    def check(self) -> None:
        """Raises `BadProblem("bad_weights")` naming the first weight that is out of range."""
        for name in self.__slots__:
            value = getattr(self, name)
            if not isinstance(value, int) or not Weights.lowest(name) <= value <= Weights.HIGHEST:
                raise BadProblem("bad_weights", name)


@dataclass(frozen=True, slots=True)
class Travel:
    """How fast people get from one place to the next on the same day."""

    km_per_hour: float = 60.0
    margin_minutes: int = 15
    same_place_km: float = 0.5


@dataclass(frozen=True, slots=True)
class Problem:
    """All the planner knows. Pairs are (session id, person id).

    `pinned` seats stay whatever it costs; `current` ones are promised now, and each that is moved costs;
    `familiar` are (person id, unit id) of people already known at a unit.
    """

    people: tuple[Person, ...]
    sessions: tuple[Session, ...]
    options: tuple[Option, ...]
    pinned: frozenset[tuple[int, int]] = frozenset()
    current: frozenset[tuple[int, int]] = frozenset()
    familiar: frozenset[tuple[int, int]] = frozenset()
    weights: Weights = field(default_factory=Weights)
    travel: Travel = field(default_factory=Travel)

    def check(self) -> None:
        """Raises `BadProblem` when the parts do not belong together."""
        self.weights.check()
        people = _distinct([person.id for person in self.people], "person_twice")
        sessions = _distinct([session.id for session in self.sessions], "session_twice")
        for session in self.sessions:
            if session.ends <= session.starts or session.seats < 0 or session.priority < 1:
                raise BadProblem("bad_session", str(session.id))
        for person in self.people:
            if person.agreed_minutes <= 0:
                raise BadProblem("nothing_agreed", str(person.id))
        pairs = _distinct([(o.session, o.person) for o in self.options], "option_twice")
        for session_id, person_id in pairs:
            if session_id not in sessions or person_id not in people:
                raise BadProblem("unknown_option", f"{session_id}, {person_id}")
        if not self.pinned | self.current <= pairs:
            raise BadProblem("fixed_without_option")


_Key = TypeVar("_Key", int, tuple[int, int])


def _distinct(values: list[_Key], code: str) -> set[_Key]:
    found = set(values)
    if len(found) != len(values):
        raise BadProblem(code)
    return found
