"""A booking's details with nothing missing."""

import datetime as dt
from typing import Any

from coordination.models.activity import PlaceKind
from scheduling.services.bookings import BookingDetails
from tests.cast import Cast


def details(cast: Cast, **fields: Any) -> BookingDetails:
    """A lobby shift in Sastamala, once, on Thursday 4.3.2027 9.30–13.30."""
    values: dict[str, Any] = {
        "kind": cast.kinds["lobby_shift"],
        "unit": cast.sastamala.unit,
        "site": cast.sastamala.lobby,
        "place_kind": PlaceKind.SITE,
        "seats": 1,
        "responsible_professional": "",
        "support_person": "Tuija Tukeva",
        "support_phone": "0401234567",
        "professional_present": False,
        "with_minors": False,
        "language": "fi",
        "notes": "",
        "starts_on": dt.date(2027, 3, 4),
        "starts_time": dt.time(9, 30),
        "minutes": 240,
        "every_weeks": 1,
        "ends_on": None,
    }
    return BookingDetails(**{**values, **fields})
