"""How many of a unit's professionals, and of our experts, have been shown round (S4 l.157)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from coordination.models import RoleGrant, Unit, UnitContact
from coordination.models.places import in_force
from coordination.permissions import Role
from experts.models import Expert, ExpertStatus, Orientation


@dataclass(frozen=True)
class Professional:
    """A professional of a unit whom Vuoro knows by name, and the day they were last oriented."""

    name: str
    oriented_on: dt.date | None


@dataclass(frozen=True)
class Coverage:
    """Those known by name: contacts, supports and clinic contacts in force, and whoever was oriented."""

    unit: Unit
    professionals: list[Professional]
    experts_oriented: int
    experts_active: int

    @property
    def oriented(self) -> int:
        return sum(person.oriented_on is not None for person in self.professionals)

    @property
    def percent(self) -> int | None:
        """Whole per cent of the known professionals, rounded down: 100 means everybody; None: nobody known."""
        known = len(self.professionals)
        return 100 * self.oriented // known if known else None


def coverage(units: Iterable[Unit], *, today: dt.date) -> list[Coverage]:
    """The coverage of each unit, in their order, with five queries for any number of units."""
    wanted = list(units)
    ids = [unit.pk for unit in wanted]
    named = _named(ids, today)
    oriented = _oriented(ids)
    active = set(Expert.objects.filter(status=ExpertStatus.ACTIVE).values_list("pk", flat=True))
    experts = defaultdict(set)
    rows = Orientation.objects.filter(unit__in=ids, expert__isnull=False)
    for unit_id, expert_id in rows.values_list("unit_id", "expert_id"):
        experts[unit_id].add(expert_id)
    return [
        Coverage(
            unit=unit,
            professionals=_merge(named[unit.pk], oriented[unit.pk]),
            experts_oriented=len(experts[unit.pk] & active),
            experts_active=len(active),
        )
        for unit in wanted
    ]


def _named(ids: list[int], today: dt.date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    contacts = UnitContact.objects.filter(in_force(today), unit__in=ids)
    for unit_id, name in contacts.values_list("unit_id", "name"):
        found[unit_id].append(name)
    grants = RoleGrant.objects.in_force(on=today).filter(
        unit__in=ids, role=Role.CLINIC_CONTACT, user__is_active=True
    )
    for unit_id, name in grants.values_list("unit_id", "user__name"):
        assert unit_id is not None  # a clinic contact's grant has a unit, held by a constraint
        found[unit_id].append(name)
    return found


def _oriented(ids: list[int]) -> dict[int, list[tuple[str, dt.date]]]:
    found: dict[int, list[tuple[str, dt.date]]] = defaultdict(list)
    rows = Orientation.objects.filter(unit__in=ids, professional_name__isnull=False)
    for unit_id, name, on in rows.values_list("unit_id", "professional_name", "oriented_on"):
        found[unit_id].append((name or "", on))
    return found


def _merge(named: list[str], oriented: list[tuple[str, dt.date]]) -> list[Professional]:
    """One line a person, by name; spelling in capitals or small letters makes no difference."""
    names: dict[str, str] = {}
    days: dict[str, dt.date] = {}
    for name in [*named, *(name for name, _on in oriented)]:
        names.setdefault(_key(name), " ".join(name.split()))
    for name, on in oriented:
        days[_key(name)] = max(on, days.get(_key(name), on))
    people = [Professional(name, days.get(key)) for key, name in names.items()]
    return sorted(people, key=lambda person: (person.oriented_on is not None, person.name))


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
