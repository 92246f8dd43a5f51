"""The API on a page, drawn from its own OpenAPI document."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET
from drf_spectacular.generators import SchemaGenerator

from coordination.access import UserRequest, signed_in


@cache
def operations() -> dict[str, list[dict[str, Any]]]:
    """Every operation by its first word in the address; the code does not change while it runs."""
    with override("en"):
        schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # untyped library
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            word = path.removeprefix("/api/v1/").split("/")[0]
            found.setdefault(word, []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "says": operation.get("description", ""),
                    "takes": _fields(schema, operation),
                }
            )
    return found


def _fields(schema: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    """Names of the values a request takes; a star marks those it needs."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = body.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    described = schema["components"]["schemas"].get(name, {})
    needed = described.get("required", [])
    return [f"{field}*" if field in needed else field for field in described.get("properties", {})]


@signed_in
@require_GET
def docs(request: UserRequest) -> HttpResponse:
    """What can be asked of the API, with what."""
    return render(request, "api/docs.html", {"title": _("The API"), "operations": operations()})
