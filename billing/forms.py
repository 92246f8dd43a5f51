"""Forms of the money pages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.models import FeeBasis, FeeLine, FeeLineState
from coordination.forms.fields import FinnishDateField, FinnishTimeField, MoneyField
from coordination.models import ActivityKind
from scheduling.models import Assignment, Session

INCOME_TYPES = (
    ("216", _("216 other pay")),
    ("210", _("210 meeting fee")),
    ("214", _("214 lecture fee")),
    ("201", _("201 time-rate pay")),
    ("336", _("336 non-wage compensation for work")),
)
"""Incomes Register codes that fit the work (domain.md 4.2); payroll decides in the end."""


class FeeRuleForm(forms.Form):
    """A rate from a day on."""

    kind = forms.ModelChoiceField(
        ActivityKind.objects.filter(is_paid=True), label=_("Form of work"), empty_label=_("Choose")
    )
    basis = forms.ChoiceField(choices=FeeBasis.choices, label=_("Paid"))
    amount = MoneyField(label=_("Euros"))
    income_type = forms.ChoiceField(choices=INCOME_TYPES, label=_("Income type"))
    starts_on = FinnishDateField(
        label=_("From"), help_text=_("The rule before this one ends the day before.")
    )


class CorrectionForm(forms.Form):
    """The right length of a session."""

    hours = forms.IntegerField(min_value=0, max_value=24, label=_("Hours"))
    minutes = forms.IntegerField(min_value=0, max_value=59, label=_("Minutes"), initial=0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and data["hours"] == data["minutes"] == 0:
            raise forms.ValidationError(_("Give the right length."))
        return data

    @property
    def total_minutes(self) -> int:
        return int(self.cleaned_data["hours"]) * 60 + int(self.cleaned_data["minutes"])


class LineFilter(django_filters.FilterSet):
    """What finance looks for among fee lines; lives in the address."""

    month = django_filters.CharFilter(
        method="in_month",
        label=_("Month"),
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    state = django_filters.ChoiceFilter(
        choices=FeeLineState.choices, label=_("State"), empty_label=_("all")
    )
    person = django_filters.CharFilter(
        field_name="expert__name", lookup_expr="icontains", label=_("Expert")
    )
    payer = django_filters.CharFilter(
        field_name="payer_name", lookup_expr="icontains", label=_("Payer")
    )

    class Meta:
        model = FeeLine
        fields: tuple[str, ...] = ()

    def in_month(self, lines: QuerySet[FeeLine], name: str, value: str) -> QuerySet[FeeLine]:
        """Lines of sessions in a month written `2027-03`; anything else filters nothing out."""
        try:
            first = dt.date.fromisoformat(f"{value}-01")
        except ValueError:
            return lines
        return lines.filter(session_on__year=first.year, session_on__month=first.month)


NEAR = dt.timedelta(hours=6)
"""A time on another day than planned is meant when it is so near the plan; else it is a slip of the pen."""


def nearest(time: dt.time, *, plan: dt.datetime) -> dt.datetime:
    """The moment (UTC) a wall time means: on the planned day, or across midnight when that is nearer.

    `plan` is aware and in the zone of the wall time. A shift from 22 that began at 0.15 began the
    next day.
    """

    def on(days: int) -> dt.datetime:
        day = plan.date() + dt.timedelta(days=days)
        return dt.datetime.combine(day, time, plan.tzinfo).astimezone(dt.UTC)

    moments = [on(0), *(moment for moment in (on(-1), on(1)) if abs(moment - plan) <= NEAR)]
    return min(moments, key=lambda moment: abs(moment - plan))


class CloseoutForm(forms.Form):
    """Actual times of the session, in the unit's wall time, and who was there."""

    starts_time = FinnishTimeField(label=_("Started"))
    ends_time = FinnishTimeField(label=_("Ended"))
    present = forms.MultipleChoiceField(
        label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple
    )
    came = forms.MultipleChoiceField(
        label=_("Was there after all"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They were asked and did not answer. Choose those who came all the same."),
    )

    def __init__(
        self,
        *args: Any,
        session: Session,
        seated: list[Assignment],
        asked: Iterable[Assignment] = (),
        **kwargs: Any,
    ) -> None:
        self.session, self.seated = session, seated
        self.starts = session.starts_at.astimezone(session.zone)
        self.ends = session.ends_at.astimezone(session.zone)
        kwargs.setdefault(
            "initial",
            {
                "starts_time": self.starts.time(),
                "ends_time": self.ends.time(),
                "present": [str(one.pk) for one in seated],
            },
        )
        super().__init__(*args, **kwargs)
        for name, people in (("present", seated), ("came", asked)):
            choices = [(str(one.pk), one.expert.name) for one in people]
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
            if not choices:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        data["actual_starts_at"] = nearest(data["starts_time"], plan=self.starts)
        data["actual_ends_at"] = nearest(data["ends_time"], plan=self.ends)
        if data["actual_ends_at"] <= data["actual_starts_at"]:
            self.add_error("ends_time", _("The end must be after the start."))
        return data

    @property
    def not_present(self) -> set[int]:
        """Ids of the assignments whose person was not there."""
        present = set(self.cleaned_data.get("present", ()))
        return {one.pk for one in self.seated if str(one.pk) not in present}

    @property
    def came_after_all(self) -> set[int]:
        """Ids of the assignments whose person never answered and was there."""
        return {int(pk) for pk in self.cleaned_data.get("came", ())}
