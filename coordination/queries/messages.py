"""The outbox as staff see it: what went to whom, and never a link that opens something."""

import re

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from coordination.models import OutboxMessage
from coordination.models.messages import MessageState
from coordination.services.messages import KEY_KINDS

_LINKS = re.compile(r"https?://\S+")


def messages(*, state: str = "", to: str = "") -> QuerySet[OutboxMessage]:
    """Messages, the newest first, without their texts."""
    found = OutboxMessage.objects.defer("body").select_related("recipient")
    if state:
        found = found.filter(state=state)
    if to:
        found = found.filter(Q(to_email__icontains=to) | Q(recipient__name__icontains=to))
    return found


def given_up() -> QuerySet[OutboxMessage]:
    """Messages that wait for a person's decision."""
    return OutboxMessage.objects.filter(state=MessageState.GIVEN_UP).defer("body")


def readable_body(message: OutboxMessage) -> str:
    """The text as staff may read it: in the demo all of it; else without links, and nothing at all of
    kinds whose text opens an account.
    """
    if settings.DEMO:
        return message.body
    if message.kind in KEY_KINDS:
        return ""
    return _LINKS.sub(lambda _found: f"[{_('link')}]", message.body)
