"""Jobs for the tests of the job machinery; the harness's Celery worker loads them, the service never does."""

import datetime as dt
import os
import time

import redis

from coordination.jobs import daily_at, job, minutes

STEADY, POISON, SLOW = "test-steady", "test-poison", "test-slow"


def note(text: str) -> None:
    """Leave a mark that survives whatever happens to this process."""
    with redis.from_url(os.environ["REDIS_URL"]) as connection:
        connection.rpush("test-notes", text)


def notes() -> list[str]:
    with redis.from_url(os.environ["REDIS_URL"]) as connection:
        return [entry.decode() for entry in connection.lrange("test-notes", 0, -1)]


def forget() -> None:
    with redis.from_url(os.environ["REDIS_URL"]) as connection:
        connection.delete("test-notes")


@job(name=STEADY, every=daily_at("00:00"))
def steady(*, now: dt.datetime, period: str) -> None:
    note(f"steady {period}")


@job(name=POISON, every=minutes(1440))
def poison(*, now: dt.datetime, period: str) -> None:
    note("poison")
    raise LookupError("no secret in the row: only the class of the error is kept")


@job(name=SLOW, every=minutes(1440), limit=dt.timedelta(seconds=3))
def slow(*, now: dt.datetime, period: str) -> None:
    """For the period "hang" it hangs the first time, so that there is time to kill its worker."""
    note("slow begins")
    if period == "hang" and notes().count("slow begins") == 1:
        time.sleep(120)
    note("slow ends")
