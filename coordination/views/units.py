"""Units: the list, a unit's page with its papers, and the forms for them."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from coordination import clock
from coordination.access import UserRequest, requires
from coordination.forms import places as f
from coordination.models import (
    Agreement,
    InsurancePolicy,
    Site,
    SpaceAgreement,
    Unit,
    UnitContact,
)
from coordination.permissions import Permission
from coordination.queries import places as found
from coordination.services import places
from coordination.views.common import filtered, form_page, page_of, posted


@requires(Permission.VIEW_PLACES)
@require_safe
def units(request: UserRequest) -> HttpResponse:
    """All units, each with what it lacks or what soon ends."""
    form, values = filtered(f.UnitFilter, request)
    papers = values.pop("papers")
    today = clock.today()
    with_papers = found.with_papers(found.units(request.user, **values), on=today)
    pairs = [(shown, found.concerns_of(shown, on=today)) for shown in with_papers]
    rows = [
        {"unit": shown, "concerns": concerns}
        for shown, concerns in pairs
        if not papers or any(concern.state == papers for concern in concerns)
    ]
    context = {"title": _("Units"), "filter": form, "page": page_of(request, rows)}
    context["may_change"] = request.user.access.can(Permission.MANAGE_PLACES)
    return render(request, "coordination/places/units.html", context)


@requires(Permission.VIEW_UNIT)
@require_safe
def unit(request: UserRequest, pk: int) -> HttpResponse:
    """A unit: what is missing in words, its contacts, places and papers. Clinic contacts see their own."""
    today = clock.today()
    visible = found.with_papers(Unit.objects.visible_to(request.user), on=today)
    shown = get_object_or_404(visible, pk=pk)
    context = {
        "title": shown.name,
        "unit": shown,
        "today": today,
        "concerns": found.concerns_of(shown, on=today),
        "sites": shown.sites.all(),
        "contacts": shown.contacts.order_by("kind", "-starts_on"),
        "spaces": shown.space_agreements.select_related("site").order_by("-starts_on"),
        "insurances": shown.insurance_policies.order_by("-starts_on"),
        "agreements": shown.agreements.select_related("project")
        .prefetch_related("kinds")
        .order_by("-starts_on"),
        "may_change": request.user.access.can(Permission.MANAGE_PLACES),
    }
    return render(request, "coordination/places/unit.html", context)


@requires(Permission.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def unit_new(request: UserRequest) -> HttpResponse:
    """A new unit; its papers are added on its page."""
    return _unit_form(request, Unit(), _("New unit"), (reverse("units"), _("Units")))


@requires(Permission.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def unit_edit(request: UserRequest, pk: int) -> HttpResponse:
    """The unit's own details."""
    shown = get_object_or_404(Unit, pk=pk)
    return _unit_form(request, shown, _("Change the unit"), _back(shown))


def _unit_form(
    request: UserRequest, shown: Unit, title: str, back: tuple[str, str]
) -> HttpResponse:
    form = f.UnitForm(posted(request), instance=shown)
    return form_page(
        request,
        form,
        title=title,
        back=back,
        save=lambda: places.save_unit(shown, values=form.cleaned_data, by=request.user),
        to=lambda: reverse("unit", args=[shown.pk]),
    )


def _back(shown: Unit) -> tuple[str, str]:
    return reverse("unit", args=[shown.pk]), shown.name


# -- what hangs on a unit: one pair of pages for each kind of paper ------------------------------


@dataclass(frozen=True)
class Paper:
    """A kind of thing a unit has: its model, form, service and titles."""

    model: type[models.Model]
    form: "type[forms.ModelForm[Any]]"
    save: Any
    new: Promise
    change: Promise
    lead: "Promise | str" = ""


SITE = Paper(
    Site, f.SiteForm, places.save_site, gettext_lazy("New place"), gettext_lazy("Change the place")
)
CONTACT = Paper(
    UnitContact,
    f.ContactForm,
    places.save_contact,
    gettext_lazy("New contact person"),
    gettext_lazy("Change the contact person"),
)
SPACE = Paper(
    SpaceAgreement,
    f.SpaceForm,
    places.save_space,
    gettext_lazy("New agreement on spaces"),
    gettext_lazy("Change the agreement on spaces"),
    gettext_lazy("The use of spaces is agreed with the unit's management."),
)
INSURANCE = Paper(
    InsurancePolicy,
    f.InsuranceForm,
    places.save_insurance,
    gettext_lazy("New insurance"),
    gettext_lazy("Change the insurance"),
)
AGREEMENT = Paper(
    Agreement,
    f.AgreementForm,
    places.save_agreement,
    gettext_lazy("New agreement"),
    gettext_lazy("Change the agreement"),
    gettext_lazy("What the unit may order, and who pays."),
)


def _new(paper: Paper) -> Any:
    @requires(Permission.MANAGE_PLACES)
    @require_http_methods(["GET", "POST"])
    def view(request: UserRequest, unit_id: int) -> HttpResponse:
        shown = get_object_or_404(Unit, pk=unit_id)
        return _paper_form(request, paper, paper.model(unit=shown), shown, paper.new)

    return view


def _edit(paper: Paper) -> Any:
    @requires(Permission.MANAGE_PLACES)
    @require_http_methods(["GET", "POST"])
    def view(request: UserRequest, pk: int) -> HttpResponse:
        row: Any = get_object_or_404(paper.model._default_manager.select_related("unit"), pk=pk)
        return _paper_form(request, paper, row, row.unit, paper.change)

    return view


def _paper_form(
    request: UserRequest, paper: Paper, row: models.Model, shown: Unit, title: Promise
) -> HttpResponse:
    form = paper.form(posted(request), instance=row)
    return form_page(
        request,
        form,
        title=title,
        back=_back(shown),
        lead=paper.lead,
        save=lambda: paper.save(row, values=form.cleaned_data, by=request.user),
    )


site_new, site_edit = _new(SITE), _edit(SITE)
contact_new, contact_edit = _new(CONTACT), _edit(CONTACT)
space_new, space_edit = _new(SPACE), _edit(SPACE)
insurance_new, insurance_edit = _new(INSURANCE), _edit(INSURANCE)
agreement_new, agreement_edit = _new(AGREEMENT), _edit(AGREEMENT)
