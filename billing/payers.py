"""Who pays: found by the date of the session, never by today's date.

Source: S4 l.151 "palkat maksetaan kehittämistyön aikana kehittämishankkeesta. Hankkeen
päättymisen jälkeen … tilaajan … maksettavaksi".
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from coordination.models import Agreement, FundingProject, Unit
from coordination.models.places import in_force


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


def _payer(unit: Unit, agreement: Agreement | None, on: dt.date) -> Payer:
    project = agreement.project if agreement else None
    if project and _runs(project, on):
        return Payer(unit, project, name=project.name, cost_centre=project.code, agreed=True)
    return Payer(
        unit,
        None,
        name=unit.organisation.name,
        cost_centre=unit.cost_centre,
        agreed=agreement is not None,
    )


def resolve_many(
    sessions: Iterable[tuple[Unit, dt.date]],
) -> dict[tuple[int, dt.date], Payer]:
    """Payers of many (unit, local day of the session), in one query; units come with organisation."""
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

    return {(pk, on): _payer(unit, covering(pk, on), on) for (pk, on), unit in wanted.items()}


def resolve(unit: Unit, *, on: dt.date) -> Payer:
    """The payer of a session of `unit` on a local calendar day: the project while it runs, else the unit."""
    agreement = Agreement.objects.filter(in_force(on), unit=unit).select_related("project").first()
    return _payer(unit, agreement, on)
