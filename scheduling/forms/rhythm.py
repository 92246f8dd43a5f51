"""How often, as a person says it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scheduling import recurrence
from scheduling.recurrence import LAST, Rhythm

MONTHLY = 100
"""The choice "every month": any number that is no number of weeks."""

WEEKS = (
    ("1", _("Every week")),
    ("2", _("Every other week")),
    ("3", _("Every three weeks")),
    ("4", _("Every four weeks")),
)
MONTH = (str(MONTHLY), _("Every month on the same weekday"))

ONCE = 0
REPEATS = ((str(ONCE), pgettext_lazy("repeat", "Only once")), *WEEKS, MONTH)
MOST_TIMES = 120


def weekday_choices() -> list[tuple[str, str]]:
    """Monday first, in the language of the moment."""
    return [(str(day), recurrence.day_name(day).capitalize()) for day in range(7)]


def weekdays_field(help_text: Any = "") -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        choices=weekday_choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


def rule_of(repeats: int, weekdays: list[int], *, first: dt.date) -> str:
    """The RFC 5545 rule; a month's weekday is the one the first day is."""
    if repeats == MONTHLY:
        return Rhythm(weekdays=(first.weekday(),), nth=nth_of(first)).rule
    own = {first.weekday()}
    days = () if not weekdays or set(weekdays) == own else tuple(sorted(weekdays))
    return Rhythm(every=repeats, weekdays=days).rule


def nth_of(day: dt.date) -> int:
    """Which of its weekday in the month a day is: 1 to 4, and the fifth is the last."""
    number = (day.day - 1) // 7 + 1
    return number if number <= 4 else LAST
