"""Calendar feeds, and the pages where people get their addresses."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordination import clock
from coordination.access import public, requires
from coordination.errors import Refused
from coordination.formats import LANGUAGES
from coordination.models import Unit, User
from coordination.permissions import Permission
from experts.models import Expert, ExpertStatus
from scheduling.feeds import answer, blocks, page, queries, readers, texts, tokens
from scheduling.feeds.event import Calendar
from scheduling.models import FeedToken
from scheduling.views.common import person

page_methods = require_http_methods(["GET", "HEAD", "POST"])


@public
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """A calendar for who knows its address; unknown and ended ones are the same 404."""
    token_hash = tokens.hash_of(secret)
    if refused := answer.asked_too_often(token_hash):
        return refused
    token = queries.token_in_force(token_hash)
    if token is None:
        return answer.not_found()
    now = clock.now()
    with translation.override(_language(request, token)):
        body = _body(token, now=now)
    tokens.note_fetch(
        token, reader=readers.reader_of(request.headers.get("User-Agent", "")), now=now
    )
    return answer.calendar_answer(request, body, token_id=token.pk, now=now)


def _language(request: HttpRequest, token: FeedToken) -> str:
    if token.expert:
        return token.expert.language
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _body(token: FeedToken, *, now: dt.datetime) -> bytes:
    language = translation.get_language() or LANGUAGES[0]
    if token.expert:
        name, events = texts.calendar_of_expert(), queries.expert_events(token.expert, now=now)
    else:
        assert token.unit is not None  # a constraint: one owner
        name, events = texts.calendar_of_unit(token.unit), queries.unit_events(token.unit, now=now)
    return blocks.render_kept(Calendar(name=name, language=language), events)


@requires(Permission.SUBSCRIBE_FEED)
@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    """The calendars this person may subscribe to; straight to the page when there is one."""
    found = _calendars_of(person(request))
    if len(found) == 1:
        return redirect(found[0].page_url)
    return render(
        request,
        "scheduling/feeds/calendars.html",
        {"title": _("Shifts in your calendar"), "calendars": found},
    )


def _calendars_of(user: User) -> list[page.Own]:
    own = [page.own_calendar(expert) for expert in _at_work().filter(user=user)]
    return own + [page.unit_calendar(unit) for unit in Unit.objects.visible_to(user)]


@requires(Permission.SUBSCRIBE_FEED)
@page_methods
def own(request: HttpRequest) -> HttpResponse:
    """An expert's own calendar: make an address, see when it was read."""
    return _calendar_page(request, _own_or_404(request))


@requires(Permission.SUBSCRIBE_FEED)
@page_methods
def renew_own(request: HttpRequest) -> HttpResponse:
    """Ask, then make a new address for one's own calendar; the old one ends."""
    return _renew_page(request, _own_or_404(request))


@requires(Permission.SUBSCRIBE_FEED)
@page_methods
def end_own(request: HttpRequest) -> HttpResponse:
    """Ask, then end the address of one's own calendar."""
    return _end_page(request, _own_or_404(request))


@requires(Permission.SUBSCRIBE_FEED)
@page_methods
def of_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A unit's calendar: make an address, see when it was read."""
    return _calendar_page(request, _unit_or_404(request, unit_id))


@requires(Permission.SUBSCRIBE_FEED)
@page_methods
def renew_of_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Ask, then make a new address for a unit's calendar; the old one ends."""
    return _renew_page(request, _unit_or_404(request, unit_id))


@requires(Permission.SUBSCRIBE_FEED)
@page_methods
def end_of_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Ask, then end the address of a unit's calendar."""
    return _end_page(request, _unit_or_404(request, unit_id))


def _at_work() -> QuerySet[Expert]:
    """Who has ended has no calendar any more, here as in `queries.token_in_force`."""
    return Expert.objects.exclude(status=ExpertStatus.ENDED)


def _own_or_404(request: HttpRequest) -> page.Own:
    return page.own_calendar(get_object_or_404(_at_work(), user=person(request)))


def _unit_or_404(request: HttpRequest, unit_id: int) -> page.Own:
    return page.unit_calendar(
        get_object_or_404(Unit.objects.visible_to(person(request)), pk=unit_id)
    )


class SeenAddress(forms.Form):
    """Which address the person saw, so that a second press does not end a new one."""

    instead_of = forms.IntegerField(required=False, widget=forms.HiddenInput)


def _calendar_page(request: HttpRequest, calendar: page.Own) -> HttpResponse:
    if request.method == "POST":
        return _make_address(request, calendar)
    token = tokens.current(calendar.owner, of=person(request))
    context = {
        "title": calendar.title,
        "calendar": calendar,
        "token": token,
        "reader": readers.name_of(token.last_reader) if token else "",
    }
    return render(request, "scheduling/feeds/calendar.html", context)


def _make_address(request: HttpRequest, calendar: page.Own) -> HttpResponse:
    form = SeenAddress(request.POST)
    seen: int | None = form.cleaned_data["instead_of"] if form.is_valid() else None
    try:
        secret = tokens.issue(calendar.owner, instead_of=seen, by=person(request), now=clock.now())
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(calendar.page_url)
    # not a redirect: the secret is kept nowhere, so this answer is the only place it can stand in
    context = {
        "title": _("The address of your calendar"),
        "calendar": calendar,
        "address": page.address(calendar, secret),
    }
    response = render(request, "scheduling/feeds/address.html", context)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = (
        "same-origin"  # with no-referrer the forms in the header fail CSRF
    )
    return response


def _renew_page(request: HttpRequest, calendar: page.Own) -> HttpResponse:
    if request.method == "POST":
        return _make_address(request, calendar)
    token = tokens.current(calendar.owner, of=person(request))
    if token is None:
        return redirect(calendar.page_url)
    context = {
        "title": _("Make a new address?"),
        "sentences": (
            _("The old address stops working at once."),
            _("Every calendar that reads it goes quiet until you give it the new address."),
        ),
        "form": SeenAddress(initial={"instead_of": token.pk}),
        "yes": _("Make a new address"),
        "back_url": calendar.page_url,
    }
    return render(request, "web/confirm.html", context)


def _end_page(request: HttpRequest, calendar: page.Own) -> HttpResponse:
    if request.method == "POST":
        tokens.revoke(calendar.owner, by=person(request), now=clock.now())
        messages.success(request, _("The address is out of use."))
        return redirect(calendar.page_url)
    context = {
        "title": _("Take the address out of use?"),
        "sentences": (
            _("The address stops working at once, and calendars that read it go quiet."),
            _("Remove the calendar from your program too. You can make a new address at any time."),
        ),
        "yes": _("Take out of use"),
        "back_url": calendar.page_url,
        "danger": True,
    }
    return render(request, "web/confirm.html", context)
