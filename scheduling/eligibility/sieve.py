"""Whom nothing keeps from a session, for many people and many sessions at once.

The same rules as everywhere (`person.RULES`), asked once for all sessions that are alike to them: a
rule looks at its *aspect* of a session (its unit and day, its language, its place), so sessions with
the same aspect have the same answer. What has been between a person and one session is asked for that
session alone. Every sentence still comes from the rules themselves, when somebody asks why.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from experts.models import AvailabilityPattern
from experts.queries import weekly
from experts.queries.readiness import days_touched
from scheduling.eligibility import person as rules
from scheduling.eligibility.facts import Busy, PersonFacts, SessionFacts
from scheduling.eligibility.reasons import PERSON_LEVELS, Level

Aspect = Callable[[SessionFacts], Hashable]

_DAY = dt.timedelta(days=1)
_NEXT_DOOR = 2 * _DAY
"""What is further away touches no local day of a session, whatever the zones."""
_A_REST = 3 * _DAY
"""What is further away leaves the longest rest one may ask for, 48 h."""


def _always(facts: SessionFacts) -> Hashable:
    return None


def _on(facts: SessionFacts) -> Hashable:
    return facts.on


def _at_unit(facts: SessionFacts) -> Hashable:
    return facts.session.unit_id, facts.on


def _days(facts: SessionFacts) -> Hashable:
    return days_touched(facts.session.starts_at, facts.session.ends_at)


def _trained(facts: SessionFacts) -> Hashable:
    return facts.session.kind.needs_further_training, facts.on


def _minors(facts: SessionFacts) -> Hashable:
    return facts.session.with_minors or facts.session.kind.with_minors, facts.on


def _time(facts: SessionFacts) -> Hashable:
    return facts.session.starts_at, facts.session.ends_at, facts.zone.key


def _time_and_place(facts: SessionFacts) -> Hashable:
    return _time(facts), facts.point, facts.session.site_id


def _kind(facts: SessionFacts) -> Hashable:
    return facts.session.kind_id


def _language(facts: SessionFacts) -> Hashable:
    return facts.session.language


def _room(facts: SessionFacts) -> Hashable:
    length = facts.session.ends_at - facts.session.starts_at
    return length, facts.week, facts.on.year, facts.on.month, facts.zone.key


def _place(facts: SessionFacts) -> Hashable:
    return facts.point, facts.session.place_kind


@dataclass(frozen=True)
class _Known:
    """What a rule looks at; `reach`: how far from a session what stands in a diary can matter."""

    aspect: Aspect
    reach: dt.timedelta | None = None


SILENT: frozenset[rules.Rule] = frozenset(
    {
        rules._this_session,  # only about sessions one has to do with: those are asked one by one
        rules._usual_month,
        rules._series,
        rules._good_to_know,
    }
)
"""Rules that say nothing, or only notes, of a session one has had nothing to do with."""

_ASPECTS: Mapping[rules.Rule, _Known] = {
    rules._status: _Known(_always),
    rules._sign_off: _Known(_always),
    rules._confidentiality: _Known(_on),
    rules._unit: _Known(_at_unit),
    rules._absence: _Known(_days),
    rules._training: _Known(_on),
    rules._further_training: _Known(_trained),
    rules._minors: _Known(_minors),
    rules._overlaps: _Known(_time, _NEXT_DOOR),
    rules._travel: _Known(_time_and_place, _NEXT_DOOR),
    rules._kind: _Known(_kind),
    rules._hours_given: _Known(_time),
    rules._language: _Known(_language),
    rules._load: _Known(_room),
    rules._rest: _Known(_time, _A_REST),
    rules._supervision: _Known(_always),
    rules._distance: _Known(_place),
}

_WEIGHED: Mapping[rules.Rule, frozenset[str]] = {
    rules._load: frozenset({"over_week_hours", "over_month_sessions"}),
    rules._supervision: frozenset({"supervision_overdue"}),
}
"""All that these rules say against anybody: who leaves that aside need not ask them."""


class _Group:
    """Sessions by what one rule sees of them; one of each stands for all."""

    def __init__(self, rule: rules.Rule, known: _Known, sessions: Iterable[SessionFacts]) -> None:
        self.rule = rule
        numbers: dict[Hashable, int] = {}
        self.standing: list[SessionFacts] = []
        self.of: list[int] = []
        for facts in sessions:
            number = numbers.setdefault(known.aspect(facts), len(numbers))
            if number == len(self.standing):
                self.standing.append(facts)
            self.of.append(number)

    def against(self, person: PersonFacts, but: frozenset[str]) -> list[str | None]:
        """The first thing the rule says against, by group."""
        return [first_said(self.rule, person, facts, but) for facts in self.standing]


class _Diary(_Group):
    """A rule about what else stands in the diary: silent where nothing does within its reach."""

    def __init__(self, rule: rules.Rule, known: _Known, sessions: Iterable[SessionFacts]) -> None:
        super().__init__(rule, known, sessions)
        assert known.reach is not None
        self._reach = known.reach
        self._on: dict[int, list[int]] = defaultdict(list)
        self._long: list[int] = []
        for number, facts in enumerate(self.standing):
            first, last = _first(facts), facts.session.ends_at.toordinal()
            (self._long if last - first > 1 else self._on[first]).append(number)

    def against(self, person: PersonFacts, but: frozenset[str]) -> list[str | None]:
        said: list[str | None] = [None] * len(self.standing)
        for day, busy in self._near(person.busy).items():
            near = replace(person, busy=busy)
            for number in self._on[day]:
                said[number] = first_said(self.rule, near, self.standing[number], but)
        for number in self._long:
            said[number] = first_said(self.rule, person, self.standing[number], but)
        return said

    def _near(self, diary: Iterable[Busy]) -> dict[int, list[Busy]]:
        """By the first day (UTC) of sessions: what is near any of them."""
        found: dict[int, list[Busy]] = defaultdict(list)
        for busy in diary:
            first, last = busy.starts_at - self._reach, busy.ends_at + self._reach
            for day in range(first.toordinal(), last.toordinal() + 1):
                if day in self._on:
                    found[day].append(busy)
        return found


class _Hours(_Group):
    """The weekly hours: days on which somebody has given the same hours are alike."""

    def __init__(self, rule: rules.Rule, known: _Known, sessions: Iterable[SessionFacts]) -> None:
        super().__init__(rule, known, sessions)
        times = [(facts.session.starts_at, facts.session.ends_at) for facts in self.standing]
        self._days = [(days_touched(*time), tuple(weekly.wall_days(*time))) for time in times]

    def against(self, person: PersonFacts, but: frozenset[str]) -> list[str | None]:
        given = _Given(person.ready.patterns)
        known: dict[Hashable, str | None] = {}
        said: list[str | None] = []
        for facts, (touched, days) in zip(self.standing, self._days, strict=True):
            hours = tuple((given.on(day), first, last) for day, first, last in days)
            alike = given.anything(*touched), hours
            if alike not in known:
                known[alike] = first_said(self.rule, person, facts, but)
            said.append(known[alike])
        return said


class _Given:
    """The hours somebody has given, by day."""

    def __init__(self, patterns: Sequence[AvailabilityPattern]) -> None:
        self._patterns = patterns
        self._on: dict[dt.date, Hashable] = {}
        self._any: dict[tuple[dt.date, dt.date], bool] = {}

    def on(self, day: dt.date) -> Hashable:
        if day not in self._on:
            held = [p for p in self._patterns if weekly.holds_on(p, day)]
            self._on[day] = tuple(sorted((p.starts_time, p.ends_time) for p in held))
        return self._on[day]

    def anything(self, first: dt.date, last: dt.date) -> bool:
        """Whether any hours are in force on these days."""
        if (first, last) not in self._any:
            self._any[first, last] = any(
                p.starts_on <= last and (p.ends_on is None or p.ends_on >= first)
                for p in self._patterns
            )
        return self._any[first, last]


def _first(facts: SessionFacts) -> int:
    return facts.session.starts_at.toordinal()


def _group(rule: rules.Rule, sessions: Sequence[SessionFacts]) -> _Group:
    known = _ASPECTS[rule]
    if rule is rules._hours_given:
        return _Hours(rule, known, sessions)
    return (_Group if known.reach is None else _Diary)(rule, known, sessions)


def first_said(
    rule: rules.Rule, person: PersonFacts, facts: SessionFacts, but: frozenset[str]
) -> str | None:
    """The code of the first thing a rule says that blocks or asks, those in `but` left aside."""
    for reason in rule(person, facts):
        if reason.level is not Level.NOTE and reason.code not in but:
            return reason.code
    return None


class Sieve:
    """What first keeps each person from each of these sessions, `but` left aside.

    It says just what the rules say of each pair (tested over made-up worlds), for a fraction of the
    time. The facts must not change while it is used.
    """

    def __init__(self, sessions: Sequence[SessionFacts], *, but: frozenset[str]) -> None:
        assert but <= PERSON_LEVELS.keys()
        self.but = but
        self.sessions = list(sessions)
        self._place_of = {facts.session.pk: place for place, facts in enumerate(self.sessions)}
        self._groups = [
            _group(rule, self.sessions)
            for rule in rules.RULES
            if rule not in SILENT and not _WEIGHED.get(rule, frozenset({""})) <= but
        ]

    def against(self, person: PersonFacts) -> list[str | None]:
        """By session, in their order: the code of what keeps this person from it, None for nothing."""
        found: list[str | None] = [None] * len(self.sessions)
        left: Sequence[int] = range(len(found))
        # a session that stands for others must not lend them that it is the person's own
        plain = replace(person, own_sources={})
        for group in self._groups:
            said = group.against(plain, self.but)
            if not any(said):
                continue
            for place in left:
                found[place] = said[group.of[place]]
            left = [place for place in left if found[place] is None]
        for session_id in person.own_sources.keys() | person.here.keys() | person.offered.keys():
            if (known := self._place_of.get(session_id)) is not None:
                found[known] = self._one(person, self.sessions[known])
        return found

    def _one(self, person: PersonFacts, facts: SessionFacts) -> str | None:
        said = (first_said(rule, person, facts, self.but) for rule in rules.RULES)
        return next((code for code in said if code), None)
