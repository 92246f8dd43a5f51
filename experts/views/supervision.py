"""Work supervision: planned by coordinators, held and marked by them or by the own supervisor."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from coordination import clock, formats
from coordination.access import UserRequest, requires
from coordination.permissions import Permission
from experts.forms.supervision import AttendanceForm, SessionForm
from experts.models import SupervisionSession
from experts.models.supervision import SupervisionState
from experts.queries import due_panel
from experts.services import supervision
from experts.views.common import do_or_say, form_page, posted, saved

_both = require_http_methods(["GET", "POST"])


def _session_or_404(request: UserRequest, session_id: int) -> SupervisionSession:
    rows = SupervisionSession.objects.visible_to(request.user).select_related("supervisor")
    return get_object_or_404(rows, pk=session_id)


def _held_by_me_or_404(request: UserRequest, session_id: int) -> SupervisionSession:
    rows = SupervisionSession.objects.filter(supervisor=request.user)
    return get_object_or_404(rows.select_related("supervisor"), pk=session_id)


@requires(Permission.MANAGE_SUPERVISION)
@require_GET
def index(request: UserRequest) -> HttpResponse:
    """Sessions ahead, then who is due, then what was."""
    now = clock.now()
    sessions = SupervisionSession.objects.visible_to(request.user).select_related("supervisor")
    sessions = sessions.prefetch_related("attendances__expert")
    open_ones = sessions.filter(state=SupervisionState.PLANNED).order_by("starts_at")
    past = sessions.exclude(state=SupervisionState.PLANNED).order_by("-starts_at")
    context = {
        "title": _("Work supervision"),
        "ahead": open_ones,
        "due": due_panel.due_people(today=clock.today(now)),
        "page": Paginator(past, 25).get_page(request.GET.get("page")),
        "now": now,
    }
    return render(request, "experts/supervision/list.html", context)


@requires(Permission.MANAGE_SUPERVISION)
@_both
def new(request: UserRequest) -> HttpResponse:
    """Plan a session; `?expert=…` chooses people beforehand."""
    given = request.GET.getlist("expert")
    chosen = [int(value) for value in given if value.isascii() and value.isdecimal()]
    form = SessionForm(posted(request), user=request.user, today=clock.today(), invited=chosen)
    made: list[SupervisionSession] = []

    def save() -> None:
        made.append(
            supervision.plan(
                form.details(), experts=form.invited(), by=request.user, now=clock.now()
            )
        )

    if form.is_valid() and saved(request, form, save, _invited_text(len(form.invited()))):
        return redirect("experts:supervision", made[0].pk)
    return form_page(
        request,
        form,
        title=_("New supervision session"),
        back_url=reverse("experts:supervisions"),
        back_label=_("Work supervision"),
        submit=_("Plan and invite"),
        template="experts/supervision/form.html",
    )


def _invited_text(count: int) -> str:
    return ngettext(
        "The session is planned, and %(number)s person was invited.",
        "The session is planned, and %(number)s people were invited.",
        count,
    ) % {"number": count}


@requires(Permission.MANAGE_SUPERVISION)
@require_GET
def session(request: UserRequest, session_id: int) -> HttpResponse:
    """One session, for the coordinator."""
    return _page(request, _session_or_404(request, session_id), is_manager=True)


@requires(Permission.VIEW_OWN_SUPERVISION)
@require_GET
def held_session(request: UserRequest, session_id: int) -> HttpResponse:
    """One session, for the supervisor who holds it."""
    return _page(request, _held_by_me_or_404(request, session_id), is_manager=False)


def _page(request: UserRequest, found: SupervisionSession, *, is_manager: bool) -> HttpResponse:
    planned = found.state == SupervisionState.PLANNED
    cancelled = found.state == SupervisionState.CANCELLED
    context = {
        "title": capfirst(found.get_form_display()),
        "session": found,
        "attendances": found.attendances.select_related("expert").order_by("expert__name"),
        "is_manager": is_manager,
        "may_change": is_manager and planned,
        "may_mark": not cancelled and found.starts_at <= clock.now(),
        "back_url": reverse("experts:supervisions" if is_manager else "supervisor_home"),
        "mark_url": reverse(
            "experts:supervision_held" if is_manager else "experts:held_session_attendance",
            args=[found.pk],
        ),
    }
    return render(request, "experts/supervision/session.html", context)


@requires(Permission.MANAGE_SUPERVISION)
@_both
def edit(request: UserRequest, session_id: int) -> HttpResponse:
    """Move a session or change who is invited."""
    found = _session_or_404(request, session_id)
    if request.method == "GET" and found.state != SupervisionState.PLANNED:
        return redirect("experts:supervision", found.pk)  # nothing of it changes any more
    form = SessionForm(posted(request), user=request.user, today=clock.today(), session=found)

    def save() -> None:
        supervision.change(
            found, form.details(), experts=form.invited(), by=request.user, now=clock.now()
        )

    if form.is_valid() and saved(request, form, save, _("The changes have been saved.")):
        return redirect("experts:supervision", found.pk)
    return form_page(
        request,
        form,
        title=_("Change the supervision session"),
        back_url=reverse("experts:supervision", args=[found.pk]),
        back_label=_("Supervision session"),
        submit=_("Save and tell those concerned"),
        template="experts/supervision/form.html",
    )


@requires(Permission.MANAGE_SUPERVISION)
@_both
def cancel(request: UserRequest, session_id: int) -> HttpResponse:
    """Call a session off."""
    found = _session_or_404(request, session_id)
    url = reverse("experts:supervision", args=[found.pk])
    if request.method == "POST":
        return do_or_say(
            request,
            lambda: supervision.cancel(found, by=request.user, now=clock.now()),
            _("The session is off."),
            url,
        )
    if found.state != SupervisionState.PLANNED:
        return redirect(url)
    count = found.attendances.count()
    sentence = ngettext(
        "%(number)s person gets a message, and the time is free again.",
        "%(number)s people get a message, and their time is free again.",
        count,
    )
    context = {
        "title": _("Call the supervision session off?"),
        "sentences": [_when(found), sentence % {"number": count}],
        "yes": _("Call the session off"),
        "danger": True,
        "back_url": url,
    }
    return render(request, "web/confirm.html", context)


def _when(found: SupervisionSession) -> str:
    """ "Ryhmätyönohjaus, to 4.3.2027 klo 16.30–18.00": which session it is."""
    form, when = capfirst(found.get_form_display()), formats.when(found.starts_at, found.ends_at)
    return f"{form}, {when}"


@requires(Permission.MANAGE_SUPERVISION)
@_both
def attendance(request: UserRequest, session_id: int) -> HttpResponse:
    """Mark who was there, by the coordinator."""
    found = _session_or_404(request, session_id)
    return _attendance(request, found, reverse("experts:supervision", args=[found.pk]))


@requires(Permission.VIEW_OWN_SUPERVISION)
@_both
def held_session_attendance(request: UserRequest, session_id: int) -> HttpResponse:
    """Mark who was there, by the supervisor."""
    found = _held_by_me_or_404(request, session_id)
    return _attendance(request, found, reverse("experts:held_session", args=[found.pk]))


def _attendance(request: UserRequest, found: SupervisionSession, url: str) -> HttpResponse:
    form = AttendanceForm(posted(request), session=found)
    is_held = found.state == SupervisionState.HELD
    mark = supervision.correct_attendance if is_held else supervision.mark_held

    def save() -> None:
        mark(found, attended=form.ids(), by=request.user, now=clock.now())

    if form.is_valid() and saved(request, form, save, _("The attendance has been saved.")):
        return redirect(url)
    return form_page(
        request,
        form,
        title=_("Attendance"),
        lead=_when(found),
        back_url=url,
        back_label=_("Supervision session"),
        submit=_("Save") if is_held else _("Mark as held"),
    )
