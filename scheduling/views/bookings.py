"""Booking by a unit: ask, see at once what comes of it, follow it, withdraw it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination import clock
from coordination.access import requires
from coordination.errors import Refused
from coordination.permissions import Permission
from scheduling.forms.booking import BookingForm, DecisionForm
from scheduling.forms.filters import BookingFilter
from scheduling.models import Booking, BookingState
from scheduling.queries import bookings as query
from scheduling.services import bookings
from scheduling.services.bookings import BookingDetails
from scheduling.views.common import UNPROCESSABLE, attempt, person

page_methods = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 25


def booking_or_404(request: HttpRequest, booking_id: int) -> Booking:
    """A booking this person may see."""
    rows = Booking.objects.visible_to(person(request)).select_related(
        "kind", "unit", "site", "requested_by", "decided_by"
    )
    return get_object_or_404(rows, pk=booking_id)


@requires(Permission.BOOK)
@page_methods
def booking_new(request: HttpRequest) -> HttpResponse:
    """The booking form; `preview` shows what would come of it without saving anything."""
    user = person(request)
    if request.method != "POST":
        wanted = {name: request.GET[name] for name in ("unit", "kind") if name in request.GET}
        return _form_page(request, BookingForm(initial=wanted, user=user))
    form = BookingForm(request.POST, user=user)
    if "preview" in request.POST:
        return _form_page(request, form, preview=_preview(form))
    if form.is_valid():
        try:
            made = bookings.request(
                BookingDetails(**form.details),
                key=form.cleaned_data["key"],
                by=user,
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            done = _("Thank you. The coordinator answers you by mail.")
            if user.access.can(Permission.DECIDE_BOOKINGS):
                done = _("The booking has been made. Next: decide about it.")
            messages.success(request, done)
            return redirect("scheduling:booking", made.pk)
    return _form_page(request, form, preview=_preview(form))


@requires(Permission.BOOK)
@require_POST
def booking_preview(request: HttpRequest) -> HttpResponse:
    """The part beside the form, for HTMX: what would come of what has been typed so far."""
    form = BookingForm(request.POST, user=person(request))
    decides = person(request).access.can(Permission.DECIDE_BOOKINGS)
    context = {"preview": _preview(form), "form": form, "decides": decides}
    return render(request, "scheduling/parts/booking_preview.html", context)


def _preview(form: BookingForm) -> Any:
    """None while something that the reckoning needs is missing."""
    return _preview_of(BookingDetails(**form.details)) if form.is_valid() else None


def _preview_of(details: BookingDetails) -> Any:
    try:
        return bookings.preview(details, now=clock.now())
    except Refused as refused:
        return {"refused": str(refused)}


def _form_page(request: HttpRequest, form: BookingForm, preview: Any = None) -> HttpResponse:
    failed = form.is_bound and not form.is_valid()
    context = {
        "title": _("Book experts by experience"),
        "form": form,
        "preview": preview,
        "decides": person(request).access.can(Permission.DECIDE_BOOKINGS),
    }
    status = UNPROCESSABLE if failed else 200
    return render(request, "scheduling/booking_form.html", context, status=status)


@requires(Permission.BOOK)
@require_safe
def booking_list(request: HttpRequest) -> HttpResponse:
    """Bookings, those that wait for a decision first."""
    user = person(request)
    form = BookingFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    rows = query.listed(user, state=state)
    context = {
        "title": _("Bookings"),
        "form": BookingFilter(initial={"state": state}),
        "state": state,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "scheduling/bookings.html", context)


@requires(Permission.BOOK)
@require_safe
def booking(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Where a booking stands; for a coordinator also the decision."""
    found = booking_or_404(request, booking_id)
    return render(request, "scheduling/booking.html", _booking_context(request, found))


def _booking_context(request: HttpRequest, found: Booking) -> dict[str, Any]:
    user = person(request)
    waiting = found.state == BookingState.REQUESTED
    return {
        "title": query.title_of(found),
        "booking": found,
        "is_waiting": waiting,
        "decides": waiting and user.access.can(Permission.DECIDE_BOOKINGS),
        "manages": user.access.can(Permission.MANAGE_SESSIONS),
        "preview": _preview_of(bookings.details_of(found)) if waiting else None,
        **_sessions(found),
        "skipped": query.skipped_of(found),
        "series": found.series.all(),
        "drafts": query.drafts_of(found, now=clock.now()),
        "form": DecisionForm(),
    }


def _sessions(found: Booking) -> dict[str, Any]:
    """What the booking became: what is to come, and what is over."""
    now, rows = clock.now(), list(query.sessions_of(found))
    return {
        "sessions": rows,
        "coming": [row for row in rows if row.ends_at > now],
        "past": [row for row in rows if row.ends_at <= now],
    }


@requires(Permission.BOOK)
@page_methods
def booking_withdraw(request: HttpRequest, booking_id: int) -> HttpResponse:
    """The unit takes its request back before anybody has decided."""
    found = booking_or_404(request, booking_id)
    back = reverse("scheduling:booking", args=[found.pk])
    if request.method == "POST":
        with attempt(request) as tried:
            bookings.withdraw(found, by=person(request), now=clock.now())
        if tried.done:
            messages.success(request, _("The booking has been withdrawn."))
        return redirect(back)
    context = {
        "title": _("Withdraw the booking?"),
        "sentences": [query.title_of(found), _("The coordinator gets a message.")],
        "yes": _("Withdraw the booking"),
        "danger": True,
        "back_url": back,
    }
    return render(request, "web/confirm.html", context)


@requires(Permission.DECIDE_BOOKINGS)
@require_POST
def booking_decide(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Accept, or decline with a word. What was typed stays when something is missing."""
    found, user, now = booking_or_404(request, booking_id), person(request), clock.now()
    declines = "decline" in request.POST
    form = DecisionForm(request.POST, word_needed=declines)
    if not form.is_valid():
        context = {**_booking_context(request, found), "form": form}
        return render(request, "scheduling/booking.html", context, status=UNPROCESSABLE)
    note = form.cleaned_data["note"]
    with attempt(request) as tried:
        if declines:
            bookings.decline(found, note=note, by=user, now=now)
        else:
            bookings.accept(found, by=user, now=now, note=note)
    if tried.done:
        done = _("Declined. The unit gets your word by mail.")
        if not declines:
            done = _("Accepted. The sessions have been made; next, choose who comes.")
        messages.success(request, done)
    return redirect("scheduling:booking", found.pk)
