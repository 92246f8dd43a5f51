"""One falls out of a published plan: their seats are filled again and nobody else moves."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scheduling.benchmarks.generator import generate
from scheduling.benchmarks.replanning import busiest, without

SMALL = ["--experts", "20", "--sessions", "40", "--seed", "3", "--seconds", "20", "--limit", "20"]


def _line(*arguments: str) -> dict[str, int]:
    out = StringIO()
    call_command("bench_replan", *SMALL, *arguments, stdout=out)
    line: dict[str, int] = json.loads(out.getvalue())
    return line


def test_the_seats_of_one_are_filled_and_nobody_else_moves() -> None:
    line = _line()

    assert line["moved_others"] == 0
    assert 0 < line["refilled"] <= line["freed"]
    assert line["filled"] == line["filled_before"] - line["freed"] + line["refilled"]
    assert line["bound"] == line["objective"]


def test_who_may_be_moved_is_moved_for_the_better() -> None:
    """Here one move at its price fills one seat more."""
    kept, free = _line(), _line("--may-move")

    assert free["moved_others"] == 1
    assert free["filled"] == kept["filled"] + 1
    assert free["objective"] < kept["objective"]


def test_who_fell_out_has_nothing_left() -> None:
    problem = generate(12, 40, seed=1)
    pairs = [(o.session, o.person) for o in problem.options[:20]]
    person = busiest(pairs)

    kept = without(problem, pairs, person, may_move=False)
    free = without(problem, pairs, person, may_move=True)

    assert person not in {o.person for o in kept.options} | {p.id for p in kept.people}
    assert kept.pinned == kept.current == {pair for pair in pairs if pair[1] != person}
    assert free.pinned == frozenset()
    assert free.current == kept.current


def test_busiest_is_the_lowest_of_equals() -> None:
    assert busiest([(1, 9), (2, 9), (3, 4), (4, 4), (5, 1)]) == 4


@pytest.mark.parametrize("option", ["--experts", "--sessions", "--seconds", "--limit"])
def test_nothing_to_plan_is_said(option: str) -> None:
    with pytest.raises(CommandError, match=option):
        call_command("bench_replan", option, "0", stdout=StringIO())
