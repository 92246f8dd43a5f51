"""Orientation by unit: who of the professionals knows of the activity (S4 l.157)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination import clock
from coordination.access import UserRequest, requires
from coordination.models import Unit
from coordination.permissions import Permission
from experts.forms.register import ProfessionalForm
from experts.models import Orientation
from experts.queries.orientation import coverage
from experts.services import readiness
from experts.views.common import do_or_say, form_page, posted, saved


@requires(Permission.VIEW_REGISTER)
@require_GET
def units(request: UserRequest) -> HttpResponse:
    """All units with their coverage."""
    found = Unit.objects.visible_to(request.user).filter(is_active=True)
    context = {
        "title": _("Orientation"),
        "rows": coverage(found, today=clock.today()),
    }
    return render(request, "experts/orientation.html", context)


@requires(Permission.MANAGE_REGISTER)
@require_http_methods(["GET", "POST"])
def unit(request: UserRequest, unit_id: int) -> HttpResponse:
    """One unit: who has been told, who has not; record another."""
    found = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_id)
    today = clock.today()
    form = ProfessionalForm(posted(request), user=request.user, today=today)

    def save() -> None:
        readiness.orient_professional(
            **form.cleaned_data, unit=found, by=request.user, now=clock.now()
        )

    if form.is_valid() and saved(request, form, save, _("The orientation has been recorded.")):
        return redirect("experts:orientation_unit", found.pk)
    rows = Orientation.objects.filter(unit=found, professional_name__isnull=False)
    return form_page(
        request,
        form,
        title=_("Orientation: %(unit)s") % {"unit": found.name},
        back_url=reverse("experts:orientation"),
        back_label=_("Orientation"),
        submit=_("Record the orientation"),
        template="experts/orientation_unit.html",
        unit=found,
        coverage=coverage([found], today=today)[0],
        given=rows.order_by("-oriented_on", "professional_name"),
        experts=Orientation.objects.filter(unit=found, expert__isnull=False)
        .select_related("expert")
        .order_by("expert__name"),
    )


@requires(Permission.MANAGE_REGISTER)
@require_http_methods(["GET", "POST"])
def remove(request: UserRequest, unit_id: int, orientation_id: int) -> HttpResponse:
    """Take away a professional's orientation recorded by mistake."""
    found = get_object_or_404(Unit.objects.visible_to(request.user), pk=unit_id)
    rows = Orientation.objects.filter(unit=found, professional_name__isnull=False)
    orientation = get_object_or_404(rows, pk=orientation_id)
    url = reverse("experts:orientation_unit", args=[found.pk])
    if request.method == "POST":
        return do_or_say(
            request,
            lambda: readiness.remove_orientation(orientation, by=request.user, now=clock.now()),
            _("The orientation has been removed."),
            url,
        )
    sentence = _("The orientation of %(name)s at %(unit)s is removed from the register.")
    context = {
        "title": _("Remove the orientation?"),
        "sentences": [sentence % {"name": orientation.professional_name, "unit": found.name}],
        "yes": _("Remove"),
        "danger": True,
        "back_url": url,
    }
    return render(request, "web/confirm.html", context)
