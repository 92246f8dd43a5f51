"""Writes a unit as a register row tells it: organisation, unit, place, contacts, space agreement,
insurance.

Empty cells are not in `values` and leave what is stored as it is.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

from coordination.models import (
    InsurancePolicy,
    Organisation,
    Site,
    SpaceAgreement,
    Unit,
    UnitContact,
)
from coordination.models.organisations import OrganisationKind
from coordination.models.places import ContactKind, SiteKind

_ONLINE = frozenset(("verkossa", "verkko", "etänä", "på nätet", "online"))
_FOREVER = dt.date.max
_KINDS = (
    (
        OrganisationKind.WELLBEING_COUNTY,
        ("hyvinvointialue", "välfärdsområde", "wellbeing services county"),
    ),
    (OrganisationKind.MUNICIPALITY, ("kaupunki", "kunta", "stad", "kommun", "city")),
    (OrganisationKind.NGO, (" ry", " r.y.", " rf", "säätiö", "yhdistys", "förening")),
    (OrganisationKind.PARISH, ("seurakunta", "församling")),
    (OrganisationKind.SCHOOL, ("koulu", "lukio", "opisto", "yliopisto", "skola")),
    (OrganisationKind.STATE, ("kansaneläkelaitos", "kela", "te-toimisto", "poliisi", "virasto")),
)


def with_everything() -> QuerySet[Unit]:
    """Units with all that `as_row` reads, in a fixed number of queries."""
    return Unit.objects.select_related("organisation").prefetch_related(
        "sites", "contacts", "space_agreements", "insurance_policies"
    )


def as_row(unit: Unit, *, on: dt.date, beside: Mapping[str, object]) -> dict[str, object]:
    """What a register row of this unit would say on a day; nothing stored is an empty text or None.

    `beside`: the row it is compared with; a paper whose day it names counts before the newest one.
    """
    site = main_site(unit)
    contact, deputy = (
        _contact(unit, ContactKind.CONTACT, on),
        _contact(unit, ContactKind.DEPUTY, on),
    )
    space = max(
        unit.space_agreements.all(),
        key=lambda a: (a.starts_on == beside.get("space_agreed_on"), a.starts_on),
        default=None,
    )
    insurance = max(
        unit.insurance_policies.all(),
        key=lambda p: (p.ends_on == beside.get("insured_until"), p.ends_on or _FOREVER),
        default=None,
    )
    return {
        "name": unit.name,
        "organisation": unit.organisation.name,
        "business_id": unit.organisation.business_id,
        "municipality": unit.municipality,
        "cost_centre": unit.cost_centre,
        "e_invoice_address": unit.e_invoice_address,
        "address": site.address if site else "",
        "latitude": site.latitude if site else None,
        "longitude": site.longitude if site else None,
        "contact": contact.name if contact else "",
        "contact_email": contact.email if contact else "",
        "deputy": deputy.name if deputy else "",
        "space_agreed_on": space.starts_on if space else None,
        "space_agreed_with": space.agreed_with if space else "",
        "insured_until": insurance.ends_on if insurance else None,
    }


def main_site(unit: Unit) -> Site | None:
    """The place a register row speaks of: the unit's first one."""
    return min(unit.sites.all(), key=lambda site: site.pk, default=None)


def save(values: Mapping[str, Any], *, on: dt.date) -> Unit:
    """Creates or updates the unit named in `values` and what hangs on it; `on` is the day new
    contacts begin.
    """
    unit = Unit.objects.filter(name__iexact=values["name"]).first()
    if unit is None:
        unit = Unit(name=values["name"], slug=_free_slug(values["name"]))
    unit.organisation = _organisation(values)
    for name in ("name", "municipality", "cost_centre", "e_invoice_address"):
        if name in values:
            setattr(unit, name, values[name])
    unit.save()
    _save_site(unit, values)
    for kind, name in ((ContactKind.CONTACT, "contact"), (ContactKind.DEPUTY, "deputy")):
        if name in values:
            _save_contact(unit, kind, values[name], values.get(f"{name}_email", ""), on=on)
    _save_papers(unit, values, on=on)
    return unit


def _organisation(values: Mapping[str, Any]) -> Organisation:
    name = values["organisation"]
    organisation = (
        Organisation.objects.filter(name__iexact=name).first()
        or Organisation.objects.filter(former_names__name__iexact=name).first()
        or Organisation(name=name, kind=_organisation_kind(name))
    )
    organisation.business_id = values.get("business_id", organisation.business_id)
    organisation.save()
    return organisation


def _organisation_kind(name: str) -> OrganisationKind:
    folded = f" {name.casefold()}"
    return next(
        (kind for kind, endings in _KINDS if any(folded.endswith(ending) for ending in endings)),
        OrganisationKind.OTHER,
    )


def _free_slug(name: str) -> str:
    slug = slugify(name.casefold().translate(str.maketrans("åäö", "aao")))[:70] or "unit"
    taken = set(Unit.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(
        s for s in (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))) if s not in taken
    )


def _save_site(unit: Unit, values: Mapping[str, Any]) -> None:
    if not values.keys() & {"address", "latitude", "longitude"}:
        return
    site = unit.sites.order_by("pk").first() or Site(unit=unit, name="Toimipiste")
    if str(values.get("address", "")).casefold() in _ONLINE:
        site.name, site.kind = "Verkossa", SiteKind.ONLINE
    site.municipality = unit.municipality
    for name in ("address", "latitude", "longitude"):
        if name in values:
            setattr(site, name, values[name])
    site.save()


def _contact(unit: Unit, kind: ContactKind, on: dt.date) -> UnitContact | None:
    current = [
        c
        for c in unit.contacts.all()
        if c.kind == kind and c.starts_on <= on and (c.ends_on is None or c.ends_on >= on)
    ]
    return max(current, key=lambda c: (c.starts_on, c.pk), default=None)


def _save_contact(unit: Unit, kind: ContactKind, name: str, email: str, *, on: dt.date) -> None:
    """A new name follows the old one from the day on; the old one's days stay on record."""
    current = _contact(unit, kind, on)
    if current and current.name == name:
        if email and current.email != email:
            current.email = email
            current.save(update_fields=["email"])
        return
    if current and current.starts_on < on:
        current.ends_on = on - dt.timedelta(days=1)
        current.save(update_fields=["ends_on"])
    elif current:
        current.delete()
    UnitContact.objects.create(unit=unit, kind=kind, name=name, email=email, starts_on=on)


def _save_papers(unit: Unit, values: Mapping[str, Any], *, on: dt.date) -> None:
    agreed_on, agreed_with = values.get("space_agreed_on"), values.get("space_agreed_with", "")
    if agreed_on:
        SpaceAgreement.objects.update_or_create(
            unit=unit,
            site=None,
            starts_on=agreed_on,
            defaults={"agreed_with": agreed_with} if agreed_with else {},
        )
    until = values.get("insured_until")
    if until and not unit.insurance_policies.filter(ends_on=until).exists():
        # registers tell the last day only; the policy counts from today, or from the new year if
        # it is over already
        InsurancePolicy.objects.create(
            unit=unit, starts_on=min(on, until.replace(month=1, day=1)), ends_on=until
        )
