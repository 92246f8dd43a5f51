"""libical (GNOME, KDE, Evolution) through ctypes, where the machine has it: no wheel brings it.

`make test` installs Debian's package as root; elsewhere this reader is not asked.
"""

import ctypes
import ctypes.util
import datetime as dt
from functools import cache
from typing import Any


class _Time(ctypes.Structure):
    """`icaltimetype`, the same in libical 3."""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        *(("is_date", ctypes.c_int), ("is_daylight", ctypes.c_int), ("zone", ctypes.c_void_p)),
    )


def is_there() -> bool:
    return ctypes.util.find_library("ical") is not None


@cache
def _library() -> Any:
    library = ctypes.CDLL(ctypes.util.find_library("ical"))
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, result, arguments in (
        ("icalparser_parse_string", pointer, [text]),
        ("icalcomponent_string_to_kind", number, [text]),
        ("icalproperty_string_to_kind", number, [text]),
        ("icalcomponent_get_first_component", pointer, [pointer, number]),
        ("icalcomponent_get_next_component", pointer, [pointer, number]),
        ("icalcomponent_count_errors", number, [pointer]),
        ("icalcomponent_get_first_property", pointer, [pointer, number]),
        ("icalproperty_get_value_as_string", text, [pointer]),
        ("icalcomponent_get_uid", text, [pointer]),
        ("icalcomponent_get_sequence", number, [pointer]),
        ("icalcomponent_get_summary", text, [pointer]),
        ("icalcomponent_get_location", text, [pointer]),
        ("icalcomponent_get_description", text, [pointer]),
        ("icalcomponent_get_dtstart", _Time, [pointer]),
        ("icalcomponent_get_dtend", _Time, [pointer]),
        ("icaltime_as_timet", ctypes.c_longlong, [_Time]),
        ("icalcomponent_free", None, [pointer]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def entries(feed: bytes) -> list[dict[str, Any]]:
    """The events as libical understands them. Raises ValueError when it finds an error in the feed."""
    library = _library()
    calendar = library.icalparser_parse_string(feed)
    if not calendar:
        raise ValueError("libical reads no calendar")
    try:
        if errors := library.icalcomponent_count_errors(calendar):
            raise ValueError(f"libical finds {errors} errors")
        kind = library.icalcomponent_string_to_kind(b"VEVENT")
        found, event = [], library.icalcomponent_get_first_component(calendar, kind)
        while event:
            found.append(_entry(library, event))
            event = library.icalcomponent_get_next_component(calendar, kind)
        return found
    finally:
        library.icalcomponent_free(calendar)


def _entry(library: Any, event: int) -> dict[str, Any]:
    def text(name: str) -> str:
        return (getattr(library, f"icalcomponent_get_{name}")(event) or b"").decode()

    def moment(name: str) -> dt.datetime:
        seconds = library.icaltime_as_timet(getattr(library, f"icalcomponent_get_{name}")(event))
        return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)

    status = library.icalcomponent_get_first_property(
        event, library.icalproperty_string_to_kind(b"STATUS")
    )
    return {
        "uid": text("uid"),
        "sequence": library.icalcomponent_get_sequence(event),
        "start": moment("dtstart"),
        "end": moment("dtend"),
        "summary": text("summary"),
        "location": text("location"),
        "description": text("description"),
        "status": library.icalproperty_get_value_as_string(status).decode(),
    }
