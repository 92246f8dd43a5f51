"""The words of a feed, in the language of the moment. Poor on purpose.

A calendar is read over shoulders and on locked screens, and its programs copy it to their makers:
no person's name, no topic of a group, nothing a writer put into a free field. The rest is in Vuoro.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from coordination.formats import language_or_active
from coordination.models import Site, Unit
from scheduling.feeds.event import Status


def calendar_of_expert() -> str:
    """The name of an expert's calendar: no name of the person in it."""
    return _("My shifts in Vuoro")


def calendar_of_unit(unit: Unit) -> str:
    """The name of a unit's calendar."""
    return _("Vuoro: %(unit)s") % {"unit": unit_name(unit)}


def unit_name(unit: Unit) -> str:
    """The unit's name in the language of the moment, where it has one."""
    return unit.name_sv if unit.name_sv and language_or_active(None) == "sv" else unit.name


def town(site: Site | None, unit: Unit | None) -> str:
    """Where, in one word, for the title."""
    if site and site.municipality:
        return site.municipality
    return unit.municipality if unit else ""


def summary(what: str, *, town: str, status: Status) -> str:
    """The title: "Aulatapaaminen, Sastamala"; a cancelled one says so first: programs may not."""
    title = f"{what}, {town}" if town else what
    title = title[:1].upper() + title[1:]
    if status is Status.CANCELLED:
        return _("Cancelled: %(title)s") % {"title": title}
    return title


def location(site: Site | None, unit: Unit | None, *, otherwise: str) -> str:
    """Unit, room, street and town of a place; `otherwise` when there is no such place."""
    if site is None:
        return otherwise
    if site.is_online:
        return site.get_kind_display()
    parts = (unit_name(unit) if unit else "", site.name, site.room, site.address, town(site, unit))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def expert_note(status: Status) -> str:
    """What stands under an expert's entry: where to look, and where to say that one cannot come."""
    if status is Status.CANCELLED:
        return _("This no longer takes place for you.")
    return _("Details, who meets you and “I can't come”: %(address)s") % _vuoro()


def unit_note(status: Status, *, coming: int, seats: int) -> str:
    """What stands under a session of a unit: how many experts are confirmed, without names."""
    if status is Status.CANCELLED:
        return _("This session has been cancelled.")
    counted = _("Experts confirmed: %(coming)s of %(seats)s.") % {"coming": coming, "seats": seats}
    return "{}\n{}".format(counted, _("More in Vuoro: %(address)s") % _vuoro())


def _vuoro() -> dict[str, str]:
    return {"address": f"{settings.BASE_URL}/"}
