"""The session page, and what a coordinator does to a session as a whole."""

import datetime as dt
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination import clock, formats
from coordination.access import requires
from coordination.errors import Refused
from coordination.permissions import Permission
from experts.services import looks
from scheduling import eligibility
from scheduling.forms.session import SessionForm
from scheduling.models import Session, SessionState
from scheduling.queries import history, offers
from scheduling.queries.naming import unit_name
from scheduling.queries.seats import seats_of
from scheduling.queries.told import Told, people_told
from scheduling.services import sessions
from scheduling.views.common import UNPROCESSABLE, attempt, person, session_or_404

page_methods = require_http_methods(["GET", "HEAD", "POST"])
ALIVE = (SessionState.DRAFT, SessionState.OPEN)
SEEN_ANYWAY = {"full", "in_the_past", "already_begun", "already_held", "cancelled", "not_published"}
"""What is the matter with a session, but stands on its page in another way."""


@requires(Permission.VIEW_UNIT_SESSIONS)
@require_safe
def session(request: HttpRequest, session_id: int) -> HttpResponse:
    """What, where, who comes; for a coordinator also who could, and why or why not."""
    found, user, now = session_or_404(request, session_id), person(request), clock.now()
    context: dict[str, Any] = {
        "title": formats.when(found.starts_at, found.ends_at, zone=found.zone, year=False),
        "session": found,
        "seats": seats_of(found),
        "now": now,
        "is_past": found.ends_at <= now,
        "has_begun": found.starts_at <= now,
        "is_alive": found.state in ALIVE,
        "manages": user.access.can(Permission.MANAGE_SESSIONS),
        "closes": user.access.can(Permission.CLOSE_OUT),
    }
    if user.access.can(Permission.ASSIGN):
        part = coordinators_part(found, now=now)
        seen = [one.expert.pk for key in ("candidates", "blocked") for one in part.get(key, ())]
        looks.note(seen, viewer=user, page="scheduling:candidates", now=now)
        context |= part
    return render(request, "scheduling/session.html", context)


def coordinators_part(found: Session, *, now: dt.datetime) -> dict[str, Any]:
    """Candidates with their reasons, who has been asked, what happened before."""
    part: dict[str, Any] = {
        "assigns": True,
        "lacks": [
            reason
            for reason in eligibility.session_reasons(found, now=now)
            if reason.code not in SEEN_ANYWAY
        ],
        "history": history.of_session(found),
        "offers": offers.of_session(found),
        "has_seated": any(seat.assignment for seat in seats_of(found)),
    }
    has_open = any(seat.is_open for seat in seats_of(found))
    if found.state == SessionState.OPEN and found.ends_at > now and has_open:
        seated = {seat.assignment.expert_id for seat in seats_of(found) if seat.assignment}
        waiting = {offer.expert_id for offer in part["offers"] if offer.is_waiting}
        candidates = [
            candidate
            for candidate in eligibility.candidates(found, now=now)
            if candidate.expert.pk not in seated
        ]
        part |= {
            "candidates": [c for c in candidates if c.verdict != "blocked"],
            "blocked": [c for c in candidates if c.verdict == "blocked"],
            "waiting": waiting,
            "offer_until": offers.usual_deadline(found, now=now),
        }
    return part


@requires(Permission.MANAGE_SESSIONS)
@page_methods
def session_new(request: HttpRequest) -> HttpResponse:
    """A coordinator makes a session: a draft, or published at once."""
    user = person(request)
    if request.method != "POST":
        return _form_page(request, SessionForm(initial=_wanted(request), user=user))
    form = SessionForm(request.POST, user=user)
    if form.is_valid():
        try:
            made = sessions.create(
                **form.details,
                publish="draft" not in request.POST,
                key=form.cleaned_data["key"],
                by=user,
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            done = _("The session has been made. Next: choose who comes.")
            if "draft" in request.POST:
                done = _("Saved as a draft. Publish it when it is ready.")
            messages.success(request, done)
            return redirect("scheduling:session", made.pk)
    return _form_page(request, form)


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for: unit, kind, and the first day that is not over of a week."""
    wanted: dict[str, Any] = {
        name: request.GET[name] for name in ("unit", "kind") if name in request.GET
    }
    with suppress(ValueError):
        on = dt.date.fromisoformat(request.GET.get("on", ""))
        wanted["starts_on"] = max(on, clock.today())
    return wanted


def _form_page(request: HttpRequest, form: SessionForm) -> HttpResponse:
    context = {
        "title": _("New session"),
        "form": form,
        "back_url": reverse("scheduling:board"),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "scheduling/session_form.html", context, status=status)


@requires(Permission.MANAGE_SESSIONS)
@require_POST
def session_publish(request: HttpRequest, session_id: int) -> HttpResponse:
    """A draft becomes open: the unit and the experts see it."""
    found = session_or_404(request, session_id)
    with attempt(request) as tried:
        sessions.publish(found, by=person(request), now=clock.now())
    if tried.done:
        messages.success(request, _("Published. The unit sees the session now."))
    return redirect("scheduling:session", found.pk)


@requires(Permission.MANAGE_SESSIONS)
@page_methods
def session_cancel(request: HttpRequest, session_id: int) -> HttpResponse:
    """Says who will hear of it, then cancels."""
    found = session_or_404(request, session_id)
    back = reverse("scheduling:session", args=[found.pk])
    if request.method == "POST":
        with attempt(request) as tried:
            sessions.cancel(found, by=person(request), now=clock.now())
        if tried.done:
            messages.success(request, _("The session has been cancelled."))
        return redirect(back)
    sentences = [
        formats.when(found.starts_at, found.ends_at, zone=found.zone)
        + f" · {unit_name(found.unit)} · {found.kind.name}",
        *_told_sentences(people_told(found, by=person(request))),
        _("A cancelled session stays visible, struck through. It cannot be opened again."),
    ]
    context = {
        "title": _("Cancel the session?"),
        "sentences": sentences,
        "yes": _("Cancel the session"),
        "danger": True,
        "back_url": back,
    }
    return render(request, "web/confirm.html", context)


def _told_sentences(told: Told) -> list[str]:
    said = [_("Nobody gets a message.")]
    if told.names:
        text = ngettext(
            "%(number)d person gets a message: %(names)s.",
            "%(number)d people get a message: %(names)s.",
            len(told.names),
        )
        said = [text % {"number": len(told.names), "names": ", ".join(told.names)}]
    if told.to_call:
        text = _("Call them yourself, they have no e-mail address: %(names)s.")
        said.append(text % {"names": ", ".join(told.to_call)})
    return said
