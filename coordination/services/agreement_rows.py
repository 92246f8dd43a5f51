"""Writes an agreement as a register row tells it, and the project that funds it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

from coordination.models import ActivityKind, Agreement, FundingProject, Unit


def with_everything() -> QuerySet[Agreement]:
    """Agreements with all that `as_row` reads, in a fixed number of queries."""
    return Agreement.objects.select_related("unit", "project").prefetch_related("kinds")


def as_row(agreement: Agreement) -> dict[str, object]:
    """What a register row of this agreement would say."""
    return {
        "starts_on": agreement.starts_on,
        "ends_on": agreement.ends_on,
        "kinds": sorted(kind.code for kind in agreement.kinds.all()),
        "funder": agreement.project.name if agreement.project else "",
        "yearly_budget": agreement.yearly_budget,
    }


def save(unit: Unit, values: Mapping[str, Any], *, kinds: Iterable[ActivityKind]) -> Agreement:
    """Creates or updates the unit's agreement that begins on `starts_on`."""
    agreement = Agreement.objects.filter(
        unit=unit, starts_on=values["starts_on"]
    ).first() or Agreement(unit=unit, starts_on=values["starts_on"])
    for name in ("ends_on", "yearly_budget"):
        if name in values:
            setattr(agreement, name, values[name])
    funder = values["funder"]
    agreement.project = _project(funder, agreement.starts_on, agreement.ends_on) if funder else None
    agreement.save()
    agreement.kinds.set(kinds)
    return agreement


def _project(name: str, starts_on: dt.date, ends_on: dt.date | None) -> FundingProject:
    """The project of this name; its days grow to hold the agreement's, and never shrink by an
    import.
    """
    project = FundingProject.objects.filter(name__iexact=name).first()
    if project is None:
        return FundingProject.objects.create(
            code=slugify(name.casefold().translate(str.maketrans("åäö", "aao")))[:40] or "project",
            name=name,
            starts_on=starts_on,
            ends_on=ends_on,
        )
    last = None if project.ends_on is None or ends_on is None else max(project.ends_on, ends_on)
    first = min(project.starts_on, starts_on)
    if (first, last) != (project.starts_on, project.ends_on):
        project.starts_on, project.ends_on = first, last
        project.save(update_fields=["starts_on", "ends_on"])
    return project
