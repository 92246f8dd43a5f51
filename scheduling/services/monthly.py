"""How often a form of work is usual in a month (S4 l.107 "1-2 kertaa kuukaudessa")."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from babel.dates import format_skeleton
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination import formats
from coordination.models import ActivityKind


def unusual(kind: ActivityKind, days: Iterable[dt.date]) -> list[str]:
    """A sentence for each month with more than is usual, or fewer; never a reason to refuse.

    Fewer is said only of months between the first and the last, which are whole.
    """
    counted = Counter((day.year, day.month) for day in days)
    if not counted or (kind.monthly_max is None and kind.monthly_min is None):
        return []
    found = []
    first, last = min(counted), max(counted)
    for month in _months(first, last):
        count = counted[month]
        whole = first < month < last
        too_many = kind.monthly_max is not None and count > kind.monthly_max
        too_few = whole and kind.monthly_min is not None and count < kind.monthly_min
        if too_many or too_few:
            found.append(_sentence(kind, month, count))
    return found


def _months(first: tuple[int, int], last: tuple[int, int]) -> Iterable[tuple[int, int]]:
    year, month = first
    while (year, month) <= last:
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _sentence(kind: ActivityKind, month: tuple[int, int], count: int) -> str:
    language = formats.language_or_active(None)
    name = format_skeleton("yMMMM", dt.date(*month, 1), locale=language)
    times = ngettext("%(number)s time", "%(number)s times", count) % {"number": count}
    low, high = kind.monthly_min, kind.monthly_max
    usual = f"{low}–{high}" if low and high and low != high else str(high or low)
    return _("%(month)s: %(times)s; %(usual)s a month is usual.") % {
        "month": name,
        "times": times,
        "usual": usual,
    }
