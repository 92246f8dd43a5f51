"""A mail server of our own that can refuse, hang up or stall, and messages to send through it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from coordination import clock
from coordination.models import OutboxMessage
from coordination.services import messages
from tests.coordination.messages.mail_server import MailServer


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
