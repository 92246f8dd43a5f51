"""An expert's own earnings."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from billing.queries import earnings
from coordination.access import UserRequest, requires
from coordination.permissions import Permission
from experts.models import Expert

PAGE_SIZE = 20


@requires(Permission.VIEW_OWN_EARNINGS)
@require_GET
def own(request: UserRequest) -> HttpResponse:
    """What I have earned and what has gone to payroll, by month, with each session behind it."""
    expert = get_object_or_404(Expert, user=request.user)
    return render(
        request,
        "billing/earnings.html",
        {
            "title": _("My fees"),
            "months": earnings.by_month(expert),
            "page": Paginator(earnings.lines_of(expert), PAGE_SIZE).get_page(
                request.GET.get("page")
            ),
        },
    )
