"""Closing out a session: when it really was, and who was there."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from billing.forms import CloseoutForm
from billing.services import closeout
from coordination import clock
from coordination.access import UserRequest, requires
from coordination.errors import Refused
from coordination.models.activity import TallyForm
from coordination.permissions import Permission
from scheduling.forms.tally import CountsForm
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from scheduling.services import presence

WAITED_FOR = (AssignmentState.PROPOSED, AssignmentState.CONFIRMED, AssignmentState.HELD)
"""Somebody may have been there, also who was asked and never answered."""


def _to_close(request: UserRequest) -> "list[Session]":
    """Sessions of the person's units that are over and not closed, the oldest first."""
    sessions = (
        Session.objects.visible_to(request.user)
        .filter(state__in=(SessionState.OPEN, SessionState.HELD), ends_at__lt=clock.now())
        .filter(assignments__state__in=WAITED_FOR)
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
    data = request.POST if request.method == "POST" else None
    seated = _seated(session)
    asked = presence.unanswered(session) if request.user.access.can(Permission.ASSIGN) else ()
    form = CloseoutForm(data, session=session, seated=seated, asked=asked)
    counters = _counters(request, session, seated)
    if request.method == "POST" and _all_valid(form, *counters.values()):
        try:
            closeout.close_out(
                session,
                actual_starts_at=form.cleaned_data["actual_starts_at"],
                actual_ends_at=form.cleaned_data["actual_ends_at"],
                not_present=form.not_present,
                came_after_all=form.came_after_all,
                counts=_counts(counters),
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
            "someone": bool(seated) or "came" in form.fields,
            "form": form,
            "counters": [(one, counters[one.pk]) for one in seated if one.pk in counters],
            "over": session.ends_at <= clock.now(),
            "people": _people(request, session),
        },
        status=422 if form.is_bound else 200,
    )


def _seated(session: Session) -> list[Assignment]:
    rows = Assignment.objects.filter(
        session=session, state__in=(AssignmentState.CONFIRMED, AssignmentState.HELD)
    )
    return list(rows.select_related("expert", "tally").order_by("seat"))


def _counters(
    request: UserRequest, session: Session, seated: list[Assignment]
) -> dict[int, CountsForm]:
    """The counters of each person's session, by assignment; none where nothing is counted."""
    asked = session.kind.tally_form
    if asked == TallyForm.NONE or not request.user.access.can(Permission.TALLY):
        return {}
    data = request.POST if request.method == "POST" else None
    return {
        one.pk: CountsForm(
            data, asked=asked, tally=getattr(one, "tally", None), prefix=f"counts-{one.pk}"
        )
        for one in seated
    }


def _all_valid(*bound: Form) -> bool:
    valid = [one.is_valid() for one in bound]  # each, so that every form shows its own errors
    return all(valid)


def _counts(counters: dict[int, CountsForm]) -> dict[int, dict[str, int]]:
    """What was counted; where nobody has counted yet, nothing but zeros is nothing to write down."""
    return {
        pk: form.counts
        for pk, form in counters.items()
        if form.has_changed() and (form.tally or any(form.counts.values()))
    }


def _people(request: UserRequest, session: Session) -> list[Assignment]:
    """Whose presence a coordinator can still mend after the session was recorded."""
    may = request.user.access.can(Permission.MANAGE_SESSIONS)
    if session.state != SessionState.CLOSED or not may:
        return []
    recorded = (AssignmentState.HELD, AssignmentState.NO_SHOW)
    known = session.assignments.filter(state__in=recorded).select_related("expert")
    return [*known.order_by("seat"), *presence.unanswered(session)]


@requires(Permission.MANAGE_SESSIONS)
@require_http_methods(["GET", "POST"])
def amend(request: UserRequest, assignment_id: int) -> HttpResponse:
    """Somebody was recorded as there or not there by mistake; the fee follows."""
    assignment = get_object_or_404(
        Assignment.objects.visible_to(request.user)
        .filter(session__state=SessionState.CLOSED)
        .select_related("expert", "session__unit", "session__kind"),
        pk=assignment_id,
    )
    # what the page asked, not what the state is by now: pressing twice does not turn it back
    was_there = request.POST.get("was_there", "yes" if assignment.state != "held" else "no")
    if request.method == "POST":
        try:
            closeout.amend_presence(
                assignment, was_there=was_there == "yes", by=request.user, now=clock.now()
            )
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Mended. The fee was mended too."))
        return redirect("billing:closeout", session_id=assignment.session_id)
    return render(
        request,
        "billing/presence.html",
        {
            "title": _("Was there after all?") if was_there == "yes" else _("Was not there?"),
            "assignment": assignment,
            "session": assignment.session,
            "was_there": was_there,
        },
    )
