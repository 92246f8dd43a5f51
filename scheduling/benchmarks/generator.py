"""Made-up problems of our own shape: people with skills, hours and homes; units that meet in their rhythm.

A region is some towns about 40 km apart; nobody works in another region, so regions can be planned each by
itself. Half of the sessions are held every week at the same time, some of those always with the same expert.
"""

import random
from dataclasses import dataclass

from scheduling.planner.problem import Option, Person, Problem, Session, Weights

_WEEKS = 4
_TOWNS = 8
_KM_PER_DEGREE = 111.0
_DAY = 24 * 60
_STARTS = (9 * 60, 10 * 60, 12 * 60, 13 * 60, 14 * 60, 16 * 60)
_LENGTHS = (120, 180, 180, 240)
_SKILLS = 6
_SLACK = 1.5
"""What is agreed with all together, compared with what there is to do."""


@dataclass(frozen=True)
class _Town:
    latitude: float
    longitude: float


def generate(experts: int, sessions: int, *, seed: int, regions: int = 1) -> Problem:
    """A problem of that size, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - made-up problems, no secret
    people: list[Person] = []
    all_sessions: list[Session] = []
    options: list[Option] = []
    familiar: set[tuple[int, int]] = set()
    for region in range(regions):
        part = _Region(
            chance, region, _part(experts, regions, region), _part(sessions, regions, region)
        )
        people += part.people
        all_sessions += part.sessions
        options += part.options
        familiar |= part.familiar
    return Problem(
        people=tuple(people),
        sessions=tuple(all_sessions),
        options=tuple(options),
        familiar=frozenset(familiar),
        weights=Weights(),
    )


def _part(whole: int, parts: int, index: int) -> int:
    return whole // parts + (index < whole % parts)


class _Region:
    def __init__(self, chance: random.Random, region: int, experts: int, sessions: int) -> None:
        self.chance, self.base = chance, region * 1_000_000
        self.towns = [
            _Town(60 + region * 5 + chance.random(), 22 + 2 * chance.random())
            for _ in range(_TOWNS)
        ]
        self.units = max(4, sessions // 24)
        self.unit_town = [chance.randrange(_TOWNS) for _ in range(self.units)]
        self.unit_skill = [chance.randrange(_SKILLS) for _ in range(self.units)]
        self.sessions: list[Session] = []
        while len(self.sessions) < sessions:
            self._some_sessions(sessions - len(self.sessions))
        hours = sum(s.minutes * s.seats for s in self.sessions) / max(1, experts)
        self.people: list[Person] = []
        self.options: list[Option] = []
        self.familiar: set[tuple[int, int]] = set()
        for number in range(experts):
            self._person(self.base + number, hours)

    def _some_sessions(self, most: int) -> None:
        """One session, or every second time a series of one a week."""
        chance = self.chance
        weeks = range(_WEEKS) if chance.random() < 0.2 else [chance.randrange(_WEEKS)]
        keeps_face = len(weeks) > 1 and chance.random() < 0.3
        unit = chance.randrange(self.units)
        town = self.towns[self.unit_town[unit]]
        weekday, at = chance.choice((0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5)), chance.choice(_STARTS)
        length, priority = chance.choice(_LENGTHS), chance.choice((1, 1, 1, 2))
        is_heavy = chance.random() < 0.2
        series = self.base + len(self.sessions) if keeps_face else None
        for week in list(weeks)[:most]:
            day = week * 7 + weekday
            self.sessions.append(
                Session(
                    id=self.base + len(self.sessions),
                    starts=day * _DAY + at,
                    ends=day * _DAY + at + length,
                    first_day=day,
                    last_day=day,
                    week=week,
                    month=0,
                    unit=self.base + unit,
                    priority=priority,
                    series=series,
                    site=self.base + unit,
                    point=(town.latitude, town.longitude),
                    is_heavy=is_heavy,
                )
            )

    def _person(self, person: int, hours: float) -> None:
        chance = self.chance
        home = chance.randrange(_TOWNS)
        agreed = round(hours * _SLACK * chance.choice((0.5, 1, 1, 1.5)) / 60) * 60
        self.people.append(
            Person(
                id=person,
                agreed_minutes=max(240, agreed),
                week_minutes=max(240, round(agreed / _WEEKS * 1.5)),
                month_sessions=max(4, round(agreed / 150)),
                rest_minutes=chance.choice((0, 0, 0, 11 * 60)),
            )
        )
        skills = set(chance.sample(range(_SKILLS), 3))
        free = {
            (weekday, half) for weekday in range(6) for half in (0, 1) if chance.random() < 0.55
        }
        reach = {
            unit: km
            for unit in range(self.units)
            if (km := self._km(home, self.unit_town[unit])) <= chance.choice((30, 60, 90))
            and self.unit_skill[unit] in skills
            and chance.random() < 0.6
        }
        self.familiar |= {(person, self.base + unit) for unit in reach if chance.random() < 0.4}
        overdue = chance.random() < 0.1
        for session in self.sessions:
            at = (session.first_day % 7, int(session.starts % _DAY >= 12 * 60))
            way = reach.get(session.unit - self.base)
            if way is not None and at in free:
                self.options.append(
                    Option(session.id, person, km=round(way), is_supervision_overdue=overdue)
                )

    def _km(self, first: int, second: int) -> float:
        one, other = self.towns[first], self.towns[second]
        north = (one.latitude - other.latitude) * _KM_PER_DEGREE
        east = (one.longitude - other.longitude) * _KM_PER_DEGREE / 2
        return float((north**2 + east**2) ** 0.5)
