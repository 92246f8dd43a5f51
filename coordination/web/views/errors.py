"""What went wrong, in human words: what is the case and what to do. No numbers on the page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.access import public
from coordination.transactions import BUSY

_Text = str | Promise


def _page(
    request: HttpRequest, status: int, title: _Text, *sentences: _Text, retry: bool = False
) -> HttpResponse:
    context = {"title": title, "sentences": sentences, "retry": retry}
    return render(request, "web/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: something in the address or the form could not be read."""
    return _page(
        request,
        400,
        _("This could not be understood"),
        _("Something in the address or in what was sent is not as it should be."),
        _(
            "Go back and try once more. If it happens again, tell your coordinator what you were doing."
        ),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the person is known, but this is not theirs to do."""
    return _page(
        request,
        403,
        _("This page belongs to another role"),
        _("You are signed in, but this page is for people who do another job."),
        _("If you need it in your work, ask your coordinator."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is nothing here, or nothing that is this person's."""
    return _page(
        request,
        404,
        _("There is no such page"),
        _("The address may be mistyped, or what was here has been removed."),
        _("Nothing has been lost. You can go on from the front page."),
    )


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: tried too often; wait a while."""
    response = _page(
        request,
        429,
        _("Please wait a moment"),
        _("There have been many attempts in a short time, so we pause for safety."),
        _("Try again in a few minutes."),
        retry=True,
    )
    response["Retry-After"] = "300"
    return response


def busy(request: HttpRequest) -> HttpResponse:
    """503: somebody else kept changing the same thing; nothing was saved."""
    response = _page(
        request,
        503,
        _("Somebody else was at it too"),
        BUSY,
        _("Go back and send it once more."),
    )
    response["Retry-After"] = "1"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the page is drawn without anything that may be broken."""
    try:
        return _page(
            request,
            500,
            _("Something broke on our side"),
            _(
                "What you did may not have been saved. The fault has been recorded and we will look at it."
            ),
            _("Try again in a while. If it is urgent, call your coordinator."),
            retry=True,
        )
    except Exception:  # noqa: BLE001  # the database or the session may be what broke
        return render(None, "web/error_bare.html", status=500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or sent from elsewhere."""
    return _page(
        request,
        403,
        _("The form had been open too long"),
        _("For safety a form works only for a while, and what you sent was not saved."),
        _("Go back, load the page again and send it once more. Your browser must accept cookies."),
    )
