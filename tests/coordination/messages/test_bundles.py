"""At most one message a day, unless it is urgent: what waits goes together, once."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from coordination import clock, retention
from coordination.models import OutboxMessage
from coordination.models.messages import Haste, MessageState
from coordination.services import messages
from tests.coordination.messages.mail_server import MailServer
from tests.harness.worker import CeleryWorker

HELSINKI = clock.HOME_ZONE
Queue = Callable[..., OutboxMessage]


def at(text: str) -> dt.datetime:
    """`1.3. 10.00` as a moment of 2027 in Helsinki."""
    day, time = text.split()
    return dt.datetime.strptime(f"{day}2027 {time}", "%d.%m.%Y %H.%M").replace(tzinfo=HELSINKI)


NEXT_WEEK = at("9.3. 10.00")


@pytest.fixture
def ask(queue: Queue) -> Queue:
    return lambda key, now, **more: queue(
        key=key, now=now, haste=Haste.ASK, about_at=NEXT_WEEK, **more
    )


@pytest.fixture
def news(queue: Queue) -> Queue:
    return lambda key, now, **more: queue(
        **{"key": key, "now": now, "haste": Haste.NEWS, "about_at": NEXT_WEEK, **more}
    )


def leave(now: dt.datetime) -> None:
    """What workers do from the sweep on."""
    due = OutboxMessage.objects.filter(state=MessageState.QUEUED, send_after__lte=now)
    for pk in due.order_by("send_after", "pk").values_list("pk", flat=True):
        messages.send(pk, now=now)


def subjects(box: list[Any]) -> list[str]:
    return [mail.subject for mail in box]


# -- when it leaves ------------------------------------------------------------------------------


def test_a_question_leaves_at_once_when_it_is_the_first_of_the_day(db: None, ask: Queue) -> None:
    assert ask("a", at("1.3. 10.00")).send_after == at("1.3. 10.00")
    assert ask("b", at("1.3. 10.05")).send_after == at("2.3. 16.00")
    assert ask("c", at("1.3. 10.05"), to_email="eero@example.org").send_after == at("1.3. 10.05")


def test_news_wait_for_the_afternoon(db: None, news: Queue, ask: Queue) -> None:
    assert news("a", at("1.3. 10.00")).send_after == at("1.3. 16.00")
    assert news("b", at("1.3. 15.59")).send_after == at("1.3. 16.00")
    assert news("c", at("1.3. 16.00")).send_after == at("2.3. 16.00")
    assert ask("d", at("1.3. 17.00")).send_after == at("2.3. 16.00")  # today's have left
    assert ask("e", at("2.3. 00.01")).send_after == at("2.3. 00.01")  # a new day begins at midnight


def test_a_day_changes_at_midnight_in_helsinki_also_when_the_clocks_do(
    db: None, news: Queue
) -> None:
    sunday = news("a", at("27.3. 20.00"), about_at=None)
    assert sunday.send_after == at("28.3. 16.00")
    assert sunday.send_after.astimezone(dt.UTC).hour == 13  # summer time since that morning


@pytest.mark.parametrize(
    ("about", "leaves"),
    [
        ("2.3. 15.59", "1.3. 10.00"),  # waiting until 16 would leave less than a day
        ("2.3. 16.00", "1.3. 16.00"),
        ("1.3. 10.00", "1.3. 10.00"),
        ("28.2. 10.00", "1.3. 16.00"),  # over already: nothing hurries
    ],
)
def test_what_happens_soon_does_not_wait(db: None, queue: Queue, about: str, leaves: str) -> None:
    message = queue(key="a", now=at("1.3. 10.00"), haste=Haste.NEWS, about_at=at(about))

    assert message.send_after == at(leaves)


def test_what_is_urgent_leaves_at_once_and_counts_for_nothing(
    db: None, ask: Queue, queue: Queue
) -> None:
    now, tomorrow = at("1.3. 10.00"), at("2.3. 9.00")
    queue(key="code", now=now)  # about one's account
    soon = queue(key="soon", now=now, haste=Haste.ASK, about_at=tomorrow)
    assert (soon.send_after, soon.haste) == (now, Haste.NOW)

    assert ask("a", now).send_after == now
    late = queue(key="late", now=now, haste=Haste.NEWS, about_at=tomorrow)
    assert late.send_after == now


# -- how it leaves -------------------------------------------------------------------------------


def test_what_waits_leaves_in_one_mail(db: None, news: Queue, mailoutbox: list[Any]) -> None:
    parts = [
        news(key, at("1.3. 10.00"), context={"sentence": f"Asia {key}."}) for key in ("a", "b", "c")
    ]
    news("other", at("1.3. 10.00"), to_email="eero@example.org")
    news("sv", at("1.3. 10.00"), language="sv")

    leave(at("1.3. 15.59"))
    assert mailoutbox == []
    leave(at("1.3. 16.00"))
    leave(at("1.3. 16.01"))

    assert sorted(len(mail.to) for mail in mailoutbox) == [1, 1, 1]
    mail = next(m for m in mailoutbox if "Asia a." in m.body)
    assert mail.subject == f"{parts[0].subject} ja 2 muuta asiaa"
    assert mail.body.index("Asia a.") < mail.body.index("Asia b.") < mail.body.index("Asia c.")
    assert mail.body.count("Ystävällisin terveisin") == 1
    bundle = OutboxMessage.objects.get(kind="bundle")
    assert (bundle.state, bundle.recipient) == (MessageState.SENT, parts[0].recipient)
    assert list(bundle.parts.order_by("pk")) == parts
    assert set(bundle.parts.values_list("state", flat=True)) == {MessageState.BUNDLED}


def test_a_single_one_leaves_as_it_is(db: None, news: Queue, mailoutbox: list[Any]) -> None:
    message = news("a", at("1.3. 10.00"))

    leave(at("1.3. 16.00"))

    assert subjects(mailoutbox) == [message.subject]
    assert OutboxMessage.objects.count() == 1


def test_a_question_takes_along_what_waits_and_stands_first(
    db: None, news: Queue, ask: Queue, mailoutbox: list[Any]
) -> None:
    news("news", at("1.3. 9.00"), context={"sentence": "Uutinen."})
    ask("ask", at("1.3. 10.00"), context={"sentence": "Kysymys?"})

    leave(at("1.3. 10.00"))
    leave(at("1.3. 16.00"))

    [mail] = mailoutbox
    assert mail.body.index("Kysymys?") < mail.body.index("Uutinen.")


def test_keys_and_codes_never_go_with_others(
    db: None, news: Queue, queue: Queue, mailoutbox: list[Any]
) -> None:
    news("a", at("1.3. 15.00"))
    news("b", at("1.3. 15.00"))
    queue(key="code", now=at("1.3. 16.00"))

    leave(at("1.3. 16.00"))

    assert len(mailoutbox) == 2
    assert OutboxMessage.objects.get(key="code").state == MessageState.SENT


# -- once ----------------------------------------------------------------------------------------


def test_workers_that_race_make_one_bundle(
    transactional_db: None, news: Queue, through_server: MailServer
) -> None:
    ids = [news(f"n{number}", at("1.3. 10.00")).pk for number in range(6)]
    barrier = threading.Barrier(len(ids))

    def work(pk: int) -> None:
        try:
            barrier.wait(10)
            messages.send(pk, now=at("1.3. 16.00"))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(pk,)) for pk in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    leave(at("1.3. 16.01"))

    [mail] = through_server.accepted
    text = mail.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert text.decode("latin-1").count("Salasanasi on vaihdettu.") == len(ids)
    assert not OutboxMessage.objects.filter(state=MessageState.QUEUED).exists()


def test_a_worker_waits_for_another_one_that_gathers(
    transactional_db: None, news: Queue, through_server: MailServer
) -> None:
    """Who took only what is free would send a second mail to the same person on the same day."""
    ids = [news(key, at("1.3. 10.00")).pk for key in ("a", "b", "c")]

    def work() -> None:
        try:
            messages.send(ids[0], now=at("1.3. 16.00"))
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    with transaction.atomic():
        OutboxMessage.objects.select_for_update().get(pk=ids[1])
        thread.start()
        while thread.is_alive() and not _somebody_waits():
            time.sleep(0.01)
    thread.join(20)
    leave(at("1.3. 16.01"))

    assert len(through_server.accepted) == 1
    assert OutboxMessage.objects.get(kind="bundle").parts.count() == len(ids)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def test_a_worker_killed_while_bundling_has_done_nothing(
    transactional_db: None, news: Queue, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]
) -> None:
    """Cut short between writing the bundle and marking its parts: neither is there."""
    ids = [news(key, at("1.3. 10.00")).pk for key in ("a", "b")]
    update = type(OutboxMessage.objects.all()).update

    def killed(rows: Any, **values: Any) -> int:
        if values.get("state") == MessageState.BUNDLED:
            raise SystemExit
        return update(rows, **values)

    with monkeypatch.context() as patch:
        patch.setattr(type(OutboxMessage.objects.all()), "update", killed)
        with pytest.raises(SystemExit):
            messages.send(ids[0], now=at("1.3. 16.00"))
    assert list(OutboxMessage.objects.values_list("state", flat=True)) == ["queued", "queued"]

    leave(at("1.3. 16.05"))

    assert len(mailoutbox) == 1


@pytest.mark.parametrize("stall", ["HELLO", "BODY"])
def test_a_worker_killed_while_sending_a_bundle_doubles_nothing(
    worker_on_server: CeleryWorker, mail_server: MailServer, queue: Queue, stall: str
) -> None:
    worker, server = worker_on_server, mail_server
    server.stall_at = stall
    now = clock.now()
    for key in ("a", "b", "c"):
        queue(key=key, now=now - dt.timedelta(days=2), haste=Haste.NEWS)
    messages.sweep(now=now)
    assert server.stalled.wait(20), worker.log()
    worker.kill()
    server.stall_at = ""
    server.go_on.set()

    OutboxMessage.objects.filter(kind="bundle").update(claimed_until=clock.now())
    worker.start()
    messages.sweep(now=clock.now())
    other = queue(key="other")
    worker.wait_for(lambda: OutboxMessage.objects.get(pk=other.pk).state == MessageState.SENT)

    bundle = OutboxMessage.objects.get(kind="bundle")
    worker.wait_for(lambda: OutboxMessage.objects.get(pk=bundle.pk).state != MessageState.QUEUED)
    bundle.refresh_from_db()
    assert bundle.state == (MessageState.SENT if stall == "HELLO" else MessageState.GIVEN_UP)
    ids = [mail["Message-ID"].partition("@")[0] for mail in server.accepted]
    assert sorted(ids) == sorted([f"<outbox-{bundle.pk}", f"<outbox-{other.pk}"])
    assert bundle.parts.count() == 3


def test_old_bundles_go_with_their_parts(db: None, news: Queue, mailoutbox: list[Any]) -> None:
    for key in ("a", "b"):
        news(key, at("1.3. 10.00"))
    leave(at("1.3. 16.00"))

    retention.apply(now=at("1.3. 16.00") + dt.timedelta(days=31))
    assert set(OutboxMessage.objects.values_list("body", flat=True)) == {""}
    retention.apply(now=at("1.3. 16.00") + dt.timedelta(days=370))

    assert not OutboxMessage.objects.exists()
