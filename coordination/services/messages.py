"""The outbox: a message is a row written with what caused it, and it leaves at most once.

How sending works, and why a message may be left for a person to decide: docs/adr/0010.
"""

import datetime as dt
import smtplib
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.template import Context
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from coordination.errors import Refused
from coordination.models import OutboxMessage, User
from coordination.models.messages import Haste, MessageState
from coordination.services import bundles
from coordination.wake import wake

MAX_ATTEMPTS = 8
FIRST_WAIT = dt.timedelta(minutes=1)
"""After the first failure; doubled each time, so eight tries take about two hours."""
CLAIM = dt.timedelta(minutes=5)
"""How long a message belongs to one worker: longer than any mail server takes."""
SWEEP_AT_ONCE = 200
SUBJECT = "Subject: "

KEY_KINDS = frozenset({"login_code", "password_reset", "invitation"})
"""Kinds whose text opens an account; the text is dropped the moment the message has left."""

log = structlog.get_logger(__name__)


def absolute_url(path: str) -> str:
    """The address people can open from a mail, from a path that begins with a slash."""
    return f"{settings.BASE_URL}{path}"


def enqueue(
    *,
    kind: str,
    key: str,
    to_email: str,
    language: str,
    user: User | None,
    context: dict[str, object],
    now: dt.datetime,
    send_after: dt.datetime | None = None,
    haste: Haste = Haste.NOW,
    about_at: dt.datetime | None = None,
) -> OutboxMessage | None:
    """Write a message into the outbox, in the caller's transaction; None when the key is there already.

    The text is the template `mail/<kind>.txt` in `language` ("fi", "sv", "en"): a first line
    `Subject: …`, an empty line, the body. `key` says what the message is about, so that a cause
    that is tried again writes no second one. Nothing leaves before `send_after`. What is not to go
    at once says so by its `haste`, and when what it is about happens by `about_at`: see `bundles`.
    """
    if OutboxMessage.objects.filter(key=key).exists():
        return None
    turn = bundles.turn_of(to_email, haste, about_at=about_at, now=now)
    subject, body = render(kind, language=language, context=context)
    fields: dict[str, Any] = {
        "kind": kind,
        "recipient": user,
        "to_email": to_email,
        "language": language,
        "subject": subject,
        "body": body,
        "created_at": now,
        "send_after": send_after or turn.at,
        "haste": turn.haste,
    }
    message, is_new = OutboxMessage.objects.get_or_create(key=key, defaults=fields)
    if not is_new:
        return None
    if message.send_after <= now:
        if turn.haste is Haste.ASK:
            bundles.take_along(message, now=now)
        _wake(message)
    return message


def render(kind: str, *, language: str, context: dict[str, object]) -> tuple[str, str]:
    """Subject and body of a kind of message. Raises ValueError when the template has no subject line."""
    with translation.override(language):
        values = {"base_url": settings.BASE_URL, **context}
        template: Any = get_template(f"mail/{kind}.txt")  # Django's own engine: it has .template
        text = template.template.render(Context(values, autoescape=False)).strip()
    head, _newline, body = text.partition("\n")
    if not head.startswith(SUBJECT) or not body.startswith("\n"):
        raise ValueError(f"mail/{kind}.txt must begin with '{SUBJECT}…' and an empty line.")
    return head.removeprefix(SUBJECT).strip()[:200], body.strip() + "\n"


def _wake(message: OutboxMessage) -> None:
    """Tell a worker once the row is there. A lost wake-up costs a minute: the sweep finds the row."""
    from coordination.tasks import send_message  # noqa: PLC0415  # tasks import this module

    wake(send_message, message_id=message.pk)


# -- sending -----------------------------------------------------------------------------------


def send(message_id: int, *, now: dt.datetime) -> bool:
    """Send a waiting message; False when it is not ours to send. Any number of workers may call this.

    Claimed, connected, marked as handed over, given to the mail server, marked as sent: each mark
    is an UPDATE with a condition, committed by itself. Must not run inside a transaction. What may
    wait is sent together with all else that is due to the same person.
    """
    message = _claim(bundles.gather(message_id, now=now), now=now)
    if message is None:
        return False
    try:
        with get_connection() as connection:
            if not _hand_over(message, now=now):
                return False
            connection.send_messages([_mail(message)])
    except Exception as error:  # noqa: BLE001  # whatever a mail library raises, the row must know
        _failed(message, error, now=now)
        return False
    _sent(message, now=now)
    return True


def _claim(message_id: int, *, now: dt.datetime) -> OutboxMessage | None:
    claimed = _due(now).filter(pk=message_id, handed_over_at__isnull=True)
    if not claimed.update(claimed_until=now + CLAIM, attempts=F("attempts") + 1):
        return None
    return OutboxMessage.objects.get(pk=message_id)


