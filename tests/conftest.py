"""The ground all tests stand on.

A run starts its own PostgreSQL and Redis (a second or two; the migrated database is cached under
build/testdb), so several people can run tests in one checkout at the same time. Each xdist worker has
its own database and its own piece of Redis. Nothing is mocked that can run; warnings are errors; there
is no network; a page that asks the database once for each of its rows fails the test (tests/harness/queries.py).

Fixtures beyond pytest-django's (`db`, `transactional_db`, `client`, `django_assert_num_queries`,
`live_server`, `mailoutbox`, `settings`):

- `redis_url` — the broker of this worker; the cache is the database after it, empty before each test.
- `celery_worker` — a running Celery worker (real process, prefork). Brings `transactional_db`.
  `celery_worker.wait_for(lambda: ...)`, `.kill()` (kill -9), `.start()` again, `.log()`.
- `time_machine` — `time_machine.move_to("2027-03-04T09:30+02:00")` sets the clock of this process.
- in tests/browser: `page`, `login`, `assert_accessible`, `shoot` (see tests/browser/conftest.py).

After a `transactional_db` test the tables hold exactly what the migrations put there.
"""

import os
from collections.abc import Iterator
from typing import Any

import django
import pytest

from coordination import catalogues
from tests.harness.network import forbid_network
from tests.harness.queries import watch_for_repeated_queries
from tests.harness.run import ROOT_VARIABLE, create_database, point_settings_at_run, start_run
from tests.harness.worker import CeleryWorker

# Here and not in a hook: the conftest files below this one, loaded before any hook, import models.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if not _worker:
    catalogues.compile_stale()  # pages are tested in the languages people read
    start_run()  # the run's first process starts the servers, xdist's workers use them
point_settings_at_run(_worker or "main")
forbid_network()
django.setup()
watch_for_repeated_queries()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: object) -> None:
    """The workers must not load the settings before this file has pointed them at their own database."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """This worker's database: a copy of the migrated template, so nothing migrates here."""
    from django.db import connection
    from django.test import TransactionTestCase

    create_database(connection.settings_dict["NAME"])

    def restore(_self: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pristine.restore()")

    # A private name, but the one place where Django empties the tables.
    setattr(TransactionTestCase, "_fixture_teardown", restore)  # noqa: B010
    with django_db_blocker.unblock():
        yield
        connection.close()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits and cached values of one test are no business of the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def redis_url() -> str:
    return os.environ["REDIS_URL"]


@pytest.fixture
def celery_worker(transactional_db: None, redis_url: str) -> Iterator[CeleryWorker]:
    worker = CeleryWorker()
    worker.start()
    yield worker
    worker.stop()
    _forget_tasks(redis_url)


def _forget_tasks(url: str) -> None:
    """What is still queued belongs to the test that is over. The bindings stay: producers remember them."""
    import redis

    with redis.from_url(url) as connection:
        for key in connection.scan_iter():
            if not key.startswith(b"_kombu.binding."):
                connection.delete(key)


@pytest.fixture
def cast(db: None) -> Any:
    """The fixed people and places of tests/cast.py."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def run_root() -> str:
    """The directory of this run's servers."""
    return os.environ[ROOT_VARIABLE]
