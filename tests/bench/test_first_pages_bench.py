"""What the first page of each role costs the server, with twenty rows of everything it lists."""

import datetime as dt
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine as tm
from django.test import Client

from coordination.models import User
from tests import first_pages
from tests.cast import Cast
from tests.scheduling.conftest import ready  # noqa: F401  # a fixture
from tests.scheduling.makers import NOW
from tests.scheduling.pages.conftest import sign_in  # noqa: F401  # a fixture

ROWS = 20
ROUNDS = 20
BUDGET = 150
"""Milliseconds; on a slow machine the ratio to the lightest page says more."""
RESULT = Path(__file__).parents[2] / "build" / "bench" / "first_pages.json"


def milliseconds(client: Client, address: str) -> float:
    """The median of some requests after three to warm up."""
    taken = []
    for _ in range(ROUNDS + 3):
        began = time.perf_counter()
        assert client.get(address).status_code == 200
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[3:])


@pytest.mark.bench
@pytest.mark.django_db
def test_first_pages(
    ready: Cast,  # noqa: F811
    sign_in: Callable[[User], Client],  # noqa: F811
    time_machine: tm.TimeMachineFixture,
) -> None:
    time_machine.move_to(NOW)
    first_pages.grow(first_pages.start(ready), range(2, ROWS))
    rows = {
        page.role.value: milliseconds(sign_in(ready.everybody[page.person]), page.address)
        for page in first_pages.FIRST_PAGES
    }
    lightest = min(rows.values())
    table = [f"\nFirst page of each role, {ROWS} rows of everything, median of {ROUNDS} requests"]
    table += [f"  {role:36}{ms:9.1f} ms {ms / lightest:5.1f}×" for role, ms in rows.items()]
    sys.stdout.write("\n".join(table) + "\n")
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    RESULT.write_text(json.dumps({"at": at, "milliseconds": rows}, indent=2) + "\n")
    assert max(rows.values()) < BUDGET
