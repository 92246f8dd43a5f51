"""Sending: once, whatever the mail server says; tried again when it surely was not accepted."""

import datetime as dt
from typing import Any

import pytest

from coordination import clock, retention
from coordination.errors import Refused
from coordination.models import OutboxMessage
from coordination.models.messages import MessageState
from coordination.services import messages
from tests.coordination.messages.mail_server import MailServer


def test_a_message_leaves_and_is_marked(
    transactional_db: None, queue: Any, through_server: MailServer
) -> None:
    message = queue()
    now = clock.now()

    assert messages.send(message.pk, now=now)

    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == (MessageState.SENT, now, 1)
    [mail] = through_server.accepted
    assert mail["To"] == "aino.testila@example.org"
    assert mail["Message-ID"] == f"<outbox-{message.pk}@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Salasanasi on vaihdettu." in mail.get_content()


def test_a_second_task_sends_nothing(
    transactional_db: None, queue: Any, through_server: MailServer
) -> None:
    message = queue()
    messages.send(message.pk, now=clock.now())

    assert not messages.send(message.pk, now=clock.now())
    assert len(through_server.accepted) == 1


def test_nothing_leaves_before_its_time(
    transactional_db: None, queue: Any, through_server: MailServer
) -> None:
    now = clock.now()
    message = queue(send_after=now + dt.timedelta(hours=1))

    assert not messages.send(message.pk, now=now)
    assert messages.send(message.pk, now=now + dt.timedelta(hours=1))


@pytest.mark.parametrize("step", ["HELLO", "MAIL", "RCPT", "DATA", "BODY"])
def test_a_passing_refusal_is_tried_again_later(
    transactional_db: None, queue: Any, through_server: MailServer, step: str
) -> None:
    through_server.replies[step] = "421 busy" if step == "HELLO" else "451 later"
    message, now = queue(), clock.now()

    assert not messages.send(message.pk, now=now)
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED
    assert message.error_code == ("smtp_421" if step == "HELLO" else "smtp_451")
    assert message.send_after == now + dt.timedelta(minutes=1)

    through_server.replies.clear()
    assert messages.send(message.pk, now=message.send_after)
    assert len(through_server.accepted) == 1


def test_waits_double_and_after_eight_tries_it_is_given_up(
    transactional_db: None, queue: Any, through_server: MailServer
) -> None:
    through_server.replies["RCPT"] = "450 not now aino.testila@example.org"
    message = queue()
    waits = []
    for _try in range(8):
        moment = message.send_after
        messages.send(message.pk, now=moment)
        message.refresh_from_db()
        waits.append((message.send_after - moment).total_seconds() / 60)

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128]
    assert message.state == MessageState.GIVEN_UP
    assert message.error_code == "smtp_450"  # a code only: the server's text repeats the address


def test_a_final_refusal_is_not_tried_again(
    transactional_db: None, queue: Any, through_server: MailServer
) -> None:
    through_server.replies["RCPT"] = "550 no such person"
    message = queue()

    messages.send(message.pk, now=clock.now())

    message.refresh_from_db()
    assert (message.state, message.error_code) == (MessageState.GIVEN_UP, "smtp_550")


def test_no_server_is_tried_again(transactional_db: None, queue: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = queue()

    messages.send(message.pk, now=clock.now())

    message.refresh_from_db()
    assert (message.state, message.error_code) == (MessageState.QUEUED, "no_connection")


def test_silence_after_the_text_is_left_to_a_person(
    transactional_db: None, queue: Any, through_server: MailServer, cast: Any
) -> None:
    """The server may have accepted it: trying again could send it twice."""
    through_server.replies["BODY"] = "hang up"
    message, now = queue(), clock.now()

    messages.send(message.pk, now=now)
    messages.sweep(now=now + dt.timedelta(days=1))

    message.refresh_from_db()
    assert (message.state, message.error_code) == (MessageState.GIVEN_UP, "unknown_outcome")

    through_server.replies.clear()
    messages.send_again(message, by=cast.coordinator, now=now)
    assert messages.send(message.pk, now=now)


def test_what_a_worker_left_after_handing_over_is_not_sent_again(
    transactional_db: None, queue: Any, through_server: MailServer
) -> None:
    message, now = queue(), clock.now()
    OutboxMessage.objects.filter(pk=message.pk).update(
        attempts=1, claimed_until=now, handed_over_at=now
    )

    messages.sweep(now=now)

    message.refresh_from_db()
    assert (message.state, message.error_code) == (MessageState.GIVEN_UP, "unknown_outcome")
    assert not messages.send(message.pk, now=now)


def test_what_a_worker_left_before_handing_over_is_sent(
    transactional_db: None, queue: Any, through_server: MailServer
) -> None:
    message, now = queue(), clock.now()
    OutboxMessage.objects.filter(pk=message.pk).update(attempts=1, claimed_until=now)

    assert messages.sweep(now=now) == 1
    assert messages.send(message.pk, now=now)
    assert len(through_server.accepted) == 1


def test_another_workers_claim_is_respected(
    transactional_db: None, queue: Any, through_server: MailServer
) -> None:
    message, now = queue(), clock.now()
    OutboxMessage.objects.filter(pk=message.pk).update(
        attempts=1, claimed_until=now + dt.timedelta(seconds=1)
    )

    assert messages.sweep(now=now) == 0
    assert not messages.send(message.pk, now=now)


def test_only_what_was_given_up_can_be_sent_again(
    transactional_db: None, queue: Any, cast: Any
) -> None:
    with pytest.raises(Refused) as refused:
        messages.send_again(queue(), by=cast.coordinator, now=clock.now())

    assert refused.value.code == "wrong_state"


def test_a_dropped_text_cannot_be_sent_again(transactional_db: None, queue: Any, cast: Any) -> None:
    message = queue()
    OutboxMessage.objects.update(state=MessageState.GIVEN_UP, body="")

    with pytest.raises(Refused) as refused:
        messages.send_again(message, by=cast.coordinator, now=clock.now())

    assert refused.value.code == "text_gone"


def test_a_text_that_opens_an_account_goes_with_the_mail(
    transactional_db: None, queue: Any, through_server: MailServer, settings: Any
) -> None:
    settings.DEMO = False
    message = queue(kind="login_code", context={"code": "ABC-DEF"})

    messages.send(message.pk, now=clock.now())

    message.refresh_from_db()
    assert message.body == ""
    assert "ABC-DEF" not in message.subject
    assert "ABC-DEF" in through_server.accepted[0].get_content()


def test_old_texts_are_dropped_and_waiting_ones_kept(
    transactional_db: None, queue: Any, mailoutbox: Any
) -> None:
    now = clock.now()
    old = now - dt.timedelta(days=31)
    sent, young, waiting = (
        queue(key=key, now=moment) for key, moment in (("a", old), ("b", now), ("c", old))
    )
    for message in (sent, young):
        messages.send(message.pk, now=now)

    assert retention.apply(now=now) == {"coordination.OutboxMessage": 1}

    bodies = dict(OutboxMessage.objects.values_list("key", "body"))
    assert bodies["a"] == ""
    assert bodies["b"]
    assert bodies["c"]
    assert waiting.state == MessageState.QUEUED
