"""Messages that may wait go together: at most one a day to a person (design.md, "How it looks and speaks").

What is urgent is no part of this, and never waits. Why it is so: docs/adr/0012.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from coordination.clock import HOME_ZONE
from coordination.models import OutboxMessage
from coordination.models.messages import Haste, MessageState

TOGETHER_AT = dt.time(16)
"""Wall time in Helsinki when the day's news leave: most is written by then, and people are still up."""
SOON = dt.timedelta(hours=24)
"""Nothing waits so long that less than this is left before it happens."""


@dataclass(frozen=True)
class Turn:
    """When a message leaves, and with which haste it is stored."""

    at: dt.datetime
    haste: Haste


def turn_of(to_email: str, haste: Haste, *, about_at: dt.datetime | None, now: dt.datetime) -> Turn:
    """When a message of this haste leaves; `about_at` is when what it is about happens or runs out.

    A question leaves at once unless the person has had a message today; news wait for
    `TOGETHER_AT`, of tomorrow when there has been one. What would then be less than 24 hours away
    is urgent: it leaves at once and counts for nothing.
    """
    if haste is Haste.NOW:
        return Turn(now, haste)
    had_one = _had_one_today(to_email, now=now)
    waits_until = _together_at(now, tomorrow=had_one)
    if about_at is not None and now <= about_at < waits_until + SOON:
        return Turn(now, Haste.NOW)
    if haste is Haste.ASK and not had_one:
        return Turn(now, haste)
    return Turn(waits_until, haste)


def _had_one_today(to_email: str, *, now: dt.datetime) -> bool:
    midnight = dt.datetime.combine(now.astimezone(HOME_ZONE).date(), dt.time(), tzinfo=HOME_ZONE)
    today = OutboxMessage.objects.exclude(haste=Haste.NOW).filter(to_email=to_email)
    return today.filter(send_after__gte=midnight, send_after__lte=now).exists()


def _together_at(now: dt.datetime, *, tomorrow: bool) -> dt.datetime:
    local = now.astimezone(HOME_ZONE)
    late = tomorrow or local.time() >= TOGETHER_AT
    day = local.date() + dt.timedelta(days=1 if late else 0)
    return dt.datetime.combine(day, TOGETHER_AT, tzinfo=HOME_ZONE).astimezone(dt.UTC)


def take_along(message: OutboxMessage, *, now: dt.datetime) -> None:
    """What waits for the same reader leaves together with a question that leaves now."""
    waiting = _of_reader(message).filter(send_after__gt=now).select_for_update(skip_locked=True)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    OutboxMessage.objects.filter(pk__in=ids).update(send_after=now)


def _of_reader(message: OutboxMessage) -> "QuerySet[OutboxMessage]":
    """What has not been tried yet, to the same address in the same language."""
    return OutboxMessage.objects.exclude(haste=Haste.NOW).filter(
        to_email=message.to_email,
        language=message.language,
        state=MessageState.QUEUED,
        attempts=0,
    )


@transaction.atomic
def gather(message_id: int, *, now: dt.datetime) -> int:
    """The id of the mail to send in place of this one: a bundle of all that is due to the same reader.

    The bundle and its parts are written in one transaction, and the parts can be sent by nobody any
    more: who is killed before the commit has done nothing, and the bundle then leaves at most once
    like any other message (docs/adr/0010). Workers that come together wait for each other, in the
    order of the rows: who skipped locked rows would share the parts and send two mails.
    """
    asked = OutboxMessage.objects.filter(pk=message_id).exclude(haste=Haste.NOW).first()
    if asked is None:
        return message_id
    due = _of_reader(asked).filter(send_after__lte=now).order_by("pk").select_for_update()
    parts = sorted(due, key=lambda part: (part.haste != Haste.ASK, part.pk))
    if len(parts) < 2 or message_id not in {part.pk for part in parts}:
        return message_id
    bundle = OutboxMessage.objects.create(**_together(parts), created_at=now, send_after=now)
    OutboxMessage.objects.filter(pk__in=[part.pk for part in parts]).update(
        state=MessageState.BUNDLED, bundle=bundle
    )
    return bundle.pk


def _together(parts: list[OutboxMessage]) -> dict[str, Any]:
    """One mail of several, in their language: questions first, then as they were written."""
    first = parts[0]
    with translation.override(first.language):
        ending = render_to_string("mail/signature.txt", {"base_url": settings.BASE_URL}).strip()
        context = {
            "first": first.subject,
            "others": len(parts) - 1,
            "base_url": settings.BASE_URL,
            "parts": [
                (part.subject, part.body.strip().removesuffix(ending).strip()) for part in parts
            ],
        }
    from coordination.services.messages import render  # noqa: PLC0415  # it imports this module

    subject, body = render("bundle", language=first.language, context=context)
    return {
        "key": f"bundle:{min(part.pk for part in parts)}",
        "kind": "bundle",
        "recipient_id": first.recipient_id,
        "to_email": first.to_email,
        "language": first.language,
        "subject": subject,
        "body": body,
    }
