"""What a booking, a series and a session have in common, and what no database would take."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.models import ActivityKind, Site, Unit
from coordination.models.activity import PlaceKind
from scheduling.models.bookings import Appointment

SHORTEST = dt.timedelta(minutes=15)
LONGEST = dt.timedelta(hours=12)

APPOINTMENT = tuple(field.name for field in Appointment._meta.get_fields())


def appointment_of(source: Appointment) -> dict[str, Any]:
    """What, where, for how many, with whom: the same in a booking, its series and its sessions."""
    return {name: getattr(source, name) for name in APPOINTMENT}


def check_appointment(
    *,
    kind: ActivityKind,
    unit: Unit,
    site: Site | None,
    place_kind: str,
    seats: int,
    minutes: float,
) -> None:
    """Raises Refused `length`, `seats`, `site_of_another_unit`, `place_kind`."""
    if not SHORTEST <= dt.timedelta(minutes=minutes) <= LONGEST:
        raise Refused(_("A session lasts from 15 minutes to 12 hours."), code="length")
    if not 1 <= seats <= 50:
        raise Refused(_("A session needs from 1 to 50 experts."), code="seats")
    if site is not None and site.unit_id != unit.pk:
        raise Refused(_("This place belongs to another unit."), code="site_of_another_unit")
    if place_kind not in PlaceKind.values:
        raise Refused(_("Choose where it is held."), code="place_kind")
    if kind.place_kinds and place_kind not in kind.place_kinds:
        allowed = ", ".join(str(p.label) for p in PlaceKind if p.value in kind.place_kinds)
        raise Refused(
            _("This form of work can be: %(places)s.") % {"places": allowed}, code="place_kind"
        )
