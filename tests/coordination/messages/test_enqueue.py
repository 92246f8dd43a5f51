"""Writing a message: once for its cause, in the caller's transaction, in the reader's language."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from coordination import clock
from coordination.models import OutboxMessage
from coordination.models.messages import MessageState
from coordination.services import messages


def test_a_message_is_written_with_subject_and_body(db: None, queue: Any) -> None:
    message = queue()

    assert message.state == MessageState.QUEUED
    assert message.to_email == "aino.testila@example.org"
    assert "\n" not in message.subject
    assert message.body.splitlines()[0] == "Salasanasi on vaihdettu."


def test_the_same_key_writes_no_second_one(db: None, queue: Any) -> None:
    queue(key="once")

    again = messages.enqueue(
        kind="account_notice",
        key="once",
        to_email="x@example.org",
        language="fi",
        user=None,
        context={"sentence": "Toinen."},
        now=clock.now(),
    )

    assert again is None
    assert OutboxMessage.objects.count() == 1


def test_a_rolled_back_cause_leaves_no_message(
    db: None, queue: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        queue()
        transaction.set_rollback(True)

    assert not OutboxMessage.objects.exists()
    assert callbacks == []


def test_a_worker_is_woken_once_the_row_is_there(
    db: None, queue: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        queue()

    assert len(callbacks) == 1


def test_a_message_for_later_wakes_nobody(
    db: None, queue: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        queue(send_after=clock.now() + dt.timedelta(hours=1))

    assert callbacks == []


@pytest.mark.parametrize("kind", ["invitation", "login_code", "password_reset", "account_notice"])
def test_each_language_has_its_own_subject(kind: str) -> None:
    """Fails when a translation is missing: source and translation would be equal."""
    subjects = [messages.render(kind, language=code, context={})[0] for code in ("fi", "sv", "en")]

    assert len(set(subjects)) == 3


def test_text_is_not_escaped_as_html() -> None:
    _subject, body = messages.render(
        "account_notice", language="en", context={"sentence": "Tea & talk <9–11>"}
    )

    assert body.startswith("Tea & talk <9–11>\n")


def test_a_template_without_subject_is_an_error() -> None:
    with pytest.raises(ValueError, match="must begin with"):
        messages.render("signature", language="fi", context={})


def test_a_line_break_cannot_make_a_header(db: None, queue: Any, mailoutbox: list[Any]) -> None:
    message = queue()
    OutboxMessage.objects.filter(pk=message.pk).update(subject="A\nBcc: eve@example.org")

    assert not messages.send(message.pk, now=clock.now())
    assert mailoutbox == []
    message.refresh_from_db()
    assert message.error_code == "cannot_be_written"


def test_absolute_url(settings: Any) -> None:
    settings.BASE_URL = "https://vuoro.example.org"

    assert messages.absolute_url("/a/x/") == "https://vuoro.example.org/a/x/"
