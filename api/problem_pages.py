"""Errors outside the views of the API: an unknown address or a fault of ours is a problem too, not a page.

The root addresses name these as the server's error handlers; people's pages go on to the shell.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from api.errors import body_of
from coordination.web.views import errors

ADDRESSES = "/api/"


def _problem(status: int, code: str, detail: str) -> HttpResponse:
    return JsonResponse(
        body_of(HTTPStatus(status), code=code, detail=detail),
        status=status,
        content_type="application/problem+json",
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent could not be read at all."""
    if not request.path.startswith(ADDRESSES):
        return errors.bad_request(request, exception)
    return _problem(400, "bad_request", _("The request could not be read."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 outside a view of the API."""
    if not request.path.startswith(ADDRESSES):
        return errors.forbidden(request, exception)
    return _problem(403, "forbidden", _("You do not have the right to do this."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such address."""
    if not request.path.startswith(ADDRESSES):
        return errors.not_found(request, exception)
    return _problem(404, "not_found", _("There is no such thing, or it is not yours."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault, and it has been logged; nothing of it is told."""
    if not request.path.startswith(ADDRESSES):
        return errors.server_error(request)
    detail = _("Something broke on our side. Nothing was saved; the fault has been recorded.")
    return _problem(500, "server_error", detail)
