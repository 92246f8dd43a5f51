"""Real threads, each with its own connection, on a real database."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection

from coordination.errors import Refused


@pytest.fixture
def run_together() -> Callable[..., Counter[str]]:
    return together


def together(calls: Sequence[Callable[[], object]], *, threads: int = 32) -> "Counter[str]":
    """Run all calls from so many threads that start at one moment; counts what came of them.

    "done", the code of a refusal, or the name of any other error.
    """
    outcomes: Counter[str] = Counter()
    lock = threading.Lock()
    waiting = iter(calls)
    start = threading.Barrier(min(threads, len(calls)))

    def next_call() -> Callable[[], object] | None:
        with lock:
            return next(waiting, None)

    def work() -> None:
        try:
            connection.ensure_connection()
            start.wait(30)
            while (call := next_call()) is not None:
                found = outcome(call)
                with lock:
                    outcomes[found] += 1
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(min(threads, len(calls)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert not any(worker.is_alive() for worker in workers), "somebody waits for ever"
    return outcomes


def outcome(call: Callable[[], Any]) -> str:
    try:
        call()
    except Refused as refused:
        return refused.code
    except Exception as error:  # noqa: BLE001 — the test counts whatever comes
        return f"{type(error).__name__}: {error}"
    return "done"


@pytest.fixture
def ready(cast: Any) -> Any:
    """The cast whose three experts nothing speaks against."""
    from tests.scheduling.makers import make_ready

    make_ready(
        [person.expert for person in (cast.aino, cast.eero, cast.onni)],
        units=[cast.sastamala.unit, cast.ikaalinen.unit, cast.nokia.unit],
        kinds=[kind for kind in cast.kinds.values() if not kind.with_minors],
    )
    return cast
