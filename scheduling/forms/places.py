"""Where a session is: one choice for the person, a site and a kind of place for the machine."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from coordination.models import Site, Unit
from coordination.models.activity import PlaceKind

Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class Where:
    """A room of a unit, or a kind of place elsewhere; never an address of a participant."""

    site: Site | None
    place_kind: PlaceKind


def value_of(site_id: int | None, place_kind: str) -> str:
    """The choice that stands for a stored place."""
    return f"site-{site_id}" if site_id else f"at-{place_kind}"


def _label(site: Site) -> str:
    return f"{site.name}, {site.room}" if site.room else site.name


def places(units: Iterable[Unit]) -> tuple[Choices, dict[str, Where]]:
    """Choices grouped by unit, then the places elsewhere; and what each stands for. One query."""
    units = list(units)
    found: dict[str, Where] = {}
    rooms: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for site in Site.objects.filter(unit__in=units, is_active=True).order_by("name"):
        value = value_of(site.pk, PlaceKind.SITE)
        kind = PlaceKind.ONLINE if site.is_online else PlaceKind.SITE
        found[value] = Where(site, kind)
        rooms[site.unit_id].append((value, _label(site)))
    elsewhere = [kind for kind in PlaceKind if kind is not PlaceKind.SITE]
    found |= {value_of(None, kind): Where(None, kind) for kind in elsewhere}
    choices: Choices = [("", _("Choose a place"))]
    choices += [(unit.name, rooms[unit.pk]) for unit in units if rooms[unit.pk]]
    choices.append((_("Elsewhere"), [(value_of(None, kind), kind.label) for kind in elsewhere]))
    return choices, found
