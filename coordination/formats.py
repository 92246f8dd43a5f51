"""Days, hours and money as people write them, in Finnish, Swedish and English.

Pages, mails and exports all use these. `language` is "fi", "sv" or "en"; None is the active one.
Moments are aware and told in the wall time of a zone; periods are half-open.
"""

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_currency, format_decimal
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LANGUAGES = ("fi", "sv", "en")
HELSINKI = ZoneInfo("Europe/Helsinki")
_MIDNIGHT = dt.time(0)
_MINUTE = dt.timedelta(minutes=1)


def language_or_active(language: str | None) -> str:
    """One of our languages: the one asked for, else the active one, else Finnish."""
    wanted = (language or translation.get_language() or "fi")[:2]
    return wanted if wanted in LANGUAGES else "fi"


def zone_of(zone: "str | ZoneInfo | None") -> ZoneInfo:
    """A zone from its name; None is Helsinki."""
    if zone is None or zone == "":
        return HELSINKI
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo(str(zone))


@lru_cache
def _names(language: str) -> tuple[list[str], list[str]]:
    """Short weekday names from Monday and short month names from January."""
    locale = Locale.parse(language)
    days = locale.days["stand-alone"]["abbreviated"]
    months = locale.months["format"]["abbreviated"]
    return [days[i] for i in range(7)], [months[i] for i in range(1, 13)]


def weekday(day: dt.date, *, language: str | None = None) -> str:
    """Gives "to", "tors", "Thu"."""
    return _names(language_or_active(language))[0][day.weekday()]


def day(value: dt.date, *, language: str | None = None, year: bool = True) -> str:
    """Gives "to 4.3.2027", "tors 4.3.2027", "Thu 4 Mar 2027"; without the year "to 4.3."."""
    language = language_or_active(language)
    if language == "en":
        month = _names("en")[1][value.month - 1]
        text = f"{weekday(value, language='en')} {value.day} {month}"
        return f"{text} {value.year}" if year else text
    text = f"{weekday(value, language=language)} {value.day}.{value.month}."
    return f"{text}{value.year}" if year else text


def date(value: dt.date) -> str:
    """Gives "4.3.2027", the same in all three languages: what a form shows and takes."""
    return f"{value.day}.{value.month}.{value.year}"


def date_in_text(value: dt.date, *, language: str | None = None) -> str:
    """Gives "4.3.2027", in English "4 Mar 2027": a date in a sentence, without its weekday."""
    if language_or_active(language) != "en":
        return date(value)
    return f"{value.day} {_names('en')[1][value.month - 1]} {value.year}"


def month(value: dt.date, *, language: str | None = None) -> str:
    """Gives "lokakuu 2026", "oktober 2026", "October 2026": the month of a day."""
    locale = Locale.parse(language_or_active(language))
    return f"{locale.months['stand-alone']['wide'][value.month]} {value.year}"


def clock(
    value: "dt.time | dt.datetime", *, short: bool = False, language: str | None = None
) -> str:
    """Gives "9.30", in English "09:30"; `short` leaves out even hours' minutes: "9".

    A point in Finnish (SFS 4175) and in the Swedish of Finland (Svenska skrivregler); in English
    ISO 8601, since 9.30 reads as a number there.
    """
    return _clock(value.hour, value.minute, short, language_or_active(language))


def _clock(hour: int, minute: int, short: bool, language: str) -> str:
    if short and minute == 0:
        return str(hour)
    if language == "en":
        return f"{hour}:{minute:02}" if short else f"{hour:02}:{minute:02}"
    return f"{hour}.{minute:02}"


def clock_range(
    start: dt.time, end: dt.time, *, short: bool = False, language: str | None = None
) -> str:
    """Gives "9.30–13.30", in English "09:30–13:30"; `short`: "9–12". Midnight as an end is 24."""
    language = language_or_active(language)
    last_hour = 24 if end == _MIDNIGHT else end.hour
    last = _clock(last_hour, end.minute, short, language)
    return f"{clock(start, short=short, language=language)}–{last}"


