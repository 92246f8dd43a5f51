"""Changing a session: who would not fit is shown with why, and taken off by a tick."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination import clock
from coordination.access import requires
from coordination.errors import Refused
from coordination.permissions import Permission
from scheduling.forms.session import SessionForm
from scheduling.forms.unfit import UnfitForm
from scheduling.models import Session
from scheduling.queries.told import people_told
from scheduling.services import changes
from scheduling.services.changes import ChangePreview
from scheduling.views.common import UNPROCESSABLE, person, session_or_404
from scheduling.views.sessions import page_methods


@requires(Permission.MANAGE_SESSIONS)
@page_methods
def session_edit(request: HttpRequest, session_id: int) -> HttpResponse:
    """Change what, when, where or with whom.

    When somebody on a seat would not fit any more, nothing is saved yet: the page names them with
    the reasons, proposes to take off those who cannot come, and says who gets a message. Saved is
    what was shown: when it is no longer so, it is shown again.
    """
    found, user = session_or_404(request, session_id), person(request)
    if request.method != "POST":
        form = SessionForm(initial=SessionForm.initial_of(found), user=user)
        return _page(request, form, found)
    form, preview, unfit = SessionForm(request.POST, user=user, session=found), None, None
    if form.is_valid():
        try:
            preview = changes.preview_change(found, now=clock.now(), **form.details)
            unfit = _unfit_form(request, found, preview)
            if unfit.is_answered and unfit.is_valid():
                _save(request, found, form, unfit)
                return redirect("scheduling:session", found.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, form, found, preview, unfit)


def _unfit_form(request: HttpRequest, found: Session, preview: ChangePreview) -> UnfitForm:
    seated = found.assignments.filter(pk__in=list(preview.unfit)).select_related("expert__user")
    return UnfitForm(request.POST, seated=list(seated.order_by("seat")), unfit=preview.unfit)


def _save(request: HttpRequest, found: Session, form: SessionForm, unfit: UnfitForm) -> None:
    version = request.POST.get("version", "")
    changes.change(
        found,
        **form.details,
        release=unfit.release,
        overrules=unfit.overrules,
        seen=int(version) if version.isdecimal() else None,
        by=person(request),
        now=clock.now(),
    )
    messages.success(request, _("The session has been changed."))


def _page(
    request: HttpRequest,
    form: SessionForm,
    found: Session,
    preview: ChangePreview | None = None,
    unfit: UnfitForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("Change the session"),
        "form": form,
        "session": found,
        "back_url": reverse("scheduling:session", args=[found.pk]),
    }
    if preview and unfit and unfit.seated:
        apart_from = [row.pk for row in unfit.seated]
        others = people_told(found, by=person(request), apart_from=apart_from)
        context |= {"unfit": unfit, "told": others if preview.told else None}
    else:
        context["told"] = people_told(found, by=person(request))
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "scheduling/session_form.html", context, status=status)
