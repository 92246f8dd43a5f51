"""The planner's questions and answers as bytes, so that any worker can take a part of a run."""

import dataclasses
import json
import zlib
from typing import Any

from scheduling.planner.plan import Plan, Unfilled
from scheduling.planner.problem import Option, Person, Problem, Session, Travel, Weights
from scheduling.planner.roster import Why


def pack_problem(problem: Problem) -> bytes:
    """Compact JSON, compressed: no class of ours is loaded from the database."""
    return _packed(
        {
            "people": [_row(person) for person in problem.people],
            "sessions": [_row(session) for session in problem.sessions],
            "options": [_row(option) for option in problem.options],
            "pinned": sorted(problem.pinned),
            "current": sorted(problem.current),
            "familiar": sorted(problem.familiar),
            "weights": dataclasses.asdict(problem.weights),
            "travel": dataclasses.asdict(problem.travel),
        }
    )


def _row(thing: Person | Session | Option) -> list[Any]:
    values = (getattr(thing, field.name) for field in dataclasses.fields(thing))
    return [sorted(v.items()) if hasattr(v, "items") else v for v in values]


def unpack_problem(packed: bytes | memoryview) -> Problem:
    found = _unpacked(packed)
    return Problem(
        people=tuple(_person(row) for row in found["people"]),
        sessions=tuple(_session(row) for row in found["sessions"]),
        options=tuple(Option(*row) for row in found["options"]),
        pinned=_pairs(found["pinned"]),
        current=_pairs(found["current"]),
        familiar=_pairs(found["familiar"]),
        weights=Weights(**found["weights"]),
        travel=Travel(**found["travel"]),
    )


def _person(row: list[Any]) -> Person:
    names = [field.name for field in dataclasses.fields(Person)]
    values = dict(zip(names, row, strict=True))
    values["week_used"] = {int(key): value for key, value in values["week_used"]}
    values["month_used"] = {int(key): value for key, value in values["month_used"]}
    return Person(**values)


def _session(row: list[Any]) -> Session:
    names = [field.name for field in dataclasses.fields(Session)]
    values = dict(zip(names, row, strict=True))
    if values["point"] is not None:
        values["point"] = (values["point"][0], values["point"][1])
    return Session(**values)


def _pairs(rows: list[list[int]]) -> frozenset[tuple[int, int]]:
    return frozenset((first, second) for first, second in rows)


def pack_plan(plan: Plan) -> bytes:
    values = {field.name: getattr(plan, field.name) for field in dataclasses.fields(plan)}
    values["unfilled"] = [[u.session, u.seats, list(u.why)] for u in plan.unfilled]
    return _packed(values)


def unpack_plan(packed: bytes | memoryview) -> Plan:
    values = _unpacked(packed)
    values["pairs"] = tuple((session, person) for session, person in values["pairs"])
    values["unfilled"] = tuple(
        Unfilled(session, seats, tuple((person, Why(why)) for person, why in whys))
        for session, seats, whys in values["unfilled"]
    )
    return Plan(**values)


def _packed(values: Any) -> bytes:
    return zlib.compress(json.dumps(values, separators=(",", ":")).encode())


def _unpacked(packed: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(bytes(packed)))
