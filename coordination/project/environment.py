"""Reads the environment and collects everything that is wrong with it, so that one start tells all."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit, urlunsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

DEVELOPMENT_SEALING_KEY = "a25vd24tdG8tZXZlcnlib2R5LWRldmVsb3BtZW50LTE="
"""For development, tests and the demo: everybody can read it here."""

ON = frozenset({"1", "true", "yes", "on"})


class Environment:
    """`values` is os.environ or a stand-in. With `strict` off, a missing variable takes its development value."""

    def __init__(self, values: Mapping[str, str], *, strict: bool) -> None:
        self.values = values
        self.strict = strict
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.text(name, "1" if default else "0").lower() in ON

    def number(self, name: str, default: int) -> int:
        text = self.text(name, str(default))
        if not text.isdigit():
            self.problems.append(f"{name} must be a whole number, not {text!r}.")
            return default
        return int(text)

    def needed(self, name: str, why: str, *, otherwise: str) -> str:
        """A variable production cannot do without; `why` is a sentence that says what it is for and its form."""
        text = self.text(name)
        if not text and self.strict:
            self.problems.append(f"{name} is missing. {why}")
        return text or otherwise

    def words(self, name: str, default: str) -> list[str]:
        return [word for word in self.text(name, default).replace(",", " ").split() if word]

    def finish(self) -> None:
        """Raises ImproperlyConfigured with one line for each problem."""
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise ImproperlyConfigured(f"Vuoro cannot start:\n{lines}\nSee docs/operations.md.")


def sealing_keys(text: str, *, secret: bool) -> list[str]:
    """Fernet keys, the newest first, separated by commas or spaces; `secret` ones are not the one known to all.

    Raises ValueError when one of them is no key.
    """
    keys = text.replace(",", " ").split()
    for number, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ValueError(f"key {number} is not 32 bytes in URL-safe Base64") from None
        if secret and key == DEVELOPMENT_SEALING_KEY:
            raise ValueError(f"key {number} is the one of development, which everybody knows")
    if not keys:
        raise ValueError("there is no key in it")
    return keys


def database_from_url(url: str) -> dict[str, Any]:
    """Django's settings for a libpq URL, sockets included (`postgresql://user@/name?host=/run/postgresql`).

    Raises ValueError when it is no such URL.
    """
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise ValueError("it must begin with postgresql://")
    try:
        parts = dict(conninfo_to_dict(url))
    except Exception as error:
        raise ValueError(str(error).strip()) from error
    names = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }
    database = {key: str(parts.pop(part, "") or "") for key, part in names.items()}
    if not database["NAME"]:
        raise ValueError("it names no database")
    return {"ENGINE": "django.db.backends.postgresql", **database, "OPTIONS": parts}


def email_from_url(url: str) -> dict[str, Any]:
    """Django's e-mail settings for `smtp://`, `smtp+tls://` (STARTTLS) or `smtps://` (TLS from the start).

    Raises ValueError when it is none of them.
    """
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ValueError("it must look like smtp+tls://user:password@mail.example.org:587")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def redis_database(url: str, step: int) -> str:
    """The same Redis, `step` databases further: cache and broker are kept apart, so clearing one spares the other.

    Raises ValueError when it is no Redis URL.
    """
    parts = urlsplit(url)
    if parts.scheme in {"redis", "rediss"} and parts.hostname:
        number = int(parts.path.strip("/") or 0) + step
        return urlunsplit(parts._replace(path=f"/{number}"))
    if parts.scheme == "unix" and parts.path:
        number = int(parse_qs(parts.query).get("db", ["0"])[0]) + step
        return f"unix://{parts.path}?{urlencode({'db': number})}"
    raise ValueError("it must look like redis://host:6379/0, rediss://… or unix:///path/redis.sock")


def celery_broker(url: str) -> str:
    """A redis-py URL in the form Celery understands: sockets are written another way there."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"
