"""What happens around every request: a number that ties its traces together, and who is behind a change."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from pghistory.middleware import HistoryMiddleware

from coordination.logging import scrub

REQUEST_ID_HEADER = "X-Request-ID"
_ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    """Takes the proxy's request id, or makes one; it stands in every log line and in the answer's header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(REQUEST_ID_HEADER, "")
        request_id = given if _ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response[REQUEST_ID_HEADER] = request_id
        return response


class AuditMiddleware(HistoryMiddleware):  # type: ignore[misc]  # pghistory has no types
    """Writes beside each audited change who made it and where; addresses that are passwords are scrubbed."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request)
        return {
            **context,
            "url": scrub(request.path),
            "request_id": structlog.contextvars.get_contextvars().get("request_id"),
        }
