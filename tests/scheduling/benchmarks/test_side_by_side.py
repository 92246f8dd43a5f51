"""Beside others: what is counted of the comparison, and what is said where Timefold cannot run."""

import importlib.util
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scheduling.benchmarks.side_by_side import Row, missing_for_timefold, summary


def _row(ours: int, greedy: int, timefold: int | None, bound: int = 5) -> Row:
    return Row(
        seed=1,
        ours=ours,
        greedy=greedy,
        timefold=timefold,
        bound=bound,
        seats=3,
        ours_filled=3,
        greedy_filled=2,
        timefold_filled=3,
        ours_seconds=1.0,
    )


@pytest.fixture
def java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a `java` is looked for: nothing there yet."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    return tmp_path / "bin" / "java"


def _that_says(java: Path, version: str) -> None:
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    java.chmod(0o755)


def test_equal_counts_and_the_worse_does_not() -> None:
    rows = [_row(5, 5, 6), _row(7, 8, 6), _row(6, 6, 6), _row(9, 8, None)]

    line = summary(rows)

    assert line["seeds"] == 4
    assert line["proven_best"] == 0.25
    assert line["not_worse_than_greedy"] == 0.75
    assert line["not_worse_than_timefold"] == 0.667
    assert line["points"] == {"ours": 27, "greedy": 27, "timefold": 18}


def test_nothing_is_claimed_beside_who_was_not_there() -> None:
    line = summary([_row(5, 6, None)])

    assert line["not_worse_than_timefold"] is None
    assert line["points"] == {"ours": 5, "greedy": 6, "timefold": None}


def test_why_timefold_cannot_run(java: Path) -> None:
    assert missing_for_timefold() == "there is no Java here"

    _that_says(java, "11.0.2")
    assert missing_for_timefold() == "Java 11 is too old, 17 is needed"

    _that_says(java, "17.0.15")
    has_package = importlib.util.find_spec("timefold") is not None
    assert has_package == (missing_for_timefold() is None)


@pytest.mark.usefixtures("java")
def test_without_java_ours_stands_beside_greedy() -> None:
    out, told = StringIO(), StringIO()
    size = ["--experts", "10", "--sessions", "25", "--seconds", "20", "--seeds", "2", "--seed", "7"]

    call_command("bench_side_by_side", *size, stdout=out, stderr=told)

    first, second, last = map(json.loads, out.getvalue().splitlines())
    assert (first["seed"], second["seed"]) == (7, 8)
    assert first["bound"] <= first["ours"] <= first["greedy"]
    assert first["timefold"] is None
    assert last["not_worse_than_greedy"] == 1
    assert last["not_worse_than_timefold"] is None
    assert told.getvalue() == "Without Timefold: there is no Java here.\n"


def test_no_seeds_is_said() -> None:
    with pytest.raises(CommandError, match="--seeds"):
        call_command("bench_side_by_side", "--seeds", "0", stdout=StringIO())
