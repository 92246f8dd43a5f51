"""Writes about organisations, units and their papers: each change checked, saved and audited by trigger."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from coordination import municipalities
from coordination.errors import Refused
from coordination.models import (
    ActivityKind,
    Agreement,
    FormerName,
    FormerOrganisation,
    FundingProject,
    InsurancePolicy,
    Organisation,
    Site,
    SpaceAgreement,
    Unit,
    UnitContact,
    User,
)
from coordination.transactions import constraint_name, one_transaction

Thing = TypeVar("Thing", bound=models.Model)
Values = Mapping[str, Any]

SENTENCES = {
    "agreement_one_a_day": _("Another agreement of this unit covers some of these days."),
    "site_name_once_per_unit": _("The unit has a place with this name already."),
    "organisation_business_id_once": _("Another organisation has this Business ID."),
    "organisation_not_its_own_successor": _("An organisation cannot be its own successor."),
    "agreement_budget_positive": _("A budget cannot be below zero."),
    "project_amount_positive": _("An amount cannot be below zero."),
    "kind_monthly_range": _("The most times a month are fewer than the least."),
    "site_coordinates": _("Give both coordinates: latitude −90–90 and longitude −180–180."),
}
"""What each constraint says when it says no; those about days share one sentence."""
_DAYS = _("The last day is before the first.")


def sentence_of(constraint: str) -> Any:
    """The sentence for a constraint's name, in the language of the moment."""
    if constraint in SENTENCES:
        return SENTENCES[constraint]
    return _DAYS if constraint.endswith("_days") else _("These values do not fit together.")


def check_constraints(thing: models.Model) -> None:
    """Raises Refused (the constraint's name is its code) before the database would.

    Overlaps are left to the database: Django compares a column written as `unit_id` with itself.
    """
    for model, constraints in thing.get_constraints():
        for constraint in constraints:
            if isinstance(constraint, ExclusionConstraint):
                continue
            try:
                constraint.validate(model, thing)
            except ValidationError as error:
                raise Refused(sentence_of(constraint.name), code=constraint.name) from error


@one_transaction
def _write(thing: Thing, values: Values) -> Thing:
    """Set what is given, check, save; many-to-many values after the row."""
    links = {field.name for field in thing._meta.many_to_many}
    changed = [name for name, value in values.items() if name not in links]
    for name in changed:
        setattr(thing, name, values[name])
    check_constraints(thing)
    try:
        with transaction.atomic():
            # a new row is written whole, an old one only where it changed
            thing.save(update_fields=changed if thing.pk else None)
    except IntegrityError as error:  # an overlap, or somebody wrote the same at the same moment
        name = constraint_name(error)
        raise Refused(sentence_of(name), code=name or "conflict") from error
    for name in links & values.keys():
        getattr(thing, name).set(values[name])
    return thing


# -- organisations -----------------------------------------------------------------------------


def save_organisation(organisation: Organisation, *, values: Values, by: User) -> Organisation:
    """Make or change an organisation. A new name is a renaming: use `rename`, so the old one is found."""
    return _write(organisation, values)


@transaction.atomic
def rename(organisation: Organisation, *, name: str, name_sv: str, on: dt.date, by: User) -> None:
    """Give a new name from a day on; the old one stays as a former name until the day before.

    Raises Refused: `same_name`, `name_taken`.
    """
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if name == row.name:
        raise Refused(_("This is the name already."), code="same_name")
    if Organisation.objects.filter(name=name).exclude(pk=row.pk).exists():
        raise Refused(_("Another organisation has this name."), code="name_taken")
    earlier = row.former_names.order_by("-ends_on").first()
    starts_on = earlier.ends_on + dt.timedelta(days=1) if earlier else None
    last_day = on - dt.timedelta(days=1)
    if starts_on and last_day < starts_on:
        raise Refused(_DAYS, code="former_name_days")
    FormerName.objects.create(
        organisation=row, name=row.name, starts_on=starts_on, ends_on=last_day
    )
    _write(row, {"name": name, "name_sv": name_sv})


