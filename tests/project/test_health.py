"""/healthz: 200 when all is well, 503 and the part that is not."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client

from coordination import clock, heartbeat
from coordination.models import JobRun, OutboxMessage
from coordination.models.traces import JobState
from coordination.tasks import tick
from tests.harness.worker import CeleryWorker


@pytest.fixture
def all_is_well(db: None) -> None:
    for who in ("worker", "beat"):
        heartbeat.beat(who, now=clock.now())


def ask(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/healthz")
    assert response["Cache-Control"].count("no-store") == 1
    return response.status_code, response.json()


def failing(client: Client) -> list[str]:
    status, body = ask(client)
    assert (status, body["status"]) == (503, "failing")
    return [name for name, check in body["checks"].items() if not check["ok"]]


def test_all_is_well(all_is_well: None, client: Client) -> None:
    status, body = ask(client)
    assert (status, body["status"]) == (200, "ok")
    assert list(body["checks"]) == ["database", "redis", "worker", "beat", "outbox", "jobs"]


@pytest.mark.parametrize("who", ["worker", "beat"])
def test_a_silent_process_is_named(all_is_well: None, client: Client, who: str) -> None:
    heartbeat.beat(who, now=clock.now() - dt.timedelta(seconds=101))
    assert failing(client) == [who]


def test_processes_that_were_never_heard_of(db: None, client: Client) -> None:
    assert failing(client) == ["worker", "beat"]


def message(key: str, send_after: dt.datetime) -> None:
    OutboxMessage.objects.create(
        key=key,
        kind="test",
        to_email="aino@example.org",
        language="fi",
        subject="x",
        body="x",
        created_at=send_after,
        send_after=send_after,
    )


def test_a_message_that_waits_too_long(all_is_well: None, client: Client) -> None:
    message("later", clock.now() + dt.timedelta(hours=1))
    message("recent", clock.now() - dt.timedelta(minutes=9))
    assert ask(client)[0] == 200
    message("old", clock.now() - dt.timedelta(minutes=11))
    assert failing(client) == ["outbox"]


def test_a_job_given_up_is_counted_and_takes_nothing_down(
    all_is_well: None, client: Client
) -> None:
    JobRun.objects.create(
        job="x", period="y", state=JobState.GIVEN_UP, created_at=clock.now(), error_code="E"
    )
    status, body = ask(client)
    assert (status, body["checks"]["jobs"]) == (200, {"ok": True, "given_up": 1})


def test_without_redis(all_is_well: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise ConnectionError("redis://:secret@redis:6379/0 refused")

    monkeypatch.setattr(cache, "set", away)
    monkeypatch.setattr(cache, "get", away)
    status, body = ask(client)
    assert status == 503
    assert body["checks"]["redis"] == {"ok": False, "error": "ConnectionError"}
    assert body["checks"]["database"] == {"ok": True}


def test_without_database(
    all_is_well: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise DatabaseError("no password for user vuoro")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        status, body = ask(client)
    assert status == 503
    assert body["checks"]["database"] == {"ok": False, "error": "DatabaseError"}
    assert body["checks"]["worker"]["ok"]


def test_a_real_tick_is_a_sign_of_life_of_both(celery_worker: CeleryWorker, client: Client) -> None:
    assert failing(client) == ["worker", "beat"]
    tick.delay()  # as beat does: whoever sends a tick counts as beat
    celery_worker.wait_for(lambda: heartbeat.silence("worker", now=clock.now()) is not None)
    assert ask(client)[0] == 200
