"""Answering from the mail without logging in: GET shows, POST acts, each link works once.

Mail programs open links by themselves, so nothing ever happens on GET.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.access import public
from coordination.errors import Refused
from scheduling.models import Assignment, Offer
from scheduling.queries import shifts
from scheduling.queries.terms import terms_of
from scheduling.services import answers, assignments, offers

GONE = 410
NOT_FOUND = 404
CONFLICT = 409


@public
@csrf_exempt  # the address itself is the secret, and it must work without cookies
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The proposal or offer behind a link, in the language of the person it was sent to."""
    now = clock.now()
    try:
        found = answers.read(token, now=now)
    except Refused as refused:
        return _private(_cannot(request, refused))
    with translation.override(_language(request, found)):
        if request.method == "POST":
            return _private(_act(request, found))
        context = {
            "title": _("Can you take this shift?"),
            "found": found,
            "is_offer": isinstance(found, Offer),
            "session": found.session,
            "meets": shifts.meets(found.session),
            "terms": terms_of(found.session, found.expert),
            "now": now,
        }
        return _private(render(request, "scheduling/answer.html", context))


def _language(request: HttpRequest, found: Assignment | Offer) -> str:
    """The person's own, unless somebody has chosen one in this browser."""
    if request.user.is_authenticated or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return translation.get_language() or found.expert.language
    return found.expert.language


def _act(request: HttpRequest, found: Assignment | Offer) -> HttpResponse:
    takes = request.POST.get("answer") == "yes"
    does: Any = offers if isinstance(found, Offer) else assignments
    yes = offers.accept if isinstance(found, Offer) else assignments.confirm
    act: Any = yes if takes else does.decline
    try:
        act(found, by=None, now=clock.now())
    except Refused as refused:
        return _cannot(request, refused)
    context = {
        "title": _("The shift is yours. Thank you.") if takes else _("Thank you for answering."),
        "takes": takes,
        "session": found.session,
    }
    return render(request, "scheduling/answered.html", context)


_STATUS = {"link_unknown": NOT_FOUND, "link_used": GONE, "link_expired": GONE}


def _cannot(request: HttpRequest, refused: Refused) -> HttpResponse:
    """What is the case and what to do; never a bare error."""
    titles = {
        "link_unknown": _("This link does not work"),
        "link_used": _("This has been settled already"),
        "link_expired": _("The time to answer has passed"),
        "full": _("The shift was filled already"),
        "superseded": _("The shift was filled already"),
    }
    context = {"title": titles.get(refused.code, _("The shift has changed")), "refused": refused}
    status = _STATUS.get(refused.code, CONFLICT)
    return render(request, "scheduling/answer_closed.html", context, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a key: it goes to nobody else and into no index or cache.

    `strict-origin` tells others the host at most, never the path; with `no-referrer` browsers send
    forms with `Origin: null`, which the CSRF check refuses.
    """
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response
