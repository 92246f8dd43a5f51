"""Planning a period: start, watch, look at the draft, change it, publish it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination import clock, formats
from coordination.access import requires
from coordination.permissions import Permission
from coordination.wake import wake
from experts.models import Expert
from experts.services import looks
from scheduling import tasks
from scheduling.forms.plan import (
    PlanForm,
    WeightsForm,
    initial_again,
    initial_of,
    initial_of_seats,
)
from scheduling.models import Assignment, PlanRun, PlanSeat, PlanState, Session
from scheduling.queries import plan_people
from scheduling.queries import plans as query
from scheduling.services import plan_defaults, plan_runs, plan_seats
from scheduling.views.common import UNPROCESSABLE, attempt, person

_A_PAGE = 40
page_methods = require_http_methods(["GET", "HEAD", "POST"])


def run_or_404(request: HttpRequest, run_id: int) -> PlanRun:
    return get_object_or_404(PlanRun.objects.visible_to(person(request)), pk=run_id)


def days(run: PlanRun) -> str:
    """ "1.3.2027–31.3.2027"."""
    return f"{formats.date(run.starts_on)}–{formats.date(run.ends_on)}"


@requires(Permission.ASSIGN)
@page_methods
def plan_list(request: HttpRequest) -> HttpResponse:
    """Plan a period; the runs of before. `?again=` fills the form from a run whose pins stay;
    `?seat=` and `?session=` offer single seats, or all of a session, to be given to others.
    """
    user, runs = person(request), PlanRun.objects.visible_to(person(request))
    again = runs.filter(pk=_number(request.GET.get("again"))).first()
    seats = _seats_to_free(request)
    chosen = initial_of_seats(seats)
    if again:
        initial = {**chosen, **initial_again(again)}
    else:
        initial = {**initial_of(plan_defaults.current(), today=clock.today()), **chosen}
    form = PlanForm(request.POST or None, initial=initial, user=user, seats=seats)
    if request.method == "POST" and form.is_valid():
        with attempt(request) as tried:
            made = plan_runs.start(**form.wanted, by=user, now=clock.now())
            wake(tasks.plan_prepare, run_id=made.pk)
        if tried.done:
            return redirect("scheduling:plan", made.pk)
    context = {
        "title": _("Plan a period"),
        "form": form,
        "again": again,
        "runs": [(run, days(run)) for run in runs.select_related("made_by")[:20]],
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "scheduling/plans.html", context, status=status)


@requires(Permission.ASSIGN)
@page_methods
def plan_weights(request: HttpRequest) -> HttpResponse:
    """The weights every run starts from, and how fast people are taken to travel."""
    form = WeightsForm(request.POST or None, initial=plan_defaults.current())
    if request.method == "POST" and form.is_valid():
        with attempt(request) as tried:
            plan_defaults.save(form.weights, by=person(request))
        if tried.done:
            messages.success(request, _("Saved. New plans start from these weights."))
            return redirect("scheduling:plan_weights")
    context = {
        "title": _("What counts how much"),
        "form": form,
        "usual": [(form[name].label, value) for name, value in plan_defaults.usual().items()],
        "speed": settings.TRAVEL_KM_PER_HOUR,
        "margin": settings.TRAVEL_MARGIN_MINUTES,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "scheduling/plan_weights.html", context, status=status)


def _seats_to_free(request: HttpRequest) -> "QuerySet[Assignment]":
    """The seats that the address, or the form that was sent, speaks of."""
    seats = {_number(text) for text in request.GET.getlist("seat")}
    seats |= {_number(text) for text in request.POST.getlist("free_seats")}
    sessions = {_number(text) for text in request.GET.getlist("session")}
    return query.seats_to_free(person(request), seats=seats, sessions=sessions)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@requires(Permission.ASSIGN)
@require_safe
def plan(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far it is; then the draft beside what is now; then what came of publishing it."""
    run = run_or_404(request, run_id)
    show = request.GET.get("show", "")
    context: dict[str, Any] = {
        "title": _("Plan %(days)s") % {"days": days(run)},
        "run": run,
        "progress": query.progress(run, now=clock.now()),
        "show": show,
    }
    if not run.is_working and not run.is_publishing and run.state != PlanState.FAILED:
        page = Paginator(query.session_ids(run, show=show), _A_PAGE).get_page(
            request.GET.get("page")
        )
        lines = query.lines(run, list(page))
        context |= {"page": page, "lines": lines, "difference": query.difference(run)}
        if run.state == PlanState.PUBLISHED:
            context["to_call"] = query.to_call(run)
        seen = [seat.expert_id for line in lines for seat in line.planned]
        looks.note(seen, viewer=person(request), page="scheduling:plan", now=clock.now())
    return render(request, "scheduling/plan.html", context)


