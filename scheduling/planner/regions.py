"""Connected regions: people and sessions that nothing ties to the others can be planned by themselves."""

from dataclasses import replace

from scheduling.planner.problem import Option, Problem

_Key = tuple[str, int]


def split(problem: Problem) -> list[Problem]:
    """The problem in parts that share neither a person nor a session nor a series, in the order of their ids.

    Sessions nobody may take and people who may take none are in no part: there is nothing to plan for them.
    """
    ties = _Ties()
    series_of = {session.id: session.series for session in problem.sessions}
    for option in problem.options:
        ties.tie(("session", option.session), ("person", option.person))
        series = series_of[option.session]
        if series is not None:
            ties.tie(("session", option.session), ("series", series))
    members: dict[_Key, list[set[int]]] = {}
    for kind, key in sorted(ties.root):
        sessions, people = members.setdefault(ties.find((kind, key)), [set(), set()])
        if kind != "series":
            (sessions if kind == "session" else people).add(key)
    parts = sorted(members.values(), key=lambda part: min(part[0]))
    at = {session: number for number, (sessions, _) in enumerate(parts) for session in sessions}
    options: list[list[Option]] = [[] for _ in parts]
    for option in problem.options:
        options[at[option.session]].append(option)
    return [
        _only(problem, sessions, people, options[number])
        for number, (sessions, people) in enumerate(parts)
    ]


class _Ties:
    """Who is tied to whom, through others too (union-find)."""

    def __init__(self) -> None:
        self.root: dict[_Key, _Key] = {}

    def find(self, key: _Key) -> _Key:
        self.root.setdefault(key, key)
        while self.root[key] != key:
            self.root[key] = self.root[self.root[key]]
            key = self.root[key]
        return key

    def tie(self, one: _Key, other: _Key) -> None:
        self.root[self.find(one)] = self.find(other)


def _only(problem: Problem, sessions: set[int], people: set[int], options: list[Option]) -> Problem:
    return replace(
        problem,
        sessions=tuple(s for s in problem.sessions if s.id in sessions),
        people=tuple(p for p in problem.people if p.id in people),
        options=tuple(options),
        pinned=frozenset(pair for pair in problem.pinned if pair[0] in sessions),
        current=frozenset(pair for pair in problem.current if pair[0] in sessions),
        familiar=frozenset(pair for pair in problem.familiar if pair[0] in people),
    )
