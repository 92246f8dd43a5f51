"""A mail server of our own that can refuse, hang up or stall, and messages to send through it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from coordination import clock
from coordination.models import OutboxMessage
from coordination.services import messages
from tests.coordination.messages.mail_server import MailServer
from tests.harness.worker import CeleryWorker


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def through_server(mail_server: MailServer, settings: Any) -> MailServer:
    """This process sends through the server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    settings.EMAIL_TIMEOUT = 5
    return mail_server


@pytest.fixture
def worker_on_server(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, transactional_db: None, redis_url: str
) -> Iterator[CeleryWorker]:
    """A real worker that sends through the server."""
    monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{mail_server.port}")
    worker = CeleryWorker()
    worker.start()
    yield worker
    worker.stop()
    with redis.from_url(redis_url) as broker:
        broker.delete("unacked", "unacked_index", "default", "mail")


@pytest.fixture
def queue() -> Callable[..., OutboxMessage]:
    """Writes a message; `queue(key="a")`."""

    def make(key: str = "test:1", now: dt.datetime | None = None, **changes: Any) -> OutboxMessage:
        fields: dict[str, Any] = {
            "kind": "account_notice",
            "key": key,
            "to_email": "aino.testila@example.org",
            "language": "fi",
            "user": None,
            "context": {"sentence": "Salasanasi on vaihdettu."},
            "now": now or clock.now(),
        }
        message = messages.enqueue(**{**fields, **changes})
        assert message is not None
        return message

    return make
