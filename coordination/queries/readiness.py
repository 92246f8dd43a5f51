"""What a unit lacks before an expert can be sent there on a day (design.md, invariant 3).

All days are calendar days in the unit's zone; the first and the last day of a paper both count.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.models import (
    ActivityKind,
    Agreement,
    InsurancePolicy,
    Site,
    SpaceAgreement,
    Unit,
    UnitContact,
)
from coordination.models.places import ContactKind

NO_CONTACT_PERSON = "no_contact_person"
NO_AGREEMENT = "no_agreement"
KIND_NOT_IN_AGREEMENT = "kind_not_in_agreement"
NO_SPACE_AGREEMENT = "no_space_agreement"
NO_INSURANCE = "no_insurance"

SENTENCES: dict[str, Promise] = {
    NO_CONTACT_PERSON: _("The unit has no professional contact person."),
    NO_AGREEMENT: _("There is no agreement with the unit."),
    KIND_NOT_IN_AGREEMENT: _("The agreement with the unit does not cover this form of work."),
    NO_SPACE_AGREEMENT: _("The use of the space has not been agreed with the unit's management."),
    NO_INSURANCE: _("There is no insurance in force."),
}


@dataclass(frozen=True)
class Request:
    """A form of work at a unit on a day; `site` is empty when it is not known or is elsewhere."""

    unit: Unit
    kind: ActivityKind
    site: Site | None
    on: dt.date


def missing_for_units(requests: Sequence[Request]) -> list[list[str]]:
    """For each request, in their order, the codes of what is missing, in a fixed order; none: all is in
    place. Four queries however many there are.
    """
    papers = _Papers.of(requests)
    return [papers.missing(request) for request in requests]


@dataclass(frozen=True)
class _Days:
    """A period of days; both ends belong to it, an empty end is for ever."""

    starts_on: dt.date
    ends_on: dt.date | None

    def cover(self, on: dt.date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


@dataclass(frozen=True)
class _Papers:
    """Everything the units have, by unit, for all days asked."""

    contacts: dict[int, list[_Days]]
    insurances: dict[int, list[_Days]]
    spaces: dict[int, list[tuple[int | None, _Days]]]
    agreements: dict[int, list[tuple[frozenset[int], _Days]]]

    @classmethod
    def of(cls, requests: Iterable[Request]) -> "_Papers":
        units = {request.unit.pk for request in requests}
        days = ("unit_id", "starts_on", "ends_on")
        contacts: dict[int, list[_Days]] = defaultdict(list)
        insurances: dict[int, list[_Days]] = defaultdict(list)
        spaces: dict[int, list[tuple[int | None, _Days]]] = defaultdict(list)
        # a deputy stands in for the contact person, but does not replace naming one (S4 l.155)
        named = UnitContact.objects.filter(unit__in=units, kind=ContactKind.CONTACT)
        for unit_id, start, end in named.values_list(*days):
            contacts[unit_id].append(_Days(start, end))
        for unit_id, start, end in InsurancePolicy.objects.filter(unit__in=units).values_list(
            *days
        ):
            insurances[unit_id].append(_Days(start, end))
        agreed = SpaceAgreement.objects.filter(unit__in=units).values_list(*days, "site_id")
        for unit_id, start, end, site_id in agreed:
            spaces[unit_id].append((site_id, _Days(start, end)))
        return cls(contacts, insurances, spaces, _agreements(units))

    def missing(self, request: Request) -> list[str]:
        found = []
        if not _any_covers(self.contacts.get(request.unit.pk, []), request.on):
            found.append(NO_CONTACT_PERSON)
        if request.kind.needs_unit_agreement:
            found += self._about_agreement(request)
        if self._space_is_missing(request):
            found.append(NO_SPACE_AGREEMENT)
        if not _any_covers(self.insurances.get(request.unit.pk, []), request.on):
            found.append(NO_INSURANCE)
        return found

    def _about_agreement(self, request: Request) -> list[str]:
        for kinds, days in self.agreements.get(request.unit.pk, []):
            if days.cover(request.on):  # one a day at most, by constraint
                return [] if request.kind.pk in kinds else [KIND_NOT_IN_AGREEMENT]
        return [NO_AGREEMENT]

    def _space_is_missing(self, request: Request) -> bool:
        site = request.site
        if not request.kind.needs_space_agreement or (site is not None and site.is_online):
            return False
        return not any(
            days.cover(request.on)
            for site_id, days in self.spaces.get(request.unit.pk, [])
            # an agreement without a place is for all of them; of no named place, any will do
            if site_id is None or site is None or site_id == site.pk
        )


def _agreements(units: set[int]) -> dict[int, list[tuple[frozenset[int], _Days]]]:
    """Agreements with the ids of their kinds, from one query: a row for each agreement and kind."""
    rows = Agreement.objects.filter(unit__in=units).values_list(
        "pk", "unit_id", "starts_on", "ends_on", "kinds"
    )
    kinds: dict[int, set[int]] = defaultdict(set)
    heads: dict[int, tuple[int, _Days]] = {}
    for agreement_id, unit_id, start, end, kind_id in rows:
        heads[agreement_id] = (unit_id, _Days(start, end))
        if kind_id is not None:
            kinds[agreement_id].add(kind_id)
    found: dict[int, list[tuple[frozenset[int], _Days]]] = defaultdict(list)
    for agreement_id, (unit_id, days) in heads.items():
        found[unit_id].append((frozenset(kinds[agreement_id]), days))
    return found


def _any_covers(periods: list[_Days], on: dt.date) -> bool:
    return any(days.cover(on) for days in periods)
