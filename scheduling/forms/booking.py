"""A booking, and the word that decides it."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination import clock
from coordination.forms.fields import FinnishDateField
from coordination.models import UnitContact
from coordination.models.places import ContactKind, in_force
from scheduling import occurrences
from scheduling.forms.appointment import AppointmentForm
from scheduling.forms.rhythm import MONTHLY, MOST_TIMES, ONCE, REPEATS, rule_of, weekdays_field
from scheduling.occurrences import Pattern

LONGEST_SERIES = dt.timedelta(days=366)


class BookingForm(AppointmentForm):
    """One session or a weekly series. `key` is made with the form: a double click books once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    repeats = forms.TypedChoiceField(
        label=_("Repeats"), choices=REPEATS, coerce=int, initial=str(ONCE)
    )
    weekdays = weekdays_field(_("When it is held more than once a week."))
    ends_on = FinnishDateField(
        label=_("Repeats until"),
        required=False,
        help_text=_("The last day of the series."),
    )
    times = forms.IntegerField(
        label=_("Or so many times"),
        min_value=2,
        max_value=MOST_TIMES,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input-number"}),
        help_text=_("Holidays that are left out are not counted."),
    )

    field_order = (
        "kind",
        "unit",
        "starts_on",
        "starts_time",
        "ends_time",
        "repeats",
        "weekdays",
        "ends_on",
        "times",
        "where",
        "seats",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
        self._know_support()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        repeats, first, last = data.get("repeats"), data.get("starts_on"), data.get("ends_on")
        if repeats == ONCE:
            data["ends_on"] = None
        elif repeats is None or "ends_on" in self.errors or "times" in self.errors or not first:
            pass
        elif last and data.get("times"):
            self.add_error("times", _("Write either the last day or how many times."))
        elif not last and data.get("times"):
            self._count(data, first)
        elif not last:
            self.add_error("ends_on", _("Write the last day of the series, or how many times."))
        elif last < first:
            self.add_error("ends_on", _("The last day must be after the first one."))
        elif last - first > LONGEST_SERIES:
            self.add_error("ends_on", _("A series can be a year long. Book the rest later."))
        return data

    def _count(self, data: dict[str, Any], first: dt.date) -> None:
        """The last day, from how many times it is held."""
        last = occurrences.last_day(
            Pattern(
                starts_on=first,
                starts_time=dt.time(),
                minutes=0,
                zone_name="",
                recurrence=_rule(data, first) or occurrences.weekly(data["repeats"]),
            ),
            count=data["times"],
        )
        if last - first > LONGEST_SERIES:
            self.add_error("times", _("A series can be a year long. Book the rest later."))
        data["ends_on"] = last

    def _know_support(self) -> None:
        """A unit's support person in force, where the person books for one unit only."""
        if len(self.units) != 1:
            return
        known = UnitContact.objects.filter(
            in_force(clock.today()), unit__in=self.units.values(), kind=ContactKind.SUPPORT
        ).first()
        if known:
            self.fields["support_person"].initial = known.name
            self.fields["support_phone"].initial = known.phone

    @property
    def details(self) -> dict[str, Any]:
        """The arguments of `BookingDetails`, once the form is valid."""
        data = self.cleaned_data
        repeats = data["repeats"]
        return {
            **self.common,
            "every_weeks": 1 if repeats in (ONCE, MONTHLY) else repeats,
            "recurrence": _rule(data, data["starts_on"]),
            "ends_on": data["ends_on"],
        }


def _rule(data: dict[str, Any], first: dt.date) -> str:
    """The rule of a rhythm that is not one day every so many weeks, else nothing."""
    repeats, weekdays = data["repeats"], data.get("weekdays") or []
    plain = repeats != MONTHLY and set(weekdays) <= {first.weekday()}
    return "" if repeats == ONCE or plain else rule_of(repeats, weekdays, first=first)


class DecisionForm(forms.Form):
    """Accept, or decline with a word; the unit gets the word by mail."""

    note = forms.CharField(
        label=_("A word to the unit"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes into the message. When you decline, say why."),
    )

    def __init__(self, *args: Any, word_needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.word_needed = word_needed

    def clean_note(self) -> str:
        note = str(self.cleaned_data["note"]).strip()
        if self.word_needed and not note:
            raise forms.ValidationError(_("Write a word, so that the unit knows why."))
        return note
