"""Forms with which coordinators keep the register."""

import datetime as dt
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.forms.fields import FinnishDateField
from coordination.models import ActivityKind, Unit, User
from coordination.models.people import Language
from experts import spoken
from experts.forms.fields import MunicipalityField, PhoneField, SpokenField
from experts.models import Expert, ExpertStatus
from experts.models.readiness import TrainingLevel
from experts.queries.register import Wanted, municipalities_in_use
from experts.services.readiness import FourPoints, TrainingDetails
from experts.services.register import ExpertValues
from experts.transitions import EXPERT

_LINES = forms.Textarea(attrs={"rows": 3})


class FilterForm(forms.Form):
    """What the list is narrowed to; wrong values do not narrow."""

    FOLDED = ("kind", "municipality", "language", "unit")
    """Filters that are folded away until one of them is used."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False)
    kind = forms.ModelChoiceField(
        ActivityKind.objects.none(), label=_("Form of work"), required=False, empty_label=_("All")
    )
    municipality = forms.ChoiceField(label=_("Home municipality"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Oriented at"), required=False, empty_label=_("Anywhere")
    )
    due = forms.BooleanField(label=_("Supervision due"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("kind", ActivityKind.objects.filter(is_active=True)),
            ("unit", Unit.objects.visible_to(user).filter(is_active=True)),
        ):
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows
        every = [("", _("All"))]
        homes = [(name, name) for name in municipalities_in_use(user)]
        for name, found in (
            ("status", [("", _("All but ended")), *ExpertStatus.choices]),
            ("municipality", [*every, *homes]),
            ("language", [*every, *spoken.choices()]),
        ):
            cast("forms.ChoiceField", self.fields[name]).choices = found

    def wanted(self) -> Wanted:
        """The filter in final types."""
        self.is_valid()
        data = self.cleaned_data
        kind, unit = data.get("kind"), data.get("unit")
        return Wanted(
            status=data.get("status", ""),
            kind_id=kind.pk if kind else None,
            municipality=data.get("municipality", ""),
            language=data.get("language", ""),
            unit_id=unit.pk if unit else None,
            is_due=data.get("due", False),
            text=data.get("q", ""),
        )


class ContactForm(forms.Form):
    """Who the person is and how to reach them."""

    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("The name the person goes by.")
    )
    official_name = forms.CharField(
        label=_("Official name"),
        max_length=200,
        required=False,
        help_text=_("As on the bank account, when it differs. Only for pay."),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = PhoneField(required=False)
    language = forms.ChoiceField(label=_("Language of messages"), choices=Language.choices)
    home_municipality = MunicipalityField(required=False)
    languages = SpokenField()
    themes = forms.CharField(
        label=_("Experience themes"),
        max_length=300,
        required=False,
        widget=_LINES,
        help_text=_("In the person's own words. No diagnoses and no treatment history."),
    )
    themes_shown_to_units = forms.BooleanField(
        label=_("The person has said that units may see the themes"), required=False
    )
    wishes = forms.CharField(
        label=_("Wishes about shifts"),
        max_length=300,
        required=False,
        widget=_LINES,
        help_text=_("For example times of day or kinds of work. Never a reason for an absence."),
    )

    def __init__(self, *args: Any, expert: Expert | None = None, **kwargs: Any) -> None:
        names = list(self.base_fields)
        if expert is not None:
            kwargs.setdefault("initial", {name: getattr(expert, name) for name in names})
        else:
            kwargs.setdefault("initial", {"language": Language.FINNISH, "languages": ["fi"]})
        super().__init__(*args, **kwargs)
        if expert is not None and expert.user_id is not None:
            # the person has an account: the switch is in their own hands
            del self.fields["themes_shown_to_units"]

    def values(self) -> ExpertValues:
        return cast("ExpertValues", dict(self.cleaned_data))


class NewExpertForm(ContactForm):
    """A new person, with where they stand."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(status, ExpertStatus(status).label) for status in EXPERT.initial],
    )

    def values(self) -> ExpertValues:
        values = {name: value for name, value in self.cleaned_data.items() if name != "status"}
        return cast("ExpertValues", values)

    def begins_as(self) -> ExpertStatus:
        return ExpertStatus(self.cleaned_data["status"])


