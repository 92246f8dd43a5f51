"""Forms of the money pages."""

import datetime as dt
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
        ActivityKind.objects.filter(is_paid=True), label=_("Form of work")
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
    state = django_filters.ChoiceFilter(choices=FeeLineState.choices, label=_("State"))
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


class CloseoutForm(forms.Form):
    """Actual times on the day of the session, in the unit's wall time, and who was there."""

    starts_time = FinnishTimeField(label=_("Started"))
    ends_time = FinnishTimeField(label=_("Ended"))
    present = forms.MultipleChoiceField(
        label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, session: Session, seated: list[Assignment], **kwargs: Any
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
        choices = [(str(one.pk), one.expert.name) for one in seated]
        self.fields["present"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        starts_time, ends_time = data["starts_time"], data["ends_time"]
        starts_on = ends_on = self.starts.date()
        if ends_time <= starts_time:
            if self.ends.date() == starts_on:
                self.add_error("ends_time", _("The end must be after the start."))
                return data
            ends_on = self.ends.date()  # a night shift

        def moment(day: dt.date, time: dt.time) -> dt.datetime:
            return dt.datetime.combine(day, time, self.session.zone).astimezone(dt.UTC)

        data["actual_starts_at"] = moment(starts_on, starts_time)
        data["actual_ends_at"] = moment(ends_on, ends_time)
        return data

    @property
    def not_present(self) -> set[int]:
        """Ids of the assignments whose person was not there."""
        present = set(self.cleaned_data["present"])
        return {one.pk for one in self.seated if str(one.pk) not in present}
