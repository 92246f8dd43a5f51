"""The benchmarks' commands say what they found, and refuse what they cannot read."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scheduling.benchmarks.checking import broken_crowd, broken_rules, broken_staffing, points
from scheduling.benchmarks.generator import generate

INSTANCE = """# made up
Type = 1
Jobs = 3
 0 10
 5 15
 10 20
Qualifications = 3
 3: 0 1 2
 1: 1
 2: 0 2
"""


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "small.dat"
    path.write_text(INSTANCE)
    return path


def test_an_instance_is_a_line(instance: Path) -> None:
    out = StringIO()

    call_command("bench_smptsp", str(instance), str(instance), "--seconds", "5", stdout=out)

    first, second = map(json.loads, out.getvalue().splitlines())
    assert first.pop("seconds") < 5
    assert first == {"instance": "small", "people": 2, "lower_bound": 2}
    assert second["people"] == 2


@pytest.mark.parametrize(
    "text",
    [
        "Jobs = 2\n 1 2\n",
        "Jobs = 1\n 1 2\nQualifications = 1\n 1: 4\n",
        "Jobs = 1\n 1 2\n",
        "Jobs = 2\n 1 2\n 2 3\nQualifications = 1\n 1: 0\n",
        "ä",
    ],
)
def test_no_instance_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.dat"
    path.write_text(text)

    with pytest.raises(CommandError):
        call_command("bench_smptsp", str(path), stdout=StringIO())


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="gone"):
        call_command("bench_smptsp", str(tmp_path / "gone.dat"), stdout=StringIO())


def test_a_period_is_a_line() -> None:
    out = StringIO()

    call_command(
        "bench_planner", "--experts", "12", "--sessions", "40", "--seconds", "60", stdout=out
    )

    line = json.loads(out.getvalue())
    assert line["seats"] == 40
    assert line["bound"] <= line["objective"] <= line["greedy"]
    assert line["repeatable"]


@pytest.mark.parametrize("option", ["--experts", "--sessions", "--seconds", "--regions"])
def test_nothing_to_plan_is_said(option: str) -> None:
    with pytest.raises(CommandError, match=option):
        call_command("bench_planner", option, "0", stdout=StringIO())


def test_the_generator_says_the_same_twice() -> None:
    assert generate(20, 60, seed=4, regions=2) == generate(20, 60, seed=4, regions=2)
    assert generate(20, 60, seed=4) != generate(20, 60, seed=5)


def test_the_checker_sees_what_is_wrong() -> None:
    problem = generate(12, 40, seed=1)
    (one, *_) = problem.options

    assert broken_rules(problem, [(one.session, -1)]) != []
    assert broken_rules(problem, [(one.session, one.person)] * 2) != []
    assert points(problem, []) > points(problem, [(one.session, one.person)])
    assert broken_staffing([(0, 5), (4, 6)], [[0, 1]], [0, 0]) == ["0 does 0 and 1 at once"]
    assert broken_staffing([(0, 5)], [[]], [0]) == ["0 may not do 0"]
    assert broken_crowd([(0, 5), (5, 6)], [[0, 1]], [0, 1]) == ["0 could do 0 and 1"]
