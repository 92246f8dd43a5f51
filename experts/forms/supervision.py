"""Forms of work supervision."""

import datetime as dt
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordination.clock import HOME_ZONE
from coordination.forms.fields import FinnishDateField, FinnishTimeField, MoneyField
from coordination.models import RoleGrant, User
from coordination.permissions import Role
from coordination.web.widgets import RadioCards
from experts.models import Expert, ExpertStatus, SupervisionSession
from experts.models.supervision import SupervisionForm
from experts.services.supervision import SupervisionDetails


class SessionForm(forms.Form):
    """A session: form, when, who holds it, where, what it costs, who is invited."""

    form = forms.ChoiceField(
        label=_("Form of supervision"),
        choices=SupervisionForm.choices,
        widget=RadioCards(
            lines={
                SupervisionForm.GROUP: _("Several people together."),
                SupervisionForm.INDIVIDUAL: _("One person."),
            }
        ),
    )
    day = FinnishDateField(label=_("Day"))
    starts = FinnishTimeField(label=_("Starts at"))
    ends = FinnishTimeField(label=_("Ends at"))
    supervisor = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Supervisor with an account"),
        required=False,
        empty_label=_("Somebody from outside"),
    )
    outside_supervisor = forms.CharField(
        label=_("Outside supervisor"),
        max_length=200,
        required=False,
        help_text=_("The name, when the supervisor has no account here."),
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    cost = MoneyField(label=_("Cost, euros"), required=False, max_value=Decimal("999999.99"))
    experts = forms.ModelMultipleChoiceField(
        Expert.objects.none(),
        label=_("Who is invited"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who is invited.")},
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        today: dt.date,
        session: SupervisionSession | None = None,
        invited: list[int] | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", _initial(session, invited or []))
        super().__init__(*args, **kwargs)
        supervisors = User.objects.filter(
            is_active=True,
            role_grants__in=_grants_in_force(today),
        ).distinct()
        cast(
            "forms.ModelChoiceField[User]", self.fields["supervisor"]
        ).queryset = supervisors.order_by("name")
        people = Expert.objects.visible_to(user).exclude(status=ExpertStatus.ENDED)
        if session is not None:
            people = people | Expert.objects.visible_to(user).filter(supervisions__session=session)
        field = cast("forms.ModelMultipleChoiceField[Expert]", self.fields["experts"])
        field.queryset = people.distinct()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts"), data.get("ends")
        if starts is not None and ends is not None and ends <= starts:
            self.add_error("ends", ValidationError(_("The end must be after the start."), "order"))
        if bool(data.get("supervisor")) == bool(data.get("outside_supervisor")):
            text = _("Choose a supervisor, or write the name of an outside one.")
            self.add_error("outside_supervisor", ValidationError(text, "one_supervisor"))
        return data

    def details(self) -> SupervisionDetails:
        data = self.cleaned_data
        return SupervisionDetails(
            form=SupervisionForm(data["form"]),
            starts_at=_moment(data["day"], data["starts"]),
            ends_at=_moment(data["day"], data["ends"]),
            supervisor=data["supervisor"],
            outside_supervisor=data["outside_supervisor"],
            place=data["place"],
            cost=data["cost"],
        )

    def invited(self) -> list[Expert]:
        return list(self.cleaned_data["experts"])


def _grants_in_force(today: dt.date) -> Any:
    return RoleGrant.objects.in_force(on=today).filter(role=Role.WORK_SUPERVISOR)


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=HOME_ZONE).astimezone(dt.UTC)


def _initial(session: SupervisionSession | None, invited: list[int]) -> dict[str, Any]:
    if session is None:
        return {"form": SupervisionForm.GROUP, "experts": invited}
    starts = session.starts_at.astimezone(HOME_ZONE)
    return {
        "form": session.form,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": session.ends_at.astimezone(HOME_ZONE).time(),
        "supervisor": session.supervisor_id,
        "outside_supervisor": session.outside_supervisor or "",
        "place": session.place,
        "cost": session.cost,
        "experts": invited or list(session.attendances.values_list("expert_id", flat=True)),
    }


class AttendanceForm(forms.Form):
    """Who was there."""

    attended = forms.MultipleChoiceField(
        label=_("Who was there?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those you leave unmarked were not present. No reason is asked."),
    )

    def __init__(self, *args: Any, session: SupervisionSession, **kwargs: Any) -> None:
        rows = list(session.attendances.select_related("expert").order_by("expert__name"))
        present = [row.expert_id for row in rows if row.state != "not_present"]
        kwargs.setdefault("initial", {"attended": present})
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["attended"]).choices = [
            (row.expert_id, row.expert.name) for row in rows
        ]

    def ids(self) -> set[int]:
        return {int(value) for value in self.cleaned_data["attended"]}