def phone(number: str) -> str:
    """A Finnish number in groups, as people read it: "+358 40 123 4567"; others as they are."""
    if number.startswith("+358") and len(number) == 13 and number[1:].isdigit():
        return f"{number[:4]} {number[4:6]} {number[6:9]} {number[9:]}"
    return number


def when(
    starts_at: dt.datetime,
    ends_at: dt.datetime | None = None,
    *,
    zone: "str | ZoneInfo | None" = None,
    language: str | None = None,
    year: bool = True,
) -> str:
    """Gives "to 4.3.2027 klo 9.30–13.30" in the zone's wall time; over midnight both days are told."""
    language = language_or_active(language)
    start = starts_at.astimezone(zone_of(zone))
    first = _moment(start, language, year)
    if ends_at is None:
        return first
    end = ends_at.astimezone(zone_of(zone))
    last_day = end.date() - dt.timedelta(days=end.time() == _MIDNIGHT)
    if last_day == start.date():
        tail = clock_range(start.time(), end.time(), language=language)
        return f"{day(start, language=language, year=year)}{_AT[language]}{tail}"
    return f"{first} – {_moment(end, language, year)}"


_AT = {"fi": " klo ", "sv": " kl. ", "en": ", "}


def _moment(local: dt.datetime, language: str, year: bool) -> str:
    return f"{day(local, language=language, year=year)}{_AT[language]}{clock(local, language=language)}"


def relative_day(value: dt.date, *, today: dt.date, language: str | None = None) -> str:
    """Gives "tänään", "huomenna", "3 päivän päästä": how far a day is from `today`."""
    with translation.override(language_or_active(language)):
        return _relative((value - today).days)


def _relative(days: int) -> str:
    near = {
        0: _("today"),
        1: _("tomorrow"),
        2: _("the day after tomorrow"),
        -1: _("yesterday"),
        -2: _("the day before yesterday"),
    }
    if days in near:
        return near[days]
    count = abs(days)
    if count < 14:
        text = (
            ngettext("in %(count)d day", "in %(count)d days", count)
            if days > 0
            else ngettext("%(count)d day ago", "%(count)d days ago", count)
        )
        return text % {"count": count}
    weeks = count // 7
    text = (
        ngettext("in %(count)d week", "in %(count)d weeks", weeks)
        if days > 0
        else ngettext("%(count)d week ago", "%(count)d weeks ago", weeks)
    )
    return text % {"count": weeks}


def hours(length: "dt.timedelta | int | Decimal") -> str:
    """Gives "4 h", "1 h 30 min", "45 min"; a number is minutes. The same in all three languages."""
    minutes = round(length / _MINUTE if isinstance(length, dt.timedelta) else length)
    sign, (whole, rest) = "−" if minutes < 0 else "", divmod(abs(minutes), 60)
    if not whole:
        return f"{sign}{rest} min"
    return f"{sign}{whole} h {rest} min" if rest else f"{sign}{whole} h"


def money(amount: Decimal, *, language: str | None = None) -> str:
    """Gives "1 234,50 €" with non-breaking spaces; in English "€1,234.50". Euros, to the cent."""
    return format_currency(amount, "EUR", locale=language_or_active(language))


def number(value: "Decimal | int | float", *, language: str | None = None) -> str:
    """Gives "1 234,5": a number with the language's separators."""
    return format_decimal(value, locale=language_or_active(language))


def week_number(value: "dt.date | int", *, language: str | None = None) -> str:
    """Gives "vko 12", "v. 12", "week 12": the ISO week of a day, or the number itself."""
    week = value if isinstance(value, int) else value.isocalendar().week
    return {"fi": f"vko {week}", "sv": f"v. {week}", "en": f"week {week}"}[
        language_or_active(language)
    ]
