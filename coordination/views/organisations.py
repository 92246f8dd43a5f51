"""Organisations, funding projects, agreements of all units, and forms of work."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordination import clock
from coordination.access import UserRequest, requires
from coordination.forms import places as f
from coordination.models import ActivityKind, FundingProject, Organisation
from coordination.permissions import Permission
from coordination.queries import places as found
from coordination.services import places
from coordination.views.common import filtered, form_page, page_of, posted

_BOTH = ["GET", "POST"]


@requires(Permission.VIEW_PLACES)
@require_safe
def organisations(request: UserRequest) -> HttpResponse:
    """All organisations; a former name finds them too."""
    form, values = filtered(f.OrganisationFilter, request)
    page = page_of(request, found.organisations(**values))
    context = {"title": _("Organisations"), "filter": form, "page": page}
    context["may_change"] = request.user.access.can(Permission.MANAGE_PLACES)
    return render(request, "coordination/places/organisations.html", context)


@requires(Permission.VIEW_PLACES)
@require_safe
def organisation(request: UserRequest, pk: int) -> HttpResponse:
    """An organisation: its names over time, who it came from and went to, its units."""
    shown = get_object_or_404(Organisation.objects.select_related("successor"), pk=pk)
    context = {
        "title": shown.name,
        "organisation": shown,
        "former_names": shown.former_names.order_by("-ends_on"),
        "predecessors": shown.predecessors.order_by("name"),
        "units": shown.units.all(),
        "may_change": request.user.access.can(Permission.MANAGE_PLACES),
    }
    return render(request, "coordination/places/organisation.html", context)


@requires(Permission.MANAGE_PLACES)
@require_http_methods(_BOTH)
def organisation_new(request: UserRequest) -> HttpResponse:
    """A new organisation."""
    back = (reverse("organisations"), _("Organisations"))
    return _organisation_form(request, Organisation(), _("New organisation"), back)


@requires(Permission.MANAGE_PLACES)
@require_http_methods(_BOTH)
def organisation_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Kind, Business ID, name in Swedish."""
    shown = get_object_or_404(Organisation, pk=pk)
    return _organisation_form(request, shown, _("Change the organisation"), _back(shown))


def _organisation_form(
    request: UserRequest, shown: Organisation, title: str, back: tuple[str, str]
) -> HttpResponse:
    form = f.OrganisationForm(posted(request), instance=shown)
    return form_page(
        request,
        form,
        title=title,
        back=back,
        save=lambda: places.save_organisation(shown, values=form.cleaned_data, by=request.user),
        to=lambda: reverse("organisation", args=[shown.pk]),
    )


def _back(shown: Organisation) -> tuple[str, str]:
    return reverse("organisation", args=[shown.pk]), shown.name


@requires(Permission.MANAGE_PLACES)
@require_http_methods(_BOTH)
def organisation_rename(request: UserRequest, pk: int) -> HttpResponse:
    """A new name; the old one is kept and still finds the organisation."""
    shown = get_object_or_404(Organisation, pk=pk)
    form = f.RenameForm(posted(request), initial={"on": clock.today()})
    return form_page(
        request,
        form,
        title=_("Rename the organisation"),
        lead=_("The old name is kept, so that old papers and imports still find it."),
        back=_back(shown),
        save=lambda: places.rename(shown, by=request.user, **form.cleaned_data),
    )


@requires(Permission.MANAGE_PLACES)
@require_http_methods(_BOTH)
def organisation_succeed(request: UserRequest, pk: int) -> HttpResponse:
    """Another organisation takes over; the units move to it."""
    shown = get_object_or_404(Organisation, pk=pk)
    form = f.SucceedForm(posted(request), initial={"on": clock.today()})
    return form_page(
        request,
        form,
        title=_("Another organisation takes over"),
        lead=_("This organisation ends the day before, and its units move to the successor."),
        back=_back(shown),
        save=lambda: places.succeed(shown, by=request.user, **form.cleaned_data),
    )


@requires(Permission.VIEW_PLACES)
@require_safe
def agreements(request: UserRequest) -> HttpResponse:
    """The agreements of all units."""
    form, values = filtered(f.AgreementFilter, request)
    today = clock.today()
    page = page_of(request, found.agreements(**values, on=today))
    context = {"title": _("Agreements"), "filter": form, "page": page, "today": today}
    return render(request, "coordination/places/agreements.html", context)


@requires(Permission.VIEW_PLACES)
@require_safe
def projects(request: UserRequest) -> HttpResponse:
    """Funding projects."""
    form, values = filtered(f.ProjectFilter, request)
    today = clock.today()
    page = page_of(request, found.projects(**values, on=today))
    context = {"title": _("Funding projects"), "filter": form, "page": page, "today": today}
    context["may_change"] = request.user.access.can(Permission.MANAGE_PLACES)
    return render(request, "coordination/places/projects.html", context)


@requires(Permission.MANAGE_PLACES)
@require_http_methods(_BOTH)
def project_new(request: UserRequest) -> HttpResponse:
    """A new funding project."""
    return _project_form(request, FundingProject(), _("New funding project"))


@requires(Permission.MANAGE_PLACES)
@require_http_methods(_BOTH)
def project_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a funding project; moving its end moves the payer of open fee lines after it."""
    return _project_form(request, get_object_or_404(FundingProject, pk=pk), _("Change the project"))


def _project_form(request: UserRequest, shown: FundingProject, title: str) -> HttpResponse:
    form = f.ProjectForm(posted(request), instance=shown)
    return form_page(
        request,
        form,
        title=title,
        back=(reverse("projects"), _("Funding projects")),
        save=lambda: places.save_project(shown, values=form.cleaned_data, by=request.user),
    )


@requires(Permission.MANAGE_KINDS)
@require_safe
def kinds(request: UserRequest) -> HttpResponse:
    """The forms of work with their rules."""
    context = {"title": _("Forms of work"), "kinds": ActivityKind.objects.all()}
    return render(request, "coordination/kinds/list.html", context)


@requires(Permission.MANAGE_KINDS)
@require_http_methods(_BOTH)
def kind_new(request: UserRequest) -> HttpResponse:
    """A form of work the sources do not name."""
    return _kind_form(request, ActivityKind(place_kinds=["site"]), _("New form of work"))


@requires(Permission.MANAGE_KINDS)
@require_http_methods(_BOTH)
def kind_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Names, purpose and rules of a form of work; sessions that exist keep what they have."""
    return _kind_form(request, get_object_or_404(ActivityKind, pk=pk), _("Change the form of work"))


def _kind_form(request: UserRequest, shown: ActivityKind, title: str) -> HttpResponse:
    form = f.KindForm(posted(request), instance=shown)
    return form_page(
        request,
        form,
        title=title,
        back=(reverse("kinds"), _("Forms of work")),
        save=lambda: places.save_kind(shown, values=form.cleaned_data, by=request.user),
    )
