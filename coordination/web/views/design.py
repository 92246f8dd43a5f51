"""The design system on one page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coordination.access import requires
from coordination.permissions import Permission


@requires(Permission.VIEW_DESIGN)
def design(request: HttpRequest) -> HttpResponse:
    """Every component in all its states."""
    return render(request, "web/design.html", {"title": "Design system"})