@transaction.atomic
def succeed(organisation: Organisation, *, successor: Organisation, on: dt.date, by: User) -> int:
    """Another organisation takes over on a day: units move to it; how many.

    The old one keeps its name and history, and ends the day before (hospital districts became
    wellbeing services counties on 1.1.2023). Sessions before the day stay with the old one, with
    the cost centre the unit had there (design.md, invariant 7). Raises Refused: `own_successor`,
    `ended_already`, `circle` when the successor itself was succeeded by this one,
    `successor_ended`, `former_organisation_days` when units came to the old one only later.
    """
    rows = {
        row.pk: row
        for row in Organisation.objects.select_for_update()
        .filter(pk__in=[organisation.pk, successor.pk])
        .order_by("pk")
    }
    old = rows[organisation.pk]
    new = rows[successor.pk]
    if old == new:
        raise Refused(SENTENCES["organisation_not_its_own_successor"], code="own_successor")
    if old.ended_on is not None:
        raise Refused(_("This organisation has ended already."), code="ended_already")
    if new.ended_on is not None:
        raise Refused(_("The successor has ended. Choose one that runs."), code="successor_ended")
    if new.successor_id == old.pk:
        raise Refused(_("The two cannot succeed each other."), code="circle")
    last_day = on - dt.timedelta(days=1)
    if FormerOrganisation.objects.filter(unit__organisation=old, ends_on__gte=last_day).exists():
        raise Refused(
            _("Some of its units came to it later than that. Choose a later day."),
            code="former_organisation_days",
        )
    _write(old, {"successor": new, "ended_on": last_day})
    units = Unit.objects.select_for_update().filter(organisation=old).order_by("pk")
    FormerOrganisation.objects.bulk_create(
        FormerOrganisation(
            unit=unit, organisation=old, cost_centre=unit.cost_centre, ends_on=last_day
        )
        for unit in units
    )
    for unit in units:
        unit.organisation = new
        unit.save(update_fields=["organisation"])
    return len(units)


# -- units and their places --------------------------------------------------------------------


def save_unit(unit: Unit, *, values: Values, by: User) -> Unit:
    """Make or change a unit; a new one gets an address name (slug) of its own."""
    if not unit.slug:
        unit.slug = _free_slug(Unit, str(values["name"]))
    return _write(unit, values)


def save_site(site: Site, *, values: Values, by: User) -> Site:
    """Make or change a place. Without coordinates it gets those of its municipality (or its unit's).

    A place online has none.
    """
    full = dict(values)
    if site.kind == "online" or values.get("kind") == "online":
        full |= {"latitude": None, "longitude": None}
    elif full.get("latitude") is None or full.get("longitude") is None:
        full |= coordinates_of(str(values.get("municipality") or site.unit.municipality))
    return _write(site, full)


def coordinates_of(municipality: str) -> dict[str, float | None]:
    """The municipality's point in degrees; empty for one that is not in Finland's list."""
    found = municipalities.find(municipality)
    return {
        "latitude": found.latitude if found else None,
        "longitude": found.longitude if found else None,
    }


def save_contact(contact: UnitContact, *, values: Values, by: User) -> UnitContact:
    """Name a contact person, a deputy or a support person for a period of days."""
    return _write(contact, values)


def save_space(space: SpaceAgreement, *, values: Values, by: User) -> SpaceAgreement:
    """Write down that the use of spaces was agreed, with whom and for how long."""
    return _write(space, values)


def save_insurance(policy: InsurancePolicy, *, values: Values, by: User) -> InsurancePolicy:
    """Write down the insurance in force."""
    return _write(policy, values)


def save_agreement(agreement: Agreement, *, values: Values, by: User) -> Agreement:
    """Write down what a unit may order in a period and who pays. Raises Refused `agreement_one_a_day`."""
    return _write(agreement, values)


def save_project(project: FundingProject, *, values: Values, by: User) -> FundingProject:
    """Make or change a funding project; moving its end moves the payer of sessions after it."""
    return _write(project, values)


def save_kind(kind: ActivityKind, *, values: Values, by: User) -> ActivityKind:
    """Make or change a form of work; a new one gets a code from its English name."""
    if not kind.code:
        kind.code = _free_slug(ActivityKind, str(values["name_en"]), field="code").replace("-", "_")
    return _write(kind, values)


def _free_slug(model: type[models.Model], name: str, *, field: str = "slug") -> str:
    stem = slugify(name.casefold().translate(str.maketrans("åäö", "aao")))[:36] or "x"
    taken = set(
        model._default_manager.filter(**{f"{field}__startswith": stem}).values_list(
            field, flat=True
        )
    )
    numbers = range(2, len(taken) + 3)
    return next(s for s in (stem, *(f"{stem}-{n}" for n in numbers)) if s not in taken)
