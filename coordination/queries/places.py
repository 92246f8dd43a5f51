"""Units, their papers, and what is missing or soon ends."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import CharField, Count, F, Prefetch, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.models import (
    Agreement,
    FundingProject,
    InsurancePolicy,
    Organisation,
    SpaceAgreement,
    Unit,
    UnitContact,
    User,
)
from coordination.models.places import ContactKind, in_force

SOON = dt.timedelta(days=60)
"""How long before its last day a paper is shown as ending."""


@dataclass(frozen=True)
class Concern:
    """Something a unit lacks ("missing") or that ends within 60 days ("ending", with its last day)."""

    unit: Unit
    paper: str
    state: str
    last_day: dt.date | None = None

    @property
    def sentence(self) -> Promise:
        return _MISSING[self.paper] if self.state == "missing" else _ENDING[self.paper]


_MISSING = {
    "contact": _("There is no professional contact person. Name one."),
    "agreement": _("There is no agreement in force. Nothing can be booked until there is one."),
    "space": _("The use of the spaces has not been agreed with the management."),
    "insurance": _("There is no insurance in force."),
    "support": _("There is no support person for the shifts."),
}
_ENDING = {
    "contact": _("The contact person's period ends."),
    "agreement": _("The agreement ends, and no new one follows."),
    "space": _("The agreement on the use of the spaces ends."),
    "insurance": _("The insurance ends, and no new one follows."),
    "support": _("The support person's period ends."),
}
PAPERS = tuple(_MISSING)


def with_papers(units: QuerySet[Unit], *, on: dt.date) -> QuerySet[Unit]:
    """Units with the papers that hold on a day or later, in a fixed number of queries."""
    coming = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    return units.select_related("organisation").prefetch_related(
        Prefetch("contacts", UnitContact.objects.filter(coming), to_attr="coming_contacts"),
        Prefetch("agreements", Agreement.objects.filter(coming), to_attr="coming_agreements"),
        Prefetch(
            "space_agreements", SpaceAgreement.objects.filter(coming), to_attr="coming_spaces"
        ),
        Prefetch(
            "insurance_policies",
            InsurancePolicy.objects.filter(coming),
            to_attr="coming_insurances",
        ),
    )


def concerns_of(unit: Unit, *, on: dt.date) -> list[Concern]:
    """What a unit from `with_papers` lacks on a day or will lack within 60 days, in a fixed order."""
    contacts = unit.coming_contacts  # type: ignore[attr-defined]  # see with_papers
    papers = {
        "contact": [row for row in contacts if row.kind == ContactKind.CONTACT],
        "agreement": unit.coming_agreements,  # type: ignore[attr-defined]
        "space": unit.coming_spaces,  # type: ignore[attr-defined]
        "insurance": unit.coming_insurances,  # type: ignore[attr-defined]
        "support": [row for row in contacts if row.kind == ContactKind.SUPPORT],
    }
    found = (_concern(unit, paper, rows, on) for paper, rows in papers.items())
    return [concern for concern in found if concern]


class _Period(Protocol):
    starts_on: dt.date
    ends_on: dt.date | None


def _concern(unit: Unit, paper: str, rows: Iterable[_Period], on: dt.date) -> Concern | None:
    """Follows the periods that join each other from `on`, and looks where the chain ends."""
    covered = on - dt.timedelta(days=1)
    for row in sorted(rows, key=lambda row: row.starts_on):
        if row.starts_on > covered + dt.timedelta(days=1):
            break
        if row.ends_on is None:
            return None
        covered = max(covered, row.ends_on)
    if covered < on:
        return Concern(unit, paper, "missing")
    return Concern(unit, paper, "ending", covered) if covered < on + SOON else None


def units(
    user: User, *, q: str = "", organisation: Organisation | None = None, state: str = ""
) -> QuerySet[Unit]:
    """The units a person sees, by name; `state` "" (in use), "ended" or "all"."""
    found = Unit.objects.visible_to(user)
    if state != "all":
        found = found.filter(is_active=state != "ended")
    if organisation:
        found = found.filter(organisation=organisation)
    if q:
        found = found.filter(
            Q(name__icontains=q) | Q(name_sv__icontains=q) | Q(municipality__icontains=q)
        )
    return found


def concerns(*, on: dt.date) -> list[Concern]:
    """Of all units in use: what is missing or ends soon, as `concerns_of` says it. Two queries."""
    periods = _coming_periods(on)
    found = (
        _concern(unit, paper, periods.get((unit.pk, paper), []), on)
        for unit in Unit.objects.filter(is_active=True)
        for paper in PAPERS
    )
    return [concern for concern in found if concern]


@dataclass
class _Days:
    starts_on: dt.date
    ends_on: dt.date | None


def _coming_periods(on: dt.date) -> dict[tuple[int, str], list[_Days]]:
    """The days of all papers that hold on a day or later, by unit and paper; one query."""
    kinds = {Agreement: "agreement", SpaceAgreement: "space", InsurancePolicy: "insurance"}
    contacts = UnitContact.objects.filter(kind__in=(ContactKind.CONTACT, ContactKind.SUPPORT))
    parts: list[QuerySet[Any, Any]] = [contacts.annotate(paper=F("kind"))]
    for model, paper in kinds.items():
        named = Value(paper, output_field=CharField())
        parts.append(model._default_manager.annotate(paper=named))
    coming = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    days = [
        part.filter(coming).order_by().values_list("unit_id", "paper", "starts_on", "ends_on")
        for part in parts
    ]
    found: dict[tuple[int, str], list[_Days]] = {}
    for unit_id, paper, starts_on, ends_on in days[0].union(*days[1:], all=True):
        found.setdefault((unit_id, paper), []).append(_Days(starts_on, ends_on))
    return found


def agreements(
    *,
    unit: Unit | None = None,
    project: FundingProject | None = None,
    state: str = "",
    on: dt.date,
) -> QuerySet[Agreement]:
    """Agreements by unit and day; `state` "" (in force), "ending" (within 60 days), "coming", "ended", "all"."""
    states = {
        "": in_force(on),
        "ending": in_force(on) & Q(ends_on__lt=on + SOON),
        "coming": Q(starts_on__gt=on),
        "ended": Q(ends_on__lt=on),
        "all": Q(),
    }
    found = Agreement.objects.filter(states.get(state, states[""]))
    if unit:
        found = found.filter(unit=unit)
    if project:
        found = found.filter(project=project)
    found = found.select_related("unit", "project").prefetch_related("kinds")
    return found.order_by("unit__name", "starts_on")


def organisations(*, q: str = "", state: str = "") -> QuerySet[Organisation]:
    """Organisations by name, found by former names too; `state` "" (running), "ended", "all"."""
    found = Organisation.objects.annotate(unit_count=Count("units", distinct=True))
    if state != "all":
        found = found.filter(ended_on__isnull=state != "ended")
    if q:
        matches = Q(name__icontains=q) | Q(name_sv__icontains=q) | Q(business_id__startswith=q)
        former = Organisation.objects.filter(former_names__name__icontains=q).values("pk")
        found = found.filter(matches | Q(pk__in=former))
    return found.select_related("successor").order_by("name")


def projects(*, state: str = "", on: dt.date) -> QuerySet[FundingProject]:
    """Funding projects, the one that ends last first; `state` "" (running or coming), "ended", "all"."""
    found = FundingProject.objects.annotate(agreement_count=Count("agreements"))
    if state == "ended":
        found = found.filter(ends_on__lt=on)
    elif state != "all":
        found = found.exclude(ends_on__lt=on)
    return found.order_by(F("ends_on").desc(nulls_first=True), "name")
