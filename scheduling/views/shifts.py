"""An expert's own shifts: see, answer, say "I can't come", take it back, count."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination import clock, formats
from coordination.access import requires
from coordination.models.activity import TallyForm as Asked
from coordination.permissions import Permission
from scheduling.forms.tally import CountsForm
from scheduling.models import Assignment, AssignmentState, Offer, Tally
from scheduling.queries import shifts as query
from scheduling.queries.naming import unit_name
from scheduling.queries.terms import terms_of
from scheduling.services import assignments, offers, tallies
from scheduling.views.common import (
    UNPROCESSABLE,
    assignment_or_404,
    attempt,
    own_assignment_or_404,
    person,
)

page_methods = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 20


@requires(Permission.VIEW_OWN_SHIFTS)
@require_safe
def shifts(request: HttpRequest) -> HttpResponse:
    """Coming shifts and what waits for an answer."""
    user, now = person(request), clock.now()
    context = {
        "title": _("Coming shifts"),
        "coming": query.coming(user, now=now),
        "proposed": query.proposed(user, now=now),
    }
    return render(request, "scheduling/shifts.html", context)


@requires(Permission.VIEW_OWN_SHIFTS)
@require_safe
def shifts_past(request: HttpRequest) -> HttpResponse:
    """Shifts that are over, with what was counted."""
    rows = query.past(person(request), now=clock.now())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "scheduling/shifts_past.html", {"title": _("Past shifts"), "page": page})


@requires(Permission.VIEW_OWN_SHIFTS)
@require_safe
def shift(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Everything about one shift."""
    found, now = own_assignment_or_404(request, assignment_id), clock.now()
    return render(request, "scheduling/shift.html", shift_context(found, now=now))


def shift_context(found: Assignment, *, now: dt.datetime) -> dict[str, object]:
    """What a page about one shift shows."""
    session = found.session
    is_asked = found.state == AssignmentState.PROPOSED
    return {
        "title": formats.when(session.starts_at, session.ends_at, zone=session.zone, year=False),
        "assignment": found,
        "session": session,
        "meets": query.meets(session),
        "terms": terms_of(session, found.expert) if is_asked else None,
        "now": now,
        "is_over": session.ends_at <= now,
        "has_begun": session.starts_at <= now,
    }


@requires(Permission.ANSWER_OWN_SHIFTS)
@require_POST
def shift_answer(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Takes the proposed shift or does not; asking for a reason is no part of it."""
    found, now, user = own_assignment_or_404(request, assignment_id), clock.now(), person(request)
    takes = request.POST.get("answer") == "yes"
    with attempt(request) as tried:
        if takes:
            assignments.confirm(found, by=user, now=now)
        else:
            assignments.decline(found, by=user, now=now)
    if tried.done and takes:
        messages.success(request, _("The shift is yours. Thank you."))
    elif tried.done:
        messages.success(request, _("Thank you for answering. You need not do anything else."))
    return (
        redirect("scheduling:shift", found.pk) if tried.done and takes else redirect("expert_home")
    )


@requires(Permission.ANSWER_OWN_SHIFTS)
@require_POST
def offer_answer(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Takes the offered seat or not; the first who says yes gets it."""
    user, now = person(request), clock.now()
    offer = get_object_or_404(Offer.objects.filter(expert__user=user), pk=offer_id)
    takes = request.POST.get("answer") == "yes"
    with attempt(request) as tried:
        if takes:
            offers.accept(offer, by=user, now=now)
        else:
            offers.decline(offer, by=user, now=now)
    if tried.done:
        taken, declined = _("The shift is yours. Thank you."), _("Thank you for answering.")
        messages.success(request, taken if takes else declined)
    return redirect("expert_home")


@requires(Permission.ANSWER_OWN_SHIFTS)
@page_methods
def shift_release(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """ "I can't come": one question, no reason, and a way back while the seat is free."""
    found = own_assignment_or_404(request, assignment_id)
    session = found.session
    if request.method == "POST":
        with attempt(request) as tried:
            assignments.release(found, by=person(request), now=clock.now())
        if not tried.done:
            return redirect("scheduling:shift", found.pk)
        return redirect("scheduling:shift_released", found.pk)
    if found.state != AssignmentState.CONFIRMED:
        return redirect("scheduling:shift", found.pk)
    context = {
        "title": _("Do you want to give up this shift?"),
        "sentences": [
            formats.when(session.starts_at, session.ends_at, zone=session.zone)
            + f" · {unit_name(session.unit)}",
            _("You need not tell why."),
        ],
        "yes": _("Yes, I cannot come"),
        "danger": True,
        "back_url": reverse("scheduling:shift", args=[found.pk]),
    }
    return render(request, "web/confirm.html", context)


@requires(Permission.ANSWER_OWN_SHIFTS)
@page_methods
def shift_released(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Thanks, and the way back; POST takes it back while nobody else has the seat."""
    found = own_assignment_or_404(request, assignment_id)
    if request.method == "POST":
        with attempt(request) as tried:
            assignments.take_back_release(found, by=person(request), now=clock.now())
        if tried.done:
            messages.success(request, _("The shift is yours again."))
        return redirect("scheduling:shift", found.pk)
    if found.state != AssignmentState.RELEASED:
        return redirect("scheduling:shift", found.pk)
    context = {"title": _("Thank you for telling"), "assignment": found, "session": found.session}
    return render(request, "scheduling/released.html", context)


def _to_session(found: Assignment) -> HttpResponse:
    return redirect("scheduling:session", found.session_id)


@requires(Permission.TALLY)
@page_methods
def tally(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Counters for a thumb: numbers only, done in twenty seconds, may be mended afterwards.

    A coordinator may count what a person told on the phone.
    """
    found, user = assignment_or_404(request, assignment_id), person(request)
    stored = Tally.objects.filter(assignment=found).first()
    asked = found.session.kind.tally_form
    form = CountsForm(request.POST or None, asked=asked, tally=stored)
    is_own = found.expert.user_id == user.pk
    if request.method == "POST" and form.is_valid():
        with attempt(request) as tried:
            tallies.save(found, counts=form.counts, by=user, now=clock.now())
        if tried.done:
            messages.success(request, _("Counted. Thank you."))
            return redirect("expert_home") if is_own else _to_session(found)
    context = {
        "title": _("How many took part?") if asked == Asked.GROUP else _("How many did you meet?"),
        "session": found.session,
        "assignment": found,
        "is_own": is_own,
        "form": form,
        "stored": stored,
        "too_late": not tallies.still_open(found.session, now=clock.now()),
    }
    status = UNPROCESSABLE if form.is_bound and not form.is_valid() else 200
    return render(request, "scheduling/tally.html", context, status=status)