def _due(now: dt.datetime) -> Any:
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    return OutboxMessage.objects.filter(free, state=MessageState.QUEUED, send_after__lte=now)


def _mine(message: OutboxMessage) -> Any:
    """The row while our claim holds; another worker's claim has another end or another number."""
    return OutboxMessage.objects.filter(
        pk=message.pk,
        state=MessageState.QUEUED,
        claimed_until=message.claimed_until,
        attempts=message.attempts,
    )


def _hand_over(message: OutboxMessage, *, now: dt.datetime) -> bool:
    return bool(_mine(message).filter(handed_over_at__isnull=True).update(handed_over_at=now))


def _mail(message: OutboxMessage) -> EmailMessage:
    host = settings.BASE_URL.partition("://")[2].partition(":")[0]
    headers = {
        # the same for ever, so a mail that comes twice after all is shown once
        "Message-ID": f"<outbox-{message.pk}@{host}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    return EmailMessage(
        subject=message.subject, body=message.body, to=[message.to_email], headers=headers
    )


def _sent(message: OutboxMessage, *, now: dt.datetime) -> None:
    dropped = {"body": ""} if message.kind in KEY_KINDS and not settings.DEMO else {}
    _mine(message).update(
        state=MessageState.SENT, sent_at=now, claimed_until=None, error_code="", **dropped
    )
    log.info("message sent", message_id=message.pk, kind=message.kind)


def _failed(message: OutboxMessage, error: Exception, *, now: dt.datetime) -> None:
    """Refused or never handed over: try again later. Perhaps accepted: a person decides."""
    code, refused = _reading(error)
    message.refresh_from_db(fields=["handed_over_at"])
    unknown = message.handed_over_at is not None and not refused
    final = unknown or code.startswith("smtp_5") or message.attempts >= MAX_ATTEMPTS
    wait = FIRST_WAIT * 2 ** (message.attempts - 1)
    _mine(message).update(
        state=MessageState.GIVEN_UP if final else MessageState.QUEUED,
        error_code="unknown_outcome" if unknown else code,
        send_after=now + wait,
        claimed_until=None,
        handed_over_at=message.handed_over_at if unknown else None,
    )
    log.warning("message not sent", message_id=message.pk, error_code=code, given_up=final)


def _reading(error: Exception) -> tuple[str, bool]:
    """A code without any text of the server (it repeats addresses), and whether it surely said no."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = [int(code) for code, _text in error.recipients.values()]
        return f"smtp_{max(replies, default=0)}", True
    if isinstance(error, smtplib.SMTPResponseException):
        return f"smtp_{error.smtp_code}", True
    if isinstance(error, BadHeaderError | UnicodeError):
        return "cannot_be_written", True
    return "no_connection" if isinstance(error, OSError) else "unexpected", False


# -- the sweep, and what people may do -----------------------------------------------------------


def sweep(*, now: dt.datetime) -> int:
    """Wake a worker for each message that is due and nobody's; how many. Also finds the lost ones.

    A message handed over by a worker that never came back may have left: it is given up with the
    code `unknown_outcome`, and a person decides.
    """
    from coordination.tasks import send_message  # noqa: PLC0415  # tasks import this module

    _due(now).filter(handed_over_at__isnull=False).update(
        state=MessageState.GIVEN_UP, error_code="unknown_outcome", claimed_until=None
    )
    due = _due(now).order_by("send_after", "pk").values_list("pk", flat=True)[:SWEEP_AT_ONCE]
    for message_id in due:
        # a task that waits longer than a minute is not needed: the next sweep makes another
        wake(send_message, expires=60, message_id=message_id)
    return len(due)


@transaction.atomic
def send_again(message: OutboxMessage, *, by: User, now: dt.datetime) -> None:
    """Put a message that was given up back into the queue, with all its tries.

    Raises Refused: `wrong_state` when it is not given up, `text_gone` when its text was dropped.
    """
    row = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if row.state != MessageState.GIVEN_UP:
        raise Refused(_("This message is on its way already."), code="wrong_state")
    if not row.body:
        raise Refused(_("The text of this message is no longer kept."), code="text_gone")
    row.state, row.attempts, row.send_after = MessageState.QUEUED, 0, now
    row.claimed_until = row.handed_over_at = None
    row.error_code = ""
    row.save(
        update_fields=[
            *("state", "attempts", "send_after", "claimed_until", "handed_over_at", "error_code")
        ]
    )
    _wake(row)
    log.info("message sent again", message_id=row.pk, by=by.pk)
