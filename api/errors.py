"""Errors as RFC 9457 problem details: one shape, a stable code, a sentence in the caller's language."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from coordination.errors import Refused
from coordination.transactions import BUSY, is_contention

REFUSED_STATUS = HTTPStatus.CONFLICT


class ProblemRenderer(JSONRenderer):
    """The media type of RFC 9457."""

    media_type = "application/problem+json"


def body_of(
    status: HTTPStatus, *, code: str, detail: str, errors: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What stands in an answer that says what is the case. `errors` names the fields to mend."""
    body: dict[str, Any] = {
        "type": f"https://vuoro.example/problems/{code}",
        "title": status.phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
    }
    return body | {"errors": errors} if errors else body


def problem(
    status: int, *, code: str, detail: str, errors: dict[str, Any] | None = None
) -> Response:
    """The same as an answer of a view."""
    body = body_of(HTTPStatus(status), code=code, detail=detail, errors=errors)
    return Response(body, status=status, content_type="application/problem+json")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. What it does not know is a fault of ours and goes on as a 500."""
    set_rollback()
    if isinstance(error, Refused):
        return problem(REFUSED_STATUS, code=error.code, detail=str(error))
    if isinstance(error, Http404):
        return problem(
            404, code="not_found", detail=_("There is no such thing, or it is not yours.")
        )
    if isinstance(error, PermissionDenied):
        return problem(403, code="forbidden", detail=_("You do not have the right to do this."))
    if isinstance(error, exceptions.ValidationError):
        return problem(
            400,
            code="invalid",
            detail=_("Some values need mending."),
            errors=_as_errors(error.detail),
        )
    if is_contention(error):
        answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, code="busy", detail=str(BUSY))
        answer["Retry-After"] = "1"
        return answer
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _as_errors(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}


def _of_framework(error: exceptions.APIException) -> Response:
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else "error"
    answer = problem(error.status_code, code=code, detail=str(error.detail))
    if auth_header := getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = auth_header
    if wait := getattr(error, "wait", None):
        answer["Retry-After"] = str(int(wait) + 1)
    return answer
