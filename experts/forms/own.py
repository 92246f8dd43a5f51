"""Forms in which people tell about themselves: short, plain, nothing asked that is not needed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.forms.fields import FinnishDateField, FinnishTimeField
from coordination.models.people import Language
from coordination.workbook.weekly import WeeklyHours, Weeks
from experts.forms.fields import MunicipalityField, PhoneField, SpokenField
from experts.models import Expert
from experts.models.availability import Weekday
from experts.services.register import ExpertValues

_LINES = forms.Textarea(attrs={"rows": 3})


class OwnProfileForm(forms.Form):
    """What a person changes about themselves."""

    phone = PhoneField(required=False)
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("Messages about your shifts come here.")
    )
    language = forms.ChoiceField(label=_("Language of messages"), choices=Language.choices)
    home_municipality = MunicipalityField(
        required=False, help_text=_("We count from it how far a shift is.")
    )
    languages = SpokenField(label=_("Which languages do you speak?"))
    themes = forms.CharField(
        label=_("My experience, in my own words"),
        max_length=300,
        required=False,
        widget=_LINES,
        help_text=_("Write only what you want to tell. No diagnoses are needed."),
    )
    themes_shown_to_units = forms.BooleanField(
        label=_("Units may see what I wrote about my experience"),
        required=False,
        help_text=_("You can change your mind at any time. It is then hidden at once."),
    )
    wishes = forms.CharField(
        label=_("Wishes about shifts"),
        max_length=300,
        required=False,
        widget=_LINES,
        help_text=_("For example: rather mornings, rather groups."),
    )

    def __init__(self, *args: Any, expert: Expert, **kwargs: Any) -> None:
        names = list(self.base_fields)
        kwargs.setdefault("initial", {name: getattr(expert, name) for name in names})
        super().__init__(*args, **kwargs)

    def values(self) -> ExpertValues:
        return cast("ExpertValues", dict(self.cleaned_data))


class AbsenceForm(forms.Form):
    """Days only. No reason is asked, so there is no box for one."""

    starts_on = FinnishDateField(label=_("First day"))
    ends_on = FinnishDateField(
        label=_("Last day"), required=False, help_text=_("Empty: only that one day.")
    )

    def days(self) -> tuple[dt.date, dt.date]:
        first = cast("dt.date", self.cleaned_data["starts_on"])
        return first, cast("dt.date | None", self.cleaned_data["ends_on"]) or first


@dataclass(frozen=True)
class DayRow:
    """One from–until row of the editor; `first` rows are always seen, the others fold."""

    starts: BoundField
    ends: BoundField
    weeks: BoundField


@dataclass(frozen=True)
class DayRows:
    """A weekday of the editor."""

    label: "str | Promise"
    first: DayRow
    more: list[DayRow]
    more_open: bool


class WeekForm(forms.Form):
    """The weekly hours: for each weekday some from–until rows, valid from a day. Works without script."""

    ROWS = 3
    from_day = FinnishDateField(
        label=_("These hours hold from"), help_text=_("Until then the earlier hours hold.")
    )

    def __init__(self, *args: Any, hours: list[WeeklyHours], today: dt.date, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"from_day": today}
        by_day = [[h for h in hours if h.weekday == day] for day in Weekday.values]
        self.rows = max(self.ROWS, *(len(found) for found in by_day))
        for day, found in enumerate(by_day):
            for number, row in enumerate(found):
                initial |= {
                    f"{day}_{number}_starts": row.start,
                    f"{day}_{number}_ends": row.end,
                    f"{day}_{number}_weeks": row.weeks,
                }
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        for day in Weekday.values:
            for number in range(self.rows):
                self._add_row(day, number)

    def _add_row(self, day: int, number: int) -> None:
        which = {"day": Weekday(day).label}
        self.fields[f"{day}_{number}_starts"] = FinnishTimeField(
            label=_("%(day)s from") % which, required=False
        )
        self.fields[f"{day}_{number}_ends"] = FinnishTimeField(
            label=_("%(day)s until") % which, required=False
        )
        self.fields[f"{day}_{number}_weeks"] = forms.ChoiceField(
            label=_("%(day)s, which weeks") % which, choices=WEEKS, required=False
        )

    def days(self) -> Iterator[DayRows]:
        """The rows by weekday, for the template."""
        for day in Weekday.values:
            first, *more = (self._row(day, number) for number in range(self.rows))
            used = [r for r in more if r.starts.value() or r.ends.value()]
            some_weeks = (first.weeks.value() or Weeks.ALL) != Weeks.ALL
            yield DayRows(Weekday(day).label, first, more, bool(used) or some_weeks)

    def _row(self, day: int, number: int) -> DayRow:
        return DayRow(*(self[f"{day}_{number}_{part}"] for part in ("starts", "ends", "weeks")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for day in Weekday.values:
            for number in range(self.rows):
                self._clean_row(f"{day}_{number}", data)
        return data

    def _clean_row(self, key: str, data: dict[str, Any]) -> None:
        starts, ends = data.get(f"{key}_starts"), data.get(f"{key}_ends")
        if (starts is None) != (ends is None) and not self._bad(key):
            lacking = f"{key}_ends" if ends is None else f"{key}_starts"
            self.add_error(lacking, ValidationError(_("Write both from and until."), "both"))
        elif starts is not None and ends is not None and ends <= starts and ends != dt.time(0):
            self.add_error(
                f"{key}_ends", ValidationError(_("The end must be after the start."), "order")
            )

    def _bad(self, key: str) -> bool:
        return f"{key}_starts" in self.errors or f"{key}_ends" in self.errors

    def hours(self) -> list[WeeklyHours]:
        """The rows that were filled in, by weekday and time."""
        data = self.cleaned_data
        return sorted(
            WeeklyHours(
                day,
                data[f"{day}_{number}_starts"],
                data[f"{day}_{number}_ends"],
                Weeks(data[f"{day}_{number}_weeks"] or Weeks.ALL),
            )
            for day in Weekday.values
            for number in range(self.rows)
            if data.get(f"{day}_{number}_starts") is not None
        )

    def from_which_day(self) -> dt.date:
        return cast("dt.date", self.cleaned_data["from_day"])


WEEKS = (
    (Weeks.ALL.value, _("every week")),
    (Weeks.EVEN.value, _("even weeks")),
    (Weeks.ODD.value, _("odd weeks")),
)
