"""Series: add a skipped day back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coordination import clock
from coordination.access import requires
from coordination.permissions import Permission
from scheduling.models import Booking, SkippedOccurrence
from scheduling.services import series
from scheduling.views.common import attempt, person


@requires(Permission.MANAGE_SESSIONS)
@require_POST
def add_back(request: HttpRequest, skipped_id: int) -> HttpResponse:
    """Make the session of a day that was skipped, a holiday for example."""
    user = person(request)
    mine = SkippedOccurrence.objects.filter(
        series__booking__in=Booking.objects.visible_to(user)
    ).select_related("series")
    skipped = get_object_or_404(mine, pk=skipped_id)
    booking_id = skipped.series.booking_id
    with attempt(request) as tried:
        series.add_back(skipped, by=user, now=clock.now())
    if tried.done:
        messages.success(request, _("The session has been added."))
    return redirect("scheduling:booking", booking_id)
