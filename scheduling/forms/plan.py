"""What a coordinator says before a period is planned."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coordination import formats
from coordination.forms.fields import FinnishDateField
from coordination.models import User
from experts.models import Expert
from scheduling.models import Assignment, PlanRun
from scheduling.planner.problem import Weights
from scheduling.queries.naming import unit_name

SECONDS = (
    (10, _("10 seconds")),
    (60, _("one minute")),
    (300, _("five minutes")),
    (900, _("a quarter of an hour")),
)

WEIGHTS = {
    "fill": (_("Fill seats"), _("Empty seats cost more, so other wishes give way sooner.")),
    "share": (
        _("Share evenly"),
        _("Everybody gets work in proportion to what was agreed with them."),
    ),
    "continuity": (
        _("Same faces"),
        _("People go where they are known, and few different people meet one pair."),
    ),
    "distance": (_("Short trips"), _("Those who live nearer come before others.")),
    "wishes": (_("Asked first"), _("Those whom a series would rather have come before others.")),
    "supervision": (
        _("Supervision up to date"),
        _("Those whose work supervision is overdue come after others."),
    ),
    "gap": (_("Days between"), _("Demanding sessions are not on two days in a row.")),
    "change": (
        _("Keep what was agreed"),
        _("Who was freed to be moved is moved only when it helps much."),
    ),
}


class SeatsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """People on seats, each told with when and where."""

    def label_from_instance(self, obj: Assignment) -> str:
        session = obj.session
        when = formats.when(session.starts_at, session.ends_at, zone=session.zone, year=False)
        return f"{obj.expert.name}, {when}, {unit_name(session.unit)}"


class WeightsForm(forms.Form):
    """What counts how much, each from 0 to 10."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for name, (label, help_text) in WEIGHTS.items():
            self.fields[name] = forms.IntegerField(
                label=label,
                help_text=help_text,
                min_value=Weights.lowest(name),
                max_value=Weights.HIGHEST,
                initial=getattr(Weights(), name),
            )

    @property
    def weights(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in WEIGHTS}

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in WEIGHTS]

    @property
    def has_weight_errors(self) -> bool:
        return any(name in self.errors for name in WEIGHTS)


class PlanForm(WeightsForm):
    """The days, both included, who may be moved, how long to search, and the weights."""

    starts_on = FinnishDateField(label=_("First day"))
    ends_on = FinnishDateField(label=_("Last day"))
    seconds = forms.TypedChoiceField(
        label=_("Time limit"),
        choices=SECONDS,
        coerce=int,
        help_text=_("A good plan is there in seconds; more time makes it better bit by bit."),
    )
    free_people = forms.ModelMultipleChoiceField(
        Expert.objects.none(),
        label=_("Whose shifts may be moved"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What has been agreed with all others stays as it is."),
    )
    free_seats = SeatsField(
        Assignment.objects.none(),
        label=_("Seats that may be given to others"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    again = forms.ModelChoiceField(PlanRun.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, user: User, seats: "QuerySet[Assignment]", **kwargs: Any
    ) -> None:
        """`seats`: the assignments to choose from, those that were typed among them."""
        super().__init__(*args, **kwargs)
        people, again = self.fields["free_people"], self.fields["again"]
        assert isinstance(people, forms.ModelMultipleChoiceField)
        assert isinstance(again, forms.ModelChoiceField)
        people.queryset = Expert.objects.visible_to(user).active()
        again.queryset = PlanRun.objects.visible_to(user)
        free = self.fields["free_seats"]
        assert isinstance(free, forms.ModelMultipleChoiceField)
        free.queryset = seats

    @property
    def wanted(self) -> dict[str, Any]:
        """What `plan_runs.start` is to do, once the form is valid."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("starts_on", "ends_on", "seconds", "again")},
            "weights": self.weights,
            "free_people": [expert.pk for expert in data["free_people"]],
            "free_seats": [seat.pk for seat in data["free_seats"]],
        }


def initial_of(weights: Mapping[str, int], *, today: dt.date) -> dict[str, Any]:
    """Next month, with the organisation's weights."""
    first = (today.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    after = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return {
        "starts_on": first,
        "ends_on": after - dt.timedelta(days=1),
        "seconds": 60,
        **weights,
    }


def initial_of_seats(seats: Iterable[Assignment]) -> dict[str, Any]:
    """The days of these seats, all of them free to be given to others."""
    days = [row.session.starts_at.astimezone(row.session.zone).date() for row in seats]
    return {
        **({"starts_on": min(days), "ends_on": max(days)} if days else {}),
        "free_seats": [row.pk for row in seats],
    }


def initial_again(run: PlanRun) -> dict[str, Any]:
    """The same once more."""
    return {
        "starts_on": run.starts_on,
        "ends_on": run.ends_on,
        "seconds": run.seconds,
        "again": run.pk,
        **run.weights,
    }
