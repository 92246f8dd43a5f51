"""Series: their list, one page for each, and what a coordinator does to one as a whole."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination import clock
from coordination.access import requires
from coordination.errors import Refused
from coordination.permissions import Permission
from scheduling.forms.series import EndForm, PreferredForm, SeriesFilter, SeriesForm
from scheduling.models import PreferredPerson, Series, SkippedOccurrence
from scheduling.queries import series as query
from scheduling.services import preferred, series, series_changes, sessions
from scheduling.services.series_changes import SeriesPreview
from scheduling.views.bookings import booking_or_404
from scheduling.views.common import UNPROCESSABLE, attempt, person

page_methods = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 25


def series_or_404(request: HttpRequest, series_id: int) -> Series:
    """A series this person may see."""
    rows = Series.objects.visible_to(person(request))
    return get_object_or_404(
        rows.select_related("kind", "unit", "site", "booking", "continues"), pk=series_id
    )


@requires(Permission.MANAGE_SESSIONS)
@require_safe
def series_list(request: HttpRequest) -> HttpResponse:
    """All series, those whose next session is soonest first."""
    user = person(request)
    form = SeriesFilter(request.GET, user=user)
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    unit, state = wanted.get("unit"), str(wanted.get("state", ""))
    unit_id = unit.pk if unit else None
    rows = query.listed(user, unit_id=unit_id, state=state, now=clock.now())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Series"),
        "form": form,
        "is_filtered": bool(unit_id or state),
        "page": page,
        "lines": [(row, query.rule_of(row)) for row in page],
    }
    return render(request, "scheduling/series_list.html", context)


@requires(Permission.MANAGE_SESSIONS)
@require_safe
def series_page(request: HttpRequest, series_id: int) -> HttpResponse:
    """Its rule in words, what comes, what could not be made and why, whom it would rather have."""
    return _page(request, series_or_404(request, series_id))


def _page(request: HttpRequest, found: Series, form: PreferredForm | None = None) -> HttpResponse:
    context = {
        "title": capfirst(found.kind.name),
        "series": found,
        "page": query.page_of(found, now=clock.now()),
        "now": clock.now(),
        "form": form or PreferredForm(user=person(request)),
    }
    status = UNPROCESSABLE if form else 200
    return render(request, "scheduling/series.html", context, status=status)


@requires(Permission.MANAGE_SESSIONS)
@page_methods
def series_change(request: HttpRequest, series_id: int) -> HttpResponse:
    """Change this and later, or all: first what would happen, then the same done."""
    found, user, now = series_or_404(request, series_id), person(request), clock.now()
    coming = list(series.to_come(found, now=now).select_related("unit"))
    bound = (
        {"data": request.POST} if request.method == "POST" else {"initial": _wanted(request, found)}
    )
    form = SeriesForm(**bound, series=found, coming=coming, user=user)
    preview: SeriesPreview | None = None
    if form.is_bound and form.is_valid():
        try:
            if "save" in request.POST:
                return _save(request, found, form)
            preview = _preview(request, found, form)
        except Refused as refused:
            form.add_error(None, str(refused))
            if "save" in request.POST:
                preview = _preview_again(request, found, form)
    return _change_page(request, found, form, preview)


def _wanted(request: HttpRequest, found: Series) -> dict[str, Any]:
    """The form as the series stands, from the day the address names on."""
    return {**SeriesForm.initial_of(found), "since": request.GET.get("since", "")}


def _preview(request: HttpRequest, found: Series, form: SeriesForm) -> SeriesPreview:
    return series_changes.preview_change(
        found, since=form.first_on, by=person(request), now=clock.now(), **form.changes
    )


def _preview_again(request: HttpRequest, found: Series, form: SeriesForm) -> SeriesPreview | None:
    """What would happen now, beside why it was not done."""
    try:
        return _preview(request, found, form)
    except Refused:
        return None


def _save(request: HttpRequest, found: Series, form: SeriesForm) -> HttpResponse:
    prefix = "why-"
    goes_on = series_changes.change(
        found,
        since=form.first_on,
        by=person(request),
        now=clock.now(),
        take_off="take_off" in request.POST,
        whys={
            name.removeprefix(prefix): value
            for name, value in request.POST.items()
            if name.startswith(prefix) and isinstance(value, str)
        },
        seen=request.POST.get("seen", ""),
        **form.changes,
    )
    messages.success(request, _("The series has been changed."))
    return redirect("scheduling:series", goes_on.pk)


def _change_page(
    request: HttpRequest, found: Series, form: SeriesForm, preview: SeriesPreview | None
) -> HttpResponse:
    asks = preview.asked if preview else {}
    context = {
        "title": _("Change the series"),
        "series": found,
        "rule": query.rule_of(found),
        "form": form,
        "preview": preview,
        "asks": [(code, text, request.POST.get(f"why-{code}", "")) for code, text in asks.items()],
        "takes_off": "take_off" in request.POST,
        "cost": query.cost_words(preview.cost_before, preview.cost_after) if preview else "",
        "back_url": reverse("scheduling:series", args=[found.pk]),
    }
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "scheduling/series_change.html", context, status=status)


@requires(Permission.MANAGE_SESSIONS)
@page_methods
def series_end(request: HttpRequest, series_id: int) -> HttpResponse:
    """Asks for the last day, says what would be cancelled, then ends it."""
    found, now = series_or_404(request, series_id), clock.now()
    form = EndForm(request.POST or None)
    count: int | None = None
    if form.is_valid():
        last_on: dt.date = form.cleaned_data["last_on"]
        count = series.to_come(found, now=now).filter(occurrence_on__gt=last_on).count()
        if request.POST.get("seen") == f"{last_on} {count}":
            with attempt(request) as tried:
                series.end(found, last_on=last_on, by=person(request), now=now)
            if tried.done:
                messages.success(request, _("The series ends."))
            return redirect("scheduling:series", found.pk)
    context = {
        "title": _("End the series?"),
        "series": found,
        "rule": query.rule_of(found),
        "form": form,
        "count": count,
        "seen": f"{form.cleaned_data['last_on']} {count}" if count is not None else "",
        "back_url": reverse("scheduling:series", args=[found.pk]),
    }
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "scheduling/series_end.html", context, status=status)


@requires(Permission.MANAGE_SESSIONS)
@require_POST
def series_publish(request: HttpRequest, series_id: int) -> HttpResponse:
    """Open every draft of a series that lacks nothing."""
    found = series_or_404(request, series_id)
    _tell_published(request, sessions.publish_ready(found.sessions.all(), now=clock.now()))
    return redirect("scheduling:series", found.pk)


@requires(Permission.MANAGE_SESSIONS)
@require_POST
def booking_publish(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Open every draft of a booking that lacks nothing."""
    found = booking_or_404(request, booking_id)
    _tell_published(request, sessions.publish_ready(found.sessions.all(), now=clock.now()))
    return redirect("scheduling:booking", found.pk)


