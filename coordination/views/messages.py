"""The outbox: what was told to whom, and what could not be sent."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coordination import clock
from coordination.access import UserRequest, requires
from coordination.forms.messages import MessageFilter
from coordination.models import OutboxMessage
from coordination.permissions import Permission
from coordination.queries import messages as found
from coordination.services import messages as outbox
from coordination.services import traces
from coordination.views.common import filtered, page_of, try_to


@requires(Permission.VIEW_OUTBOX)
@require_safe
def messages(request: UserRequest) -> HttpResponse:
    """All messages, the newest first."""
    form, values = filtered(MessageFilter, request)
    page = page_of(request, found.messages(**values))
    context = {"title": _("Messages"), "filter": form, "page": page, "is_demo": settings.DEMO}
    return render(request, "coordination/messages/list.html", context)


@requires(Permission.VIEW_OUTBOX)
@require_safe
def message(request: UserRequest, pk: int) -> HttpResponse:
    """One message: its way, and its text without links (in the demo, with them)."""
    shown = get_object_or_404(OutboxMessage.objects.select_related("recipient", "bundle"), pk=pk)
    traces.account_seen(shown.recipient_id, viewer=request.user, page="message", now=clock.now())
    context = {
        "title": shown.subject,
        "message": shown,
        "body": found.readable_body(shown),
        "is_demo": settings.DEMO,
        "now": clock.now(),
    }
    return render(request, "coordination/messages/detail.html", context)


@requires(Permission.VIEW_OUTBOX)
@require_POST
def message_again(request: UserRequest, pk: int) -> HttpResponse:
    """Send once more what was given up."""
    shown = get_object_or_404(OutboxMessage, pk=pk)
    now = clock.now()
    try_to(
        request,
        lambda: outbox.send_again(shown, by=request.user, now=now),
        _("The message is on its way again."),
    )
    return redirect("message", pk=pk)
