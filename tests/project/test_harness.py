"""The test harness itself: isolation, restoration, no network."""

import socket

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase


def finish_transactional_test() -> None:
    """What Django does after each of them."""
    getattr(TransactionTestCase("run"), "_fixture_teardown")()  # private, so untyped  # noqa: B009  # private, so untyped


def test_network_is_closed() -> None:
    with pytest.raises(RuntimeError, match="tests use no network"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_names_are_not_looked_up() -> None:
    with pytest.raises(RuntimeError, match="tests use no network"):
        socket.getaddrinfo("example.org", 443)


def test_a_transactional_test_leaves_what_the_migrations_brought(transactional_db: None) -> None:
    before = sorted(ContentType.objects.values_list("app_label", "model"))
    ContentType.objects.all().delete()
    ContentType.objects.create(app_label="made", model="up")

    finish_transactional_test()

    assert before
    assert sorted(ContentType.objects.values_list("app_label", "model")) == before


def test_the_restored_sequence_continues_where_the_migrations_left_it(
    transactional_db: None,
) -> None:
    first = ContentType.objects.create(app_label="made", model="up").pk
    finish_transactional_test()

    assert ContentType.objects.create(app_label="made", model="up").pk == first


def test_the_cache_is_empty_at_the_start_and_this_workers_own() -> None:
    assert cache.get("left-by-another-test") is None
    cache.set("left-by-another-test", 1)


def test_the_database_is_this_workers_own(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (connection.settings_dict["NAME"],)
        assert connection.settings_dict["NAME"].startswith("test_")