def _tell_published(request: HttpRequest, count: int) -> None:
    if count:
        text = ngettext(
            "%(number)d session has been published.",
            "%(number)d sessions have been published.",
            count,
        )
        messages.success(request, text % {"number": count})
    else:
        messages.warning(
            request, _("None could be published: something is still missing on each of them.")
        )


@requires(Permission.MANAGE_SESSIONS)
@require_POST
def add_back(request: HttpRequest, skipped_id: int) -> HttpResponse:
    """Make the session of a day that was skipped, a holiday for example."""
    user = person(request)
    mine = SkippedOccurrence.objects.filter(series__in=Series.objects.visible_to(user))
    skipped = get_object_or_404(mine.select_related("series"), pk=skipped_id)
    with attempt(request) as tried:
        series.add_back(skipped, by=user, now=clock.now())
    if tried.done:
        messages.success(request, _("The session has been added."))
    if "booking" in request.POST and skipped.series.booking_id:
        return redirect("scheduling:booking", skipped.series.booking_id)
    return redirect("scheduling:series", skipped.series_id)


@requires(Permission.MANAGE_SESSIONS)
@require_POST
def prefer(request: HttpRequest, series_id: int) -> HttpResponse:
    """Put somebody on the list of those asked first, or give them other days."""
    found, user = series_or_404(request, series_id), person(request)
    form = PreferredForm(request.POST, user=user)
    if not form.is_valid():
        return _page(request, found, form)
    with attempt(request):
        preferred.prefer(found, by=user, **form.cleaned_data)
    return redirect("scheduling:series", found.pk)


def _preferred_or_404(request: HttpRequest, preferred_id: int) -> PreferredPerson:
    mine = PreferredPerson.objects.filter(series__in=Series.objects.visible_to(person(request)))
    return get_object_or_404(mine, pk=preferred_id)


@requires(Permission.MANAGE_SESSIONS)
@require_POST
def preferred_up(request: HttpRequest, preferred_id: int) -> HttpResponse:
    found = _preferred_or_404(request, preferred_id)
    preferred.raise_up(found, by=person(request))
    return redirect("scheduling:series", found.series_id)


@requires(Permission.MANAGE_SESSIONS)
@require_POST
def preferred_remove(request: HttpRequest, preferred_id: int) -> HttpResponse:
    found = _preferred_or_404(request, preferred_id)
    preferred.forget(found, by=person(request))
    return redirect("scheduling:series", found.series_id)
