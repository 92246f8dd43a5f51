"""The sentence of each problem: what is the case in the cell and what to do about it.

Keys are `code` or `code.reason`; values from the cell are named in the sentence. Finnish and
Swedish are in the catalogues; a code without a sentence fails the tests.
"""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_known: dict[str, Promise] = {}
KNOWN: Mapping[str, Promise] = MappingProxyType(_known)


def define(sentences: Mapping[str, Promise]) -> None:
    """Adds sentences; the sheets of other packages bring their own. A code is defined once."""
    if twice := _known.keys() & sentences.keys():
        raise ValueError(f"defined twice: {sorted(twice)}")
    _known.update(sentences)


def sentence(code: str, reason: str, params: Mapping[str, str]) -> str:
    """The sentence in the language of the moment, with the values put in."""
    template = _known.get(f"{code}.{reason}") or _known[code]
    return str(template) % params


define(
    {
        # the file and its sheets
        "missing_sheet": _(
            "The sheet “%(value)s” is missing. Add it, or leave it out on purpose: its rows stay "
            "as they are."
        ),
        "unknown_sheet": _("The sheet “%(value)s” is not part of the register and is not read."),
        "no_header": _("No header row was found. The sheet should have these columns: %(known)s."),
        "missing_column": _("The column “%(value)s” is missing. Add it to the header row."),
        "duplicate_column": _(
            "The column “%(value)s” is there twice. Only the first one is read; remove the other."
        ),
        "unknown_column": _("The column “%(value)s” is not known and is not read."),
        # any cell
        "missing": _("“%(column)s” is empty. Fill it in."),
        "formula": _("The cell has a formula (%(value)s). Write the value itself."),
        "cell_error": _("The cell shows an error (%(value)s). Write the value itself."),
        "too_long": _(
            "The text is %(length)s characters long; at most %(most)s fit. Make it shorter."
        ),
        # dates and times
        "invalid_date": _("“%(value)s” is not a date. Write the day like 5.4.2026."),
        "invalid_date.no_such_day": _(
            "There is no day %(value)s in the calendar. Write the right day."
        ),
        "incomplete_date": _(
            "“%(value)s” is not a whole date. Write the day, the month and the year, like 5.4.2026."
        ),
        "invalid_time": _("“%(value)s” is not a time of day from–to. Write it like 9.00–13.00."),
        "nonexistent_time": _(
            "%(day)s at %(value)s does not exist: the clocks are moved forward then. Choose "
            "another time."
        ),
        "ends_before_start": _(
            "It ends (%(end)s) before it starts (%(start)s). Correct one of the days."
        ),
        "ends_before_start.clock": _("“%(value)s” ends before it starts. Correct the times."),
        "crosses_midnight": _(
            "“%(value)s” runs over midnight; it is taken to end on %(day)s. Check that this is "
            "right."
        ),
        "crosses_midnight.clock_change": _(
            "“%(value)s” runs over midnight to %(day)s, when the clocks are moved: it lasts "
            "%(hours)s hours. Check that this is right."
        ),
        # availability
        "ambiguous": _(
            "“%(value)s” can be understood in many ways. Write the days and hours, like ma–ke 9–15."
        ),
        "ambiguous.part_of_day": _(
            "“%(words)s” does not say from when until when. Write the hours, like ma–ke 12–16. "
            "Until then no availability is stored."
        ),
        "ambiguous.no_hours": _(
            "“%(value)s” has no hours. Write them, like ma–ke 9–15. Until then no availability is"
            " stored."
        ),
        "ambiguous.no_days": _(
            "“%(value)s” does not say on which days. Write them, like ma–ke 9–15. Until then no "
            "availability is stored."
        ),
        "ambiguous.every_other_week": _(
            "“%(value)s” does not say which weeks. Write “parilliset viikot” or “parittomat "
            "viikot”. Until then no availability is stored."
        ),
        "ambiguous.over_midnight": _(
            "“%(words)s” runs over midnight. Write the evening and the night on their own days. "
            "Until then no availability is stored."
        ),
        "ambiguous.unknown_words": _(
            "“%(words)s” is not understood. Write the days and hours only, like ma–ke 9–15; pe "
            "12–18. Until then no availability is stored."
        ),
        # numbers
        "invalid_number": _("“%(value)s” is not a number. Write it like 25 or 25,50."),
        "invalid_number.negative": _("%(value)s is less than zero. Write zero or more."),
        "invalid_number.whole": _("%(value)s is not a whole number. Write it without decimals."),
        "invalid_number.cents": _(
            "%(value)s has more than two decimals. Write euros and whole cents."
        ),
        "ambiguous_number": _(
            "“%(value)s” can be read in two ways. Write a decimal comma, and no point between "
            "thousands."
        ),
        # people and contact details
        "invalid_name": _("“%(value)s” is not a name. Write the first name and the family name."),
        "invalid_email": _("“%(value)s” is not an e-mail address. Correct it."),
        "invalid_email.likely": _("“%(value)s” is not an e-mail address. Did you mean %(likely)s?"),
        "invalid_phone": _(
            "“%(value)s” is not a telephone number. Write it like 040 123 4567 or +358 40 123 4567."
        ),
        "invalid_business_id": _("“%(value)s” is not a Business ID. It has the form 1234567-8."),
        "invalid_business_id.check_digit": _(
            "The check digit of the Business ID %(value)s is wrong. Did you mean %(likely)s?"
        ),
        "unknown_municipality": _("There is no municipality called “%(value)s”. Correct the name."),
        "unknown_municipality.nearest": _(
            "There is no municipality called “%(value)s”. Did you mean %(nearest)s?"
        ),
        "not_yes_or_no": _("“%(value)s” is neither yes nor no. Write kyllä or ei."),
        "unknown_language": _(
            "The language “%(value)s” is not known. Write it like suomi, ruotsi."
        ),
        "unknown_status": _("The status “%(value)s” is not known. Use one of these: %(known)s."),
        "unknown_repetition": _(
            "The repetition “%(value)s” is not known. Use one of these: %(known)s."
        ),
        "unknown_unit_of_fee": _("The unit “%(value)s” is not known. Use one of these: %(known)s."),
    }
)
