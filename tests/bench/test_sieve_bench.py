"""What it costs to read who may take what for a month, beside asking the rules about each pair."""

import json
import random
import sys
import time
from pathlib import Path

import pytest

from scheduling.eligibility import Level, Matrix
from scheduling.eligibility.person import RULES
from scheduling.models import Session
from scheduling.planner.problem import Weights
from scheduling.services import plan_problem
from tests.cast import Cast
from tests.scheduling.makers import NOW, make_experts, make_session

PEOPLE, SESSIONS = 100, 1000
RESULT = Path(__file__).parents[2] / "build" / "bench" / "sieve.json"

pytestmark = [pytest.mark.bench, pytest.mark.django_db]


def _month(cast: Cast) -> list[Session]:
    """So many sessions of three units in four weeks, at any quarter of an hour of the day."""
    luck = random.Random(1)
    for _number in range(SESSIONS):
        place = luck.choice([cast.sastamala, cast.nokia, cast.ikaalinen])
        day, hour = luck.randrange(8, 32), luck.randrange(8, 18)
        make_session(place, f"2027-03-{day:02} {hour:02}:{luck.randrange(4) * 15:02}")
    return list(Session.objects.select_related("kind", "unit", "site").order_by("pk"))


def test_reading_a_month(cast: Cast) -> None:
    units = [place.unit for place in (cast.sastamala, cast.nokia, cast.ikaalinen)]
    people = make_experts(PEOPLE, units=units, kinds=cast.kinds.values())
    sessions = _month(cast)
    for person, session in zip(people, sessions[:PEOPLE], strict=True):
        session.assignments.create(expert=person, seat=1, proposed_at=NOW, changed_at=NOW)
    matrix = Matrix(sessions, people, now=NOW)
    pairs = len(matrix.experts) * len(sessions)

    began = time.perf_counter()
    sifted = [code for codes in matrix.first_against() for code in codes]
    sieve = time.perf_counter() - began
    began = time.perf_counter()
    asked = [_first(matrix, s.pk, e.pk) for e in matrix.experts for s in sessions]
    rules = time.perf_counter() - began
    began = time.perf_counter()
    plan_problem.make(sessions, days=31, weights=Weights(), now=NOW)
    whole = time.perf_counter() - began

    assert sifted == asked
    figures = {
        "pairs": pairs,
        "rules_us_a_pair": round(rules / pairs * 1e6, 1),
        "sieve_us_a_pair": round(sieve / pairs * 1e6, 1),
        "times_faster": round(rules / sieve, 1),
        "whole_question_seconds": round(whole, 2),
        "whole_question_us_a_pair": round(whole / pairs * 1e6, 1),
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=2) + "\n")
    sys.stdout.write(f"\n{json.dumps(figures)}\n")
    assert rules > 5 * sieve


def _first(matrix: Matrix, session: int, expert: int) -> str | None:
    person, facts = matrix.people[expert], matrix.sessions[session]
    said = (reason for rule in RULES for reason in rule(person, facts))
    return next((reason.code for reason in said if reason.level is not Level.NOTE), None)