class LoadForm(forms.Form):
    """What has been agreed: forms of work, how much, how far, where not."""

    kinds = forms.ModelMultipleChoiceField(
        ActivityKind.objects.none(),
        label=_("Forms of work"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    weekly_hours = forms.DecimalField(
        label=_("Hours a week, at most"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(60),
        max_digits=4,
        decimal_places=1,
        localize=True,
    )
    monthly_sessions = forms.IntegerField(
        label=_("Shifts a month, at most"), required=False, min_value=0, max_value=100
    )
    max_km = forms.IntegerField(
        label=_("Longest trip one way, km"),
        required=False,
        min_value=0,
        max_value=1500,
        help_text=_("Empty: the distance does not matter."),
    )
    rest_hours = forms.IntegerField(
        label=_("Rest between working days, hours"), required=False, min_value=0, max_value=48
    )
    excluded_units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("Units never to be offered"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("No reason is asked or kept."),
    )
    is_volunteer = forms.BooleanField(
        label=_("Works as a volunteer, without a fee"), required=False
    )
    payroll_number = forms.CharField(
        label=_("Payroll number"),
        max_length=20,
        required=False,
        help_text=_("The number payroll knows the person by. Never a personal identity code."),
    )

    def __init__(self, *args: Any, expert: Expert, user: User, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {name: _initial(expert, name) for name in list(self.base_fields)}
        )
        super().__init__(*args, **kwargs)
        for name in ("weekly_hours", "monthly_sessions", "max_km", "rest_hours"):
            self.fields[name].widget.attrs["class"] = "input-number"
        for name, rows in (
            ("kinds", ActivityKind.objects.filter(is_active=True)),
            ("excluded_units", Unit.objects.visible_to(user).filter(is_active=True)),
        ):
            field = cast("forms.ModelMultipleChoiceField[Any]", self.fields[name])
            field.queryset = rows | getattr(expert, name).all()  # those no longer in use stay
            field.queryset = field.queryset.distinct()

    def clean_payroll_number(self) -> str:
        """Refuses what looks like a personal identity code (Data Protection Act 29 §)."""
        number = str(self.cleaned_data["payroll_number"]).strip()
        if _looks_like_identity_code(number):
            raise forms.ValidationError(
                _("This looks like a personal identity code. Vuoro does not store those."),
                code="identity_code",
            )
        return number

    def values(self) -> ExpertValues:
        return cast("ExpertValues", dict(self.cleaned_data))


def _looks_like_identity_code(text: str) -> bool:
    """Six digits of a birthday, a sign of the century, three digits and a letter or digit."""
    return (
        len(text) == 11
        and text[:6].isdigit()
        and text[6] in "+-ABCDEFUVWXYabcdefuvwxy"
        and text[7:10].isdigit()
    )


def _initial(expert: Expert, name: str) -> object:
    value = getattr(expert, name)
    if isinstance(value, Decimal):
        return value.normalize() + 0  # "12", not "12,0"
    return list(value.all()) if hasattr(value, "all") else value


class StatusForm(forms.Form):
    """Where the person goes from where they stand: only the moves the table allows."""

    to = forms.ChoiceField(label=_("New status"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, expert: Expert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = EXPERT.targets(expert.status)
        cast("forms.ChoiceField", self.fields["to"]).choices = [
            (target, ExpertStatus(target).label) for target in targets
        ]

    def target(self) -> ExpertStatus:
        return ExpertStatus(self.cleaned_data["to"])


class PapersForm(forms.Form):
    """Days on which papers were seen; never a copy."""

    confidentiality_signed_on = FinnishDateField(
        label=_("Confidentiality signed on"), required=False
    )
    tax_card_seen_on = FinnishDateField(label=_("Tax card seen on"), required=False)
    extract_seen_on = FinnishDateField(
        label=_("Criminal-record extract seen on"),
        required=False,
        help_text=_("The extract goes back to the person; no copy and no content is kept."),
    )
    extract_seen_by = forms.CharField(label=_("Extract seen by"), max_length=200, required=False)

    def __init__(self, *args: Any, expert: Expert, user: User, **kwargs: Any) -> None:
        initial = {name: getattr(expert, name) for name in list(self.base_fields)}
        initial["extract_seen_by"] = initial["extract_seen_by"] or user.name
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)


class TrainingForm(forms.Form):
    """A training from any provider."""

    name = forms.CharField(label=_("Training"), max_length=200)
    provider = forms.CharField(label=_("Provider"), max_length=200, required=False)
    level = forms.ChoiceField(label=_("Level"), choices=TrainingLevel.choices)
    hours = forms.IntegerField(label=_("Hours"), required=False, min_value=0, max_value=5000)
    starts_on = FinnishDateField(label=_("Began on"), required=False)
    completed_on = FinnishDateField(
        label=_("Completed on"), required=False, help_text=_("Empty: it is going on.")
    )
    valid_until = FinnishDateField(
        label=_("Valid until"), required=False, help_text=_("Empty: it does not grow old.")
    )

    def details(self) -> TrainingDetails:
        data = self.cleaned_data
        return TrainingDetails(**{**data, "level": TrainingLevel(data["level"])})


class SignOffForm(forms.Form):
    """The four points (S4 l.135). Each is confirmed; no reasons are written."""

    own_experience = forms.BooleanField(
        label=_("The person has own experience, or that of a close person"), required=False
    )
    enough_training = forms.BooleanField(label=_("The person has enough training"), required=False)
    works_independently = forms.BooleanField(
        label=_("The person is able to work independently"), required=False
    )
    looks_after_self = forms.BooleanField(
        label=_("The person looks after their own well-being"), required=False
    )

    def points(self) -> FourPoints:
        return FourPoints(**self.cleaned_data)


class OrientationForm(forms.Form):
    """An expert was shown round at a unit."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), empty_label=_("Choose a unit")
    )
    on = FinnishDateField(label=_("Day"))
    given_by = forms.CharField(label=_("Given by"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": today, "given_by": user.name})
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Unit]", self.fields["unit"])
        field.queryset = Unit.objects.visible_to(user).filter(is_active=True)


class ProfessionalForm(forms.Form):
    """One of a unit's professionals was told of the activity."""

    name = forms.CharField(label=_("Professional"), max_length=200)
    on = FinnishDateField(label=_("Day"))
    given_by = forms.CharField(label=_("Given by"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": today, "given_by": user.name})
        super().__init__(*args, **kwargs)
