"""What a person sees and changes about themselves."""

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination import clock, municipalities
from coordination.access import UserRequest, requires
from coordination.permissions import Permission
from experts import spoken
from experts.forms.own import OwnProfileForm
from experts.models import SupervisionAttendance
from experts.models.supervision import SupervisionState
from experts.queries import hours, looks, own_data, own_data_page, readiness
from experts.services import register
from experts.views.common import form_page, own_expert, posted, saved


@requires(Permission.VIEW_OWN_PROFILE)
@require_GET
def profile(request: UserRequest) -> HttpResponse:
    """Everything a person needs to see about themselves, on one page."""
    expert = own_expert(request)
    today = clock.today()
    ready = readiness.load([expert], days=[today], today=today)[expert.pk]
    context = {
        "title": _("My details"),
        "expert": expert,
        "ready": ready,
        "today": today,
        "languages": spoken.names(expert.languages),
        "week_minutes": int(ready.week_hours(today) * 60),
        "month_sessions": ready.month_sessions(today),
        "kinds": expert.kinds.all(),
        "trainings": expert.trainings.all(),
        "orientations": expert.orientations.select_related("unit"),
        "hours": hours.shown(expert, today=today),
        "absences": expert.absences.filter(ends_on__gte=today),
    }
    return render(request, "experts/own/profile.html", context)


@requires(Permission.VIEW_OWN_PROFILE)
@require_http_methods(["GET", "POST"])
def profile_edit(request: UserRequest) -> HttpResponse:
    """Contact details, languages, own words and the consent to show them, wishes."""
    expert = own_expert(request)
    form = OwnProfileForm(posted(request), expert=expert)

    def save() -> None:
        register.change_own(expert, form.values(), by=request.user, now=clock.now())

    if form.is_valid() and saved(request, form, save, _("The changes have been saved.")):
        return redirect("experts:own")
    return form_page(
        request,
        form,
        title=_("Change my details"),
        back_url=reverse("experts:own"),
        back_label=_("My details"),
        submit=_("Save"),
        municipalities=municipalities.all_municipalities(),
    )


@requires(Permission.VIEW_OWN_PROFILE)
@require_GET
def own_supervision(request: UserRequest) -> HttpResponse:
    """Supervision ahead and behind; nobody else's names."""
    expert = own_expert(request)
    now = clock.now()
    mine = SupervisionAttendance.objects.filter(expert=expert).select_related("session__supervisor")
    context = {
        "title": _("Work supervision"),
        "ahead": mine.filter(
            session__state=SupervisionState.PLANNED, session__ends_at__gt=now
        ).order_by("session__starts_at"),
        "behind": mine.filter(session__state=SupervisionState.HELD).order_by("-session__starts_at")[
            :20
        ],
    }
    return render(request, "experts/own/supervision.html", context)


@requires(Permission.VIEW_OWN_PROFILE)
@require_GET
def access_log(request: UserRequest) -> HttpResponse:
    """Who has looked at my data."""
    expert = own_expert(request)
    page = Paginator(looks.views_of(expert), 50).get_page(request.GET.get("page"))
    context = {
        "title": _("Who has looked at my data"),
        "page": page,
        "looks": [looks.told(view) for view in page.object_list],
    }
    return render(request, "experts/own/access_log.html", context)


@requires(Permission.VIEW_OWN_PROFILE)
@require_GET
def own_data_in_words(request: UserRequest) -> HttpResponse:
    """Everything about me, to be read."""
    expert = own_expert(request)
    context = {
        "title": _("All data about me"),
        "parts": own_data_page.of(expert, now=clock.now()),
    }
    response = render(request, "experts/own/data.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@requires(Permission.VIEW_OWN_PROFILE)
@require_GET
def own_data_file(request: UserRequest) -> HttpResponse:
    """Everything about me, as a JSON file."""
    expert = own_expert(request)
    data = own_data.everything(expert, now=clock.now())
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="vuoro-omat-tiedot.json"'
    response["Cache-Control"] = "private, no-store"
    return response
