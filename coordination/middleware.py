"""What happens around every request: a number that ties its traces together, and who is behind a change."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django_htmx.http import HttpResponseClientRedirect
from pghistory.middleware import HistoryMiddleware

from coordination import routes
from coordination.logging import scrub
from coordination.queries.people import lacks_second_factor

REQUEST_ID_HEADER = "X-Request-ID"
_ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")
_SETTING_UP = frozenset(
    {
        "second_factor",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
    }
)


class RequestIdMiddleware:
    """Takes the proxy's request id, or makes one; it stands in every log line and in the answer's header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(REQUEST_ID_HEADER, "")
        request_id = given if _ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex
        # It stays until the thread's next request: Django and gunicorn write their lines after we have returned.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response[REQUEST_ID_HEADER] = request_id
        return response


class SecondFactorMiddleware:
    """Who needs a second factor and has none gets to the page where it is set up, and nowhere else.

    Public addresses stay open: anybody could open them without signing in at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in _SETTING_UP or routes.Route(name, "", view).rule == routes.PUBLIC:
            return None
        if not lacks_second_factor(request.user):
            return None
        if request.headers.get("HX-Request"):  # a part of a page: the whole page goes there
            return HttpResponseClientRedirect(reverse("second_factor"))
        return redirect("second_factor")


class AuditMiddleware(HistoryMiddleware):
    """Writes beside each audited change who made it and where: ids and names of ours, no personal data."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request)
        return {
            **context,
            "url": scrub(request.path),
            "url_name": _url_name(request),
            "request_id": structlog.contextvars.get_contextvars().get("request_id"),
        }


def _url_name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
