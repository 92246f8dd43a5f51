"""How good the planner is: published instances, made-up periods, and beside what others use."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "build" / "bench"
INSTANCES = ROOT.parent / "shared" / "benchmarks" / "smptsp"

pytestmark = pytest.mark.bench


def _lines(command: str, *arguments: str) -> list[dict[str, float]]:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def _write(name: str, rows: list[dict[str, float]]) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n")
    for row in rows:
        print(json.dumps(row))  # noqa: T201 - the table is what this is for


def test_published_instances() -> None:
    """The bound on at least 15 of 22, and never worse than the best of 2014."""
    if not INSTANCES.is_dir():
        pytest.skip("the published instances are not beside the checkout")
    with (INSTANCES / "bounds.csv").open(encoding="utf-8") as file:
        known = {row["instance"]: row for row in csv.DictReader(file)}
    files = sorted(str(path) for path in INSTANCES.glob("*.dat"))

    rows = _lines("bench_smptsp", *files, "--seconds", "60")

    _write("smptsp", rows)
    by_name = {str(row["instance"]): row["people"] for row in rows}
    assert set(by_name) == set(known)
    at_bound = [n for n, people in by_name.items() if people <= int(known[n]["lower_bound"])]
    worse = {
        name: people
        for name, people in by_name.items()
        if people > int(known[name]["best_of_2014_sat_run_1800s"])
    }
    assert len(at_bound) >= 15
    assert worse == {}


@pytest.mark.parametrize(
    ("experts", "sessions", "regions", "seconds", "aim"),
    [
        (50, 400, 1, 10, 0.0),
        (200, 3_000, 1, 60, 0.5),
        (500, 3_000, 1, 60, 0.3),
        (2_000, 12_000, 10, 600, 1.0),
    ],
)
def test_made_up_periods(
    experts: int, sessions: int, regions: int, seconds: int, aim: float
) -> None:
    """No further from the bound than this, in percent."""
    size = {"experts": experts, "sessions": sessions, "regions": regions, "seconds": seconds}
    arguments = [word for name, value in size.items() for word in (f"--{name}", str(value))]

    (row,) = _lines("bench_planner", *arguments)

    _write(f"planner-{experts}x{sessions}", [row | {"aim_percent": aim}])
    assert row["gap_percent"] <= aim
    assert row["peak_mib"] < 4096
