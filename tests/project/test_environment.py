"""The environment: what production needs, said all at once, and how addresses are read."""

import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from coordination.project.environment import (
    DEVELOPMENT_SEALING_KEY,
    Environment,
    celery_broker,
    database_from_url,
    email_from_url,
    redis_database,
    sealing_keys,
)
from tests.harness.programs import clean_environment
from tests.harness.template import PROJECT

NEEDED = (
    "SECRET_KEY",
    "SECOND_FACTOR_KEYS",
    "BASE_URL",
    "DATABASE_URL",
    "REDIS_URL",
    "FROM_EMAIL",
    "EMAIL_URL",
)


def complaints(**environment: str) -> list[str]:
    """What production says when it is started with these variables alone."""
    values = clean_environment(ENVIRONMENT="production", **environment)
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT,
        env=values,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    return [line[4:] for line in done.stderr.splitlines() if line.startswith("  - ")]


def test_every_missing_variable_is_named_at_once_with_its_reason() -> None:
    lines = complaints()
    assert [line.split()[0] for line in lines] == list(NEEDED)
    assert lines[0] == (
        "SECRET_KEY is missing. It signs sessions and links: 50 random characters or more, "
        "kept secret, the same in all processes."
    )
    assert all(" is missing. It " in line and line.endswith(".") for line in lines)


def test_dangerous_values_are_refused() -> None:
    lines = complaints(
        SECRET_KEY="short",
        SECOND_FACTOR_KEYS="short",
        BASE_URL="http://vuoro.example.org",
        DATABASE_URL="mysql://db/vuoro",
        REDIS_URL="http://redis",
        FROM_EMAIL="vuoro@example.org",
        EMAIL_URL="mail.example.org",
        DEBUG="1",
        DEMO="1",
        SENTRY_DSN="",
        PORT="eighty",
    )
    assert [line.split()[0] for line in lines] == [
        *["SECOND_FACTOR_KEYS", "PORT", "SECRET_KEY", "BASE_URL", "DEBUG", "DEMO"],
        *["DATABASE_URL", "REDIS_URL", "EMAIL_URL"],
    ]


def test_sealing_keys_come_in_order_and_none_is_known_to_all() -> None:
    new, old = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    assert sealing_keys(f"{new},\n {old}", secret=True) == [new, old]
    assert sealing_keys(DEVELOPMENT_SEALING_KEY, secret=False) == [DEVELOPMENT_SEALING_KEY]
    with pytest.raises(ValueError, match="key 2 is the one of development"):
        sealing_keys(f"{new} {DEVELOPMENT_SEALING_KEY}", secret=True)
    with pytest.raises(ValueError, match="no key in it"):
        sealing_keys(" ,", secret=False)
    with pytest.raises(ValueError, match="key 2 is not 32 bytes"):
        sealing_keys(f"{new} {old[:20]}", secret=True)


def test_nothing_is_needed_outside_production() -> None:
    environment = Environment({}, strict=False)
    assert environment.needed("SECRET_KEY", "why", otherwise="x") == "x"
    environment.finish()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://vuoro:p%40ss@db.example.org:5433/vuoro?sslmode=require",
            ("vuoro", "vuoro", "p@ss", "db.example.org", "5433", {"sslmode": "require"}),
        ),
        (
            "postgres://vuoro@/vuoro?host=%2Frun%2Fpostgresql",
            ("vuoro", "vuoro", "", "/run/postgresql", "", {}),
        ),
    ],
)
def test_database_addresses(url: str, expected: tuple[object, ...]) -> None:
    database = database_from_url(url)
    keys = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    assert tuple(database[key] for key in keys) == expected


@pytest.mark.parametrize("url", ["", "vuoro", "mysql://db/vuoro", "postgresql://db.example.org"])
def test_what_is_no_database_address(url: str) -> None:
    with pytest.raises(ValueError, match="it "):
        database_from_url(url)


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail", 25, False, False),
        ("smtp+tls://u:p@mail", 587, True, False),
        ("smtps://u:p@mail:4650", 4650, False, True),
    ],
)
def test_mail_addresses(url: str, port: int, starttls: bool, tls: bool) -> None:
    mail = email_from_url(url)
    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"]) == ("mail", port)
    assert (mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"]) == (starttls, tls)


@pytest.mark.parametrize(
    ("url", "cache", "broker"),
    [
        ("redis://r:6379", "redis://r:6379/1", "redis://r:6379"),
        ("rediss://:pw@r:6379/4", "rediss://:pw@r:6379/5", "rediss://:pw@r:6379/4"),
        (
            "unix:///run/r.sock",
            "unix:///run/r.sock?db=1",
            "redis+socket:///run/r.sock?virtual_host=0",
        ),
        (
            "unix:///run/r.sock?db=2",
            "unix:///run/r.sock?db=3",
            "redis+socket:///run/r.sock?virtual_host=2",
        ),
    ],
)
def test_cache_and_broker_are_kept_apart(url: str, cache: str, broker: str) -> None:
    assert redis_database(url, 1) == cache
    assert celery_broker(url) == broker