@requires(Permission.ASSIGN)
@require_safe
def plan_progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The moving part of the page; when the work is done, the page is loaded anew."""
    run = run_or_404(request, run_id)
    if not run.is_working and not run.is_publishing:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"run": run, "progress": query.progress(run, now=clock.now())}
    return render(request, "scheduling/parts/plan_progress.html", context)


@requires(Permission.ASSIGN)
@require_POST
def plan_stop(request: HttpRequest, run_id: int) -> HttpResponse:
    """Stop searching: the best so far is the draft."""
    run = run_or_404(request, run_id)
    with attempt(request) as tried:
        plan_runs.stop(run, by=person(request), now=clock.now())
    if tried.done:
        messages.success(request, _("Planning stops in a moment; the best so far is kept."))
    return redirect("scheduling:plan", run.pk)


@requires(Permission.ASSIGN)
@require_POST
def plan_discard(request: HttpRequest, run_id: int) -> HttpResponse:
    """Throw the draft away."""
    run = run_or_404(request, run_id)
    with attempt(request) as tried:
        plan_runs.discard(run, by=person(request))
    if tried.done:
        messages.success(request, _("The draft has been discarded. Nobody heard of it."))
        return redirect("scheduling:plans")
    return redirect("scheduling:plan", run.pk)


@requires(Permission.ASSIGN)
@page_methods
def plan_publish(request: HttpRequest, run_id: int) -> HttpResponse:
    """Who is asked and who is taken off; then a worker does it, every seat checked once more."""
    run = run_or_404(request, run_id)
    if request.method == "POST":
        with attempt(request):
            plan_runs.ask_to_publish(run, by=person(request), now=clock.now())
            wake(tasks.plan_publish_run, run_id=run.pk)
        return redirect("scheduling:plan", run.pk)
    found = query.difference(run)
    asked = ngettext(
        "%(number)d seat is asked for.", "%(number)d seats are asked for.", found.asked
    )
    sentences = [asked % {"number": found.asked}]
    if found.taken_off:
        text = ngettext(
            "%(number)d person is taken off a session.",
            "%(number)d people are taken off a session.",
            found.taken_off,
        )
        sentences.append(text % {"number": found.taken_off})
    if drafts := query.unpublished(run):
        text = ngettext(
            "%(number)d of them is on a session that is a draft: nobody is asked for it."
            " Publish the session first, if people are to be asked.",
            "%(number)d of them are on sessions that are drafts: nobody is asked for those."
            " Publish the sessions first, if people are to be asked.",
            drafts,
        )
        sentences.append(text % {"number": drafts})
    if late := query.overdue(run, now=clock.now()):
        text = _("Work supervision is overdue: %(names)s. They are asked all the same.")
        sentences.append(text % {"names": ", ".join(late)})
    sentences.append(_("Each person gets one message with all their sessions."))
    sentences.append(_("What no longer fits is told to you and not forced."))
    context = {
        "title": _("Publish the plan?"),
        "sentences": sentences,
        "yes": _("Publish and send the messages"),
        "back_url": reverse("scheduling:plan", args=[run.pk]),
    }
    return render(request, "web/confirm.html", context)


@requires(Permission.ASSIGN)
@require_safe
def plan_session(request: HttpRequest, run_id: int, session_id: int) -> HttpResponse:
    """Why these people, why an empty seat, and who else could come, the draft counted in."""
    run, now, user = run_or_404(request, run_id), clock.now(), person(request)
    session = _session_or_404(request, run, session_id)
    [line] = query.lines(run, [session.pk])
    active = Expert.objects.visible_to(user).active()
    experts = list({e.pk: e for e in [*active, *(seat.expert for seat in line.planned)]}.values())
    people = {p.expert.pk: p for p in plan_people.people_for(run, session, experts, now=now)}
    planned = [(seat, people.pop(seat.expert_id, None)) for seat in line.planned]
    for row in line.stays:
        people.pop(row.expert_id, None)
    context = {
        "title": capfirst(session.kind.name),
        "run": run,
        "session": session,
        "line": line,
        "planned": planned,
        "fits": [p for p in people.values() if p.fits],
        "others": [p for p in people.values() if not p.fits],
    }
    looks.note([e.pk for e in experts], viewer=user, page="scheduling:plan_session", now=now)
    return render(request, "scheduling/plan_session.html", context)


def _session_or_404(request: HttpRequest, run: PlanRun, session_id: int) -> Session:
    """A session of this plan."""
    return get_object_or_404(query.sessions_of(run, person(request)), pk=session_id)


@requires(Permission.ASSIGN)
@require_POST
def plan_give(request: HttpRequest, run_id: int, session_id: int) -> HttpResponse:
    """Put somebody on an empty seat of the draft."""
    run, user = run_or_404(request, run_id), person(request)
    session = _session_or_404(request, run, session_id)
    chosen = _number(request.POST.get("expert"))
    expert = get_object_or_404(Expert.objects.visible_to(user).active(), pk=chosen)
    with attempt(request):
        plan_seats.give(run, session, expert=expert, by=user, now=clock.now())
    return redirect("scheduling:plan_session", run.pk, session.pk)


def _seat_or_404(request: HttpRequest, seat_id: int) -> PlanSeat:
    runs = PlanRun.objects.visible_to(person(request))
    return get_object_or_404(PlanSeat.objects.filter(run__in=runs), pk=seat_id)


@requires(Permission.ASSIGN)
@require_POST
def plan_take(request: HttpRequest, seat_id: int) -> HttpResponse:
    """Leave a seat of the draft empty; who else could take it stands on the session's page."""
    seat = _seat_or_404(request, seat_id)
    with attempt(request):
        plan_seats.take(seat, by=person(request))
    return redirect("scheduling:plan_session", seat.run_id, seat.session_id)


@requires(Permission.ASSIGN)
@require_POST
def plan_pin(request: HttpRequest, seat_id: int) -> HttpResponse:
    """Pin a seat, or let it go; `stays` says which, so that a second press changes nothing."""
    seat = _seat_or_404(request, seat_id)
    with attempt(request):
        plan_seats.pin(seat, stays="stays" in request.POST, by=person(request))
    return redirect("scheduling:plan_session", seat.run_id, seat.session_id)
