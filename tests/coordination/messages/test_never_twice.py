"""Nothing is sent twice: workers race, workers are killed, and the mail server counts."""

import threading
from typing import Any

import pytest
from django.db import connection

from coordination import clock
from coordination.models import OutboxMessage
from coordination.models.messages import MessageState
from coordination.services import messages
from tests.coordination.messages.mail_server import MailServer
from tests.harness.worker import CeleryWorker


def _send_from_threads(message_id: int, count: int) -> None:
    """Each thread has a connection of its own and starts when all are there."""
    barrier = threading.Barrier(count)

    def work() -> None:
        try:
            barrier.wait(10)
            messages.send(message_id, now=clock.now())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def test_many_workers_race_for_one_message(
    transactional_db: None, queue: Any, through_server: MailServer
) -> None:
    message = queue()

    _send_from_threads(message.pk, 8)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.SENT, 1)
    assert len(through_server.accepted) == 1


def test_without_the_claim_the_race_sends_several(
    transactional_db: None,
    queue: Any,
    through_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: it is the claim and the hand-over mark that hold, not luck."""
    message = queue()
    monkeypatch.setattr(messages, "_claim", lambda pk, now: OutboxMessage.objects.get(pk=pk))
    monkeypatch.setattr(messages, "_hand_over", lambda row, now: True)

    _send_from_threads(message.pk, 8)

    assert len(through_server.accepted) > 1


def test_a_claim_that_ran_out_cannot_hand_over(
    transactional_db: None, queue: Any, through_server: MailServer
) -> None:
    """A worker that slept too long finds that its message is somebody else's."""
    message, now = queue(), clock.now()
    slow = messages._claim(message.pk, now=now)
    assert slow is not None

    assert messages.send(message.pk, now=now + messages.CLAIM)

    assert not messages._hand_over(slow, now=now + messages.CLAIM)


def _lapse(message: OutboxMessage) -> None:
    """As if the claim's five minutes were over."""
    OutboxMessage.objects.filter(pk=message.pk).update(claimed_until=clock.now())


def test_a_worker_killed_before_handing_over_loses_nothing(
    worker_on_server: CeleryWorker, mail_server: MailServer, queue: Any
) -> None:
    mail_server.stall_at = "HELLO"
    message = queue()
    assert mail_server.stalled.wait(20), worker_on_server.log()
    worker_on_server.kill()
    mail_server.stall_at = ""
    mail_server.go_on.set()

    _lapse(message)
    worker_on_server.start()
    messages.sweep(now=clock.now())

    worker_on_server.wait_for(lambda: OutboxMessage.objects.get().state == MessageState.SENT)
    assert len(mail_server.accepted) == 1


def test_a_worker_killed_after_the_server_accepted_doubles_nothing(
    worker_on_server: CeleryWorker, mail_server: MailServer, queue: Any
) -> None:
    mail_server.stall_at = "BODY"  # the server has the mail; its answer is on the way
    message = queue()
    assert mail_server.stalled.wait(20), worker_on_server.log()
    worker_on_server.kill()
    mail_server.stall_at = ""
    mail_server.go_on.set()

    _lapse(message)
    worker_on_server.start()
    messages.sweep(now=clock.now())
    other = queue(key="another")

    worker_on_server.wait_for(
        lambda: OutboxMessage.objects.get(pk=other.pk).state == MessageState.SENT
    )
    message.refresh_from_db()
    assert (message.state, message.error_code) == (MessageState.GIVEN_UP, "unknown_outcome")
    sent = [mail["Message-ID"].partition("@")[0] for mail in mail_server.accepted]
    assert sent == [f"<outbox-{message.pk}", f"<outbox-{other.pk}"]
