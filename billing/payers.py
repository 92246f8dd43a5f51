"""Who pays: found by the date of the session, never by today's date.

Source: S4 l.151 "palkat maksetaan kehittämistyön aikana kehittämishankkeesta. Hankkeen
päättymisen jälkeen … tilaajan … maksettavaksi".
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coordination.models import (
    Agreement,
    FormerName,
    FormerOrganisation,
    FundingProject,
    Organisation,
    Unit,
)


@dataclass(frozen=True)
class Payer:
    """The payer of one session, as it is copied onto the fee line.

    `project` is None when the commissioning unit pays. `agreed` is False when no agreement of the
    unit covers the day: the unit pays, and finance sees it as something to settle.
    """

    unit: Unit
    project: FundingProject | None
    name: str
    cost_centre: str
    agreed: bool


def _runs(project: FundingProject, on: dt.date) -> bool:
    return project.starts_on <= on and (project.ends_on is None or on <= project.ends_on)


@dataclass(frozen=True)
class Owner:
    """Whose a unit was on a day: the name the organisation had then, and the unit's cost centre there."""

    name: str
    cost_centre: str


def _payer(unit: Unit, agreement: Agreement | None, owner: Owner, on: dt.date) -> Payer:
    project = agreement.project if agreement else None
    if project and _runs(project, on):
        return Payer(unit, project, name=project.name, cost_centre=project.code, agreed=True)
    return Payer(
        unit,
        None,
        name=owner.name,
        cost_centre=owner.cost_centre,
        agreed=agreement is not None,
    )


def _owners(wanted: Mapping[tuple[int, dt.date], Unit]) -> dict[tuple[int, dt.date], Owner]:
    """The owners of units on days, in two queries. The first row whose last day has not passed counts."""
    rows = FormerOrganisation.objects.filter(unit__in={pk for pk, _ in wanted})
    past: dict[int, list[FormerOrganisation]] = {}
    for row in rows.select_related("organisation").order_by("ends_on"):
        past.setdefault(row.unit_id, []).append(row)
    belonged: dict[tuple[int, dt.date], tuple[Organisation, str]] = {}
    for (pk, on), unit in wanted.items():
        then = next((row for row in past.get(pk, ()) if on <= row.ends_on), None)
        belonged[pk, on] = (
            (then.organisation, then.cost_centre) if then else (unit.organisation, unit.cost_centre)
        )
    names: dict[int, list[FormerName]] = {}
    ids = {organisation.pk for organisation, _ in belonged.values()}
    for name in FormerName.objects.filter(organisation__in=ids).order_by("ends_on"):
        names.setdefault(name.organisation_id, []).append(name)

    def called(organisation: Organisation, on: dt.date) -> str:
        former = names.get(organisation.pk, ())
        return next((one.name for one in former if on <= one.ends_on), organisation.name)

    return {
        (pk, on): Owner(called(organisation, on), cost_centre)
        for (pk, on), (organisation, cost_centre) in belonged.items()
    }


def resolve_many(
    sessions: Iterable[tuple[Unit, dt.date]],
) -> dict[tuple[int, dt.date], Payer]:
    """Payers of many (unit, local day of the session), in three queries; units come with organisation."""
    wanted = {(unit.pk, on): unit for unit, on in sessions}
    if not wanted:
        return {}
    days = [on for _, on in wanted]
    agreements: dict[int, list[Agreement]] = {}
    rows = Agreement.objects.filter(
        unit__in={pk for pk, _ in wanted}, starts_on__lte=max(days)
    ).select_related("project")
    for row in rows:
        agreements.setdefault(row.unit_id, []).append(row)

    def covering(pk: int, on: dt.date) -> Agreement | None:
        for row in agreements.get(pk, ()):
            if row.starts_on <= on and (row.ends_on is None or on <= row.ends_on):
                return row
        return None

    owners = _owners(wanted)
    return {
        (pk, on): _payer(unit, covering(pk, on), owners[pk, on], on)
        for (pk, on), unit in wanted.items()
    }


def resolve(unit: Unit, *, on: dt.date) -> Payer:
    """The payer of a session of `unit` on a local calendar day.

    The project while it runs, else the organisation the unit belonged to on that day.
    """
    return resolve_many([(unit, on)])[unit.pk, on]
