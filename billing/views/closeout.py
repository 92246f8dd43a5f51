"""Closing out a session: when it really was, and who was there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from billing.forms import CloseoutForm
from billing.services import closeout
from coordination import clock
from coordination.access import UserRequest, requires
from coordination.errors import Refused
from coordination.permissions import Permission
from scheduling.models import Assignment, AssignmentState, Session, SessionState


def _to_close(request: UserRequest) -> "list[Session]":
    """Sessions of the person's units that are over and not closed, the oldest first."""
    sessions = (
        Session.objects.visible_to(request.user)
        .filter(state__in=(SessionState.OPEN, SessionState.HELD), ends_at__lt=clock.now())
        .filter(assignments__state__in=(AssignmentState.CONFIRMED, AssignmentState.HELD))
        .select_related("unit", "kind")
        .distinct()
        .order_by("starts_at")
    )
    return list(sessions[:200])


@requires(Permission.CLOSE_OUT)
@require_GET
def index(request: UserRequest) -> HttpResponse:
    """What waits to be closed out."""
    return render(
        request,
        "billing/closeouts.html",
        {"title": _("To be recorded"), "sessions": _to_close(request)},
    )


@requires(Permission.CLOSE_OUT)
@require_http_methods(["GET", "POST"])
def close(request: UserRequest, session_id: int) -> HttpResponse:
    """Record one session and go on to the next."""
    session = get_object_or_404(
        Session.objects.visible_to(request.user).select_related("unit", "kind", "site"),
        pk=session_id,
    )
    seated = list(
        Assignment.objects.filter(
            session=session, state__in=(AssignmentState.CONFIRMED, AssignmentState.HELD)
        )
        .select_related("expert", "tally")
        .order_by("seat")
    )
    form = CloseoutForm(
        request.POST if request.method == "POST" else None, session=session, seated=seated
    )
    if request.method == "POST" and form.is_valid():
        try:
            closeout.close_out(
                session,
                actual_starts_at=form.cleaned_data["actual_starts_at"],
                actual_ends_at=form.cleaned_data["actual_ends_at"],
                not_present=form.not_present,
                by=request.user,
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Recorded. Thank you."))
            return redirect("billing:closeouts")
    return render(
        request,
        "billing/closeout.html",
        {
            "title": _("Record the session"),
            "session": session,
            "seated": seated,
            "form": form,
            "over": session.ends_at <= clock.now(),
        },
        status=422 if form.is_bound else 200,
    )
