"""A series changed, ended, and the people it would rather have."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination import formats
from coordination.forms.fields import FinnishDateField
from coordination.models import Unit, User
from experts.models import Expert
from scheduling import occurrences, recurrence
from scheduling.forms import places
from scheduling.forms.appointment import PLAIN, AppointmentForm
from scheduling.forms.rhythm import MONTH, MONTHLY, WEEKS, rule_of, weekdays_field
from scheduling.models import Series, Session
from scheduling.recurrence import NTH, Rhythm
from scheduling.services import series as service


class SeriesForm(AppointmentForm):
    """What of a series changes, and from which day on. Kind and unit stay: those are another series."""

    since = forms.TypedChoiceField(
        label=_("What changes"), coerce=dt.date.fromisoformat, empty_value=None, required=False
    )
    repeats = forms.TypedChoiceField(label=_("Repeats"), choices=(*WEEKS, MONTH), coerce=int)
    weekdays = weekdays_field(_("None: that of the first day."))
    nth = forms.TypedChoiceField(
        label=_("Which of the month"), coerce=int, empty_value=None, required=False
    )
    ends_on = FinnishDateField(
        label=_("Repeats until"), required=False, help_text=_("Empty: until further notice.")
    )
    skips_holidays = forms.BooleanField(label=_("No sessions on public holidays"), required=False)

    def __init__(
        self, *args: Any, series: Series, coming: list[Session], user: User, **kwargs: Any
    ) -> None:
        self.series = series
        kwargs.setdefault("initial", self.initial_of(series))
        super().__init__(*args, user=user, **kwargs)
        for name in ("kind", "unit", "starts_on"):
            del self.fields[name]
        since, nth = self.fields["since"], self.fields["nth"]
        assert isinstance(since, forms.TypedChoiceField)
        assert isinstance(nth, forms.TypedChoiceField)
        since.choices = [("", _("All that is to come")), *map(_later, coming)]
        nth.choices = [("", "–"), *((str(n), recurrence.nth_name(n)) for n in NTH)]

    def _offer_units(self, user: User) -> None:
        self.units: dict[str, Unit] = {str(self.series.unit_id): self.series.unit}
        where = self.fields["where"]
        assert isinstance(where, forms.TypedChoiceField)
        where.choices, found = places.places([self.series.unit])
        where.coerce = found.__getitem__

    @staticmethod
    def initial_of(row: Series) -> dict[str, Any]:
        """A stored series as its form shows it."""
        rhythm = recurrence.read(row.recurrence)
        first = occurrences.at(service.pattern_of(row), row.starts_on)
        return {
            **{name: getattr(row, name) for name in PLAIN},
            "starts_time": row.starts_time,
            "ends_time": first.ends_at.astimezone(row.unit.zone).time(),
            "repeats": MONTHLY if rhythm.nth else rhythm.every,
            "weekdays": [str(d) for d in rhythm.weekdays or (row.starts_on.weekday(),)],
            "nth": rhythm.nth or "",
            "ends_on": row.ends_on,
            "skips_holidays": row.skips_holidays,
            "where": places.value_of(row.site_id, row.place_kind),
        }

    def clean(self) -> dict[str, Any]:
        self.cleaned_data |= {"kind": self.series.kind, "unit": self.series.unit}
        data = super().clean()
        monthly = data.get("repeats") == MONTHLY
        if monthly and (not data.get("nth") or len(data.get("weekdays") or []) != 1):
            self.add_error("nth", _("Choose one weekday, and which of the month it is."))
        return data

    @property
    def first_on(self) -> dt.date | None:
        """The first day that changes; None: all that is to come."""
        found: dt.date | None = self.cleaned_data["since"]
        return found

    @property
    def changes(self) -> dict[str, Any]:
        """What `series_changes` takes, once the form is valid. Hours not touched are not sent."""
        data = self.cleaned_data
        where: places.Where = data["where"]
        found = {name: data[name] for name in (*PLAIN, "starts_time", "ends_on", "skips_holidays")}
        found |= {"site": where.site, "place_kind": where.place_kind}
        shown = self.initial_of(self.series)
        if (data["starts_time"], data["ends_time"]) != (shown["starts_time"], shown["ends_time"]):
            found["minutes"] = data["minutes"]
        if rule := self._rule(data):
            found["recurrence"] = rule
        return found

    def _rule(self, data: dict[str, Any]) -> str:
        """The new rule, or nothing when it says the same as the old one."""
        first = self.series.starts_on
        if data["repeats"] == MONTHLY:
            rule = Rhythm(weekdays=tuple(data["weekdays"]), nth=data["nth"]).rule
        else:
            rule = rule_of(data["repeats"], data["weekdays"], first=first)
        old, new = recurrence.read(self.series.recurrence), recurrence.read(rule)
        own = (first.weekday(),)
        same = (old.every, old.nth, old.weekdays or own) == (
            new.every,
            new.nth,
            new.weekdays or own,
        )
        return "" if same else rule


def _later(session: Session) -> tuple[str, Any]:
    assert session.occurrence_on is not None
    day = formats.day(session.starts_at.astimezone(session.zone).date())
    return (session.occurrence_on.isoformat(), _("From %(day)s on") % {"day": day})


class EndForm(forms.Form):
    """The last day of a series."""

    last_on = FinnishDateField(
        label=_("Last day"), help_text=_("Sessions after it are cancelled. For example 4.3.2027.")
    )


class PreferredForm(forms.Form):
    """Somebody a series would rather have."""

    expert = forms.ModelChoiceField(
        Expert.objects.none(), label=_("Person"), empty_label=_("Choose a person")
    )
    starts_on = FinnishDateField(label=_("From"), required=False)
    ends_on = FinnishDateField(label=_("Until"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        field = self.fields["expert"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Expert.objects.visible_to(user).active()


class SeriesFilter(forms.Form):
    """Which series a list shows. Wrong values show everything."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("All units")
    )
    state = forms.ChoiceField(
        label=_("Show which"),
        required=False,
        choices=(("", _("All")), ("going", _("Going on")), ("ended", _("Over"))),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Unit.objects.visible_to(user).filter(is_active=True)
