"""Finnish public holidays and the eves on which clinics are closed, with their names (domain.md 5.4)."""

import datetime as dt
from functools import cache

import holidays
from dateutil.easter import easter
from django.utils.translation import get_language

_LANGUAGES = {"fi": "fi", "sv": "sv_FI", "en": "en_US"}


@cache
def _of_year(year: int, language: str) -> dict[dt.date, str]:
    # The language is always given: without it the library follows the machine's locale, not its own default.
    found = holidays.country_holidays("FI", years=year, language=_LANGUAGES[language])
    return {day: str(name) for day, name in found.items()}


def name(day: dt.date, *, language: str = "fi") -> str:
    """What the day is called when clinics are closed on it, else "". Midsummer Eve and Christmas Eve count.

    They are no statutory holidays, but the library lists them as public ones, and clinics are closed.
    """
    known = language[:2] if language[:2] in _LANGUAGES else "fi"
    return _of_year(day.year, known).get(day, "")


def called(day: dt.date) -> str:
    """The same, in the language of the moment."""
    return name(day, language=get_language() or "fi")


def name_also_when_open(day: dt.date, *, language: str = "fi") -> str:
    """The names of days that are worth a word though sessions are held: Maundy Thursday and New Year's Eve."""
    special = {
        easter(day.year) - dt.timedelta(days=3): {
            "fi": "Kiirastorstai",
            "sv": "Skärtorsdag",
            "en": "Maundy Thursday",
        },
        dt.date(day.year, 12, 31): {
            "fi": "Uudenvuodenaatto",
            "sv": "Nyårsafton",
            "en": "New Year's Eve",
        },
        dt.date(day.year, 4, 30): {
            "fi": "Vappuaatto",
            "sv": "Valborgsmässoafton",
            "en": "May Day Eve",
        },
    }
    return special.get(day, {}).get(language[:2], "")
