"""Who takes a seat: assign, ask several, and act for a person on a seat."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from coordination import clock, formats
from coordination.access import requires
from coordination.permissions import Permission
from experts.models import Expert
from experts.services import looks
from scheduling import eligibility
from scheduling.eligibility import Level, Reason
from scheduling.forms.assign import OfferForm, OverruleForm
from scheduling.models import Assignment, Session
from scheduling.queries.naming import unit_name
from scheduling.services import assignments, offers
from scheduling.views.common import (
    UNPROCESSABLE,
    assignment_or_404,
    attempt,
    person,
    session_or_404,
)

page_methods = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.ASSIGN)
@page_methods
def assign(request: HttpRequest, session_id: int, expert_id: int) -> HttpResponse:
    """Propose the session to a person. When a reason asks, the page asks why first.

    A press on Choose is a POST; if something has changed meanwhile so that a reason asks now, the
    answer is the page that asks, and nothing has been done.
    """
    session, user, now = session_or_404(request, session_id), person(request), clock.now()
    expert = get_object_or_404(Expert.objects.visible_to(user), pk=expert_id)
    reasons = eligibility.reasons_for(session, [expert], now=now)[expert.pk]
    asks = [reason for reason in reasons if reason.level == Level.ASK]
    typed = request.POST if request.method == "POST" and "why" in request.POST else None
    form = OverruleForm(typed, asks={expert: asks})
    if request.method == "POST" and (form.is_valid() or not asks):
        return _propose(request, session, expert, form.overrules_of(expert) if asks else {})
    looks.note([expert.pk], viewer=user, page="scheduling:candidates", now=now)
    context = {
        "title": _("Choose %(name)s?") % {"name": expert.name},
        "session": session,
        "expert": expert,
        "form": form,
        "asks": asks,
        "blocks": [reason for reason in reasons if reason.level == Level.BLOCK],
        "notes": [reason for reason in reasons if reason.level == Level.NOTE],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "scheduling/assign.html", context, status=status)


def _propose(
    request: HttpRequest, session: Session, expert: Expert, overrules: dict[str, str]
) -> HttpResponse:
    with attempt(request) as tried:
        assignments.propose(
            session, expert=expert, overrules=overrules, by=person(request), now=clock.now()
        )
    if tried.done:
        text = _("%(name)s has been asked and gets a message.") % {"name": expert.name}
        messages.success(request, text)
    return redirect("scheduling:session", session.pk)


@requires(Permission.ASSIGN)
@require_POST
def ask(request: HttpRequest, session_id: int) -> HttpResponse:
    """Offer the open seats to several people; the first who answers yes gets one."""
    session, user, now = session_or_404(request, session_id), person(request), clock.now()
    experts = {expert.pk: expert for expert in Expert.objects.visible_to(user).active()}
    form = OfferForm(request.POST, choices=experts, zone=session.zone)
    if not form.is_valid():
        for error in (str(error) for found in form.errors.values() for error in found):
            messages.warning(request, error)
        return redirect("scheduling:session", session.pk)
    chosen = [experts[pk] for pk in form.cleaned_data["experts"]]
    asks = _asks(session, chosen, now=now)
    why = OverruleForm(request.POST if "why" in request.POST else None, asks=asks)
    if asks and not why.is_valid():
        return _ask_why(request, session, form, why)
    with attempt(request) as tried:
        offers.send(
            session,
            experts=chosen,
            expires_at=form.expires_at,
            by=user,
            now=now,
            overrules={expert.pk: why.overrules_of(expert) for expert in asks},
        )
    if tried.done:
        text = ngettext(
            "%(number)d person has been asked. The seat goes to the first who says yes.",
            "%(number)d people have been asked. The seat goes to the first who says yes.",
            len(chosen),
        )
        messages.success(request, text % {"number": len(chosen)})
    return redirect("scheduling:session", session.pk)


def _asks(
    session: Session, experts: Sequence[Expert], *, now: dt.datetime
) -> dict[Expert, list[Reason]]:
    found = eligibility.reasons_for(session, experts, now=now)
    asks = {expert: eligibility.asks(found[expert.pk]) for expert in experts}
    return {expert: reasons for expert, reasons in asks.items() if reasons}


def _ask_why(
    request: HttpRequest, session: Session, form: OfferForm, why: OverruleForm
) -> HttpResponse:
    context = {
        "title": _("Ask in spite of this?"),
        "session": session,
        "form": why,
        "kept": [
            *[("experts", pk) for pk in form.cleaned_data["experts"]],
            ("until_on", form.data["until_on"]),
            ("until_time", form.data["until_time"]),
        ],
    }
    status = UNPROCESSABLE if why.is_bound else 200
    return render(request, "scheduling/ask_why.html", context, status=status)


@requires(Permission.ASSIGN)
@page_methods
def seat_confirm(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """The person said yes on the phone: confirm on their behalf."""
    found = assignment_or_404(request, assignment_id)
    name = found.expert.name
    return _step(
        request,
        found,
        does=assignments.confirm,
        title=_("Confirm for %(name)s?") % {"name": name},
        sentences=[
            _("Do this when %(name)s has told you so. They get a message.") % {"name": name}
        ],
        yes=_("Confirm the shift"),
        done=_("The shift has been confirmed for %(name)s.") % {"name": name},
    )


@requires(Permission.ASSIGN)
@page_methods
def seat_release(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """The person told by phone that they cannot come. No reason is asked."""
    found = assignment_or_404(request, assignment_id)
    name = found.expert.name
    return _step(
        request,
        found,
        does=assignments.release,
        title=_("%(name)s cannot come?") % {"name": name},
        sentences=[
            _("The seat becomes open again. No reason is needed, and none is written down."),
            _("%(name)s gets a message that you have taken care of it.") % {"name": name},
        ],
        yes=_("Open the seat"),
        done=_("The seat is open again."),
        danger=True,
    )


@requires(Permission.ASSIGN)
@page_methods
def seat_cancel(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Take a person off a seat; says who gets a message."""
    found = assignment_or_404(request, assignment_id)
    name = found.expert.name
    return _step(
        request,
        found,
        does=assignments.cancel,
        title=_("Take %(name)s off this shift?") % {"name": name},
        sentences=[
            _("%(name)s gets a message that the shift is off for them.") % {"name": name},
            _("The session stays, and the seat becomes open again."),
        ],
        yes=_("Take off the shift"),
        done=_("The seat is open again."),
        danger=True,
    )


def _step(
    request: HttpRequest,
    found: Assignment,
    *,
    does: Any,
    title: str,
    sentences: list[str],
    yes: str,
    done: str,
    danger: bool = False,
) -> HttpResponse:
    back = reverse("scheduling:session", args=[found.session_id])
    if request.method == "POST":
        with attempt(request) as tried:
            does(found, by=person(request), now=clock.now())
        if tried.done:
            messages.success(request, done)
        return redirect(back)
    session = found.session
    when = formats.when(session.starts_at, session.ends_at, zone=session.zone)
    context = {
        "title": title,
        "sentences": [f"{when} · {unit_name(session.unit)} · {session.kind.name}", *sentences],
        "yes": yes,
        "danger": danger,
        "back_url": back,
    }
    return render(request, "web/confirm.html", context)
