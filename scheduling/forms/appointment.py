"""What a booking and a session ask in common: what, when, where, with whom."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordination.forms.fields import FinnishDateField, FinnishTimeField
from coordination.models import ActivityKind, Unit, User
from coordination.models.activity import PlaceKind
from coordination.permissions import Permission
from scheduling import occurrences
from scheduling.forms import places
from scheduling.forms.widgets import KindCards

LANGUAGES = (
    ("fi", _("Finnish")),
    ("sv", _("Swedish")),
    ("en", _("English")),
    ("fse", _("Finnish Sign Language")),
    ("se", _("Northern Sámi")),
    ("ru", _("Russian")),
    ("et", _("Estonian")),
    ("uk", _("Ukrainian")),
    ("ar", _("Arabic")),
    ("so", _("Somali")),
)
PLAIN = (
    "seats",
    "responsible_professional",
    "support_person",
    "support_phone",
    "professional_present",
    "with_minors",
    "language",
    "notes",
)
"""Fields that are the same in the form and in what is stored."""

LONGEST_MINUTES = 12 * 60
SHORTEST_MINUTES = 15


class AppointmentForm(forms.Form):
    """Every field is typed the way people write; `cleaned_data` holds final types."""

    kind = forms.TypedChoiceField(label=_("What"), widget=KindCards(lines={}))
    unit = forms.TypedChoiceField(label=_("Unit"))
    starts_on = FinnishDateField(label=_("Date"), help_text=_("For example 4.3.2027."))
    starts_time = FinnishTimeField(label=_("Starts at"), help_text=_("For example 09:30."))
    ends_time = FinnishTimeField(
        label=_("Ends at"),
        required=False,
        help_text=_("Empty: the usual length. Before the start: on the next day."),
    )
    where = forms.TypedChoiceField(label=_("Place"))
    seats = forms.IntegerField(
        label=_("How many experts are needed"),
        min_value=1,
        max_value=50,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "input-number"}),
    )
    responsible_professional = forms.CharField(
        label=_("Responsible professional"),
        max_length=200,
        required=False,
        help_text=_("A group always has one. This person carries the responsibility as a whole."),
    )
    support_person = forms.CharField(
        label=_("Support person during the shift"),
        max_length=200,
        required=False,
        help_text=_("Who the expert can turn to on the spot."),
    )
    support_phone = forms.CharField(
        label=_("Support person's phone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    professional_present = forms.BooleanField(
        label=_("A professional is present the whole time"), required=False
    )
    with_minors = forms.BooleanField(
        label=_("Children or young people under 18 take part"), required=False
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial="fi")
    notes = forms.CharField(
        label=_("Wishes, and what the expert should know"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No names of participants and nothing about their health."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self._offer_kinds(user)
        self._offer_units(user)

    def _offer_kinds(self, user: User) -> None:
        kinds = ActivityKind.objects.filter(is_active=True)
        if not user.access.can(Permission.MANAGE_SESSIONS):
            kinds = kinds.filter(bookable_by_unit=True)
        self.kinds = {kind.code: kind for kind in kinds}
        field = self.fields["kind"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(code, kind.name) for code, kind in self.kinds.items()]
        field.coerce = self.kinds.__getitem__
        assert isinstance(field.widget, KindCards)
        field.widget.lines = {code: kind.purpose for code, kind in self.kinds.items()}

    def _offer_units(self, user: User) -> None:
        self.units = {
            str(unit.pk): unit for unit in Unit.objects.visible_to(user).filter(is_active=True)
        }
        unit, where = self.fields["unit"], self.fields["where"]
        assert isinstance(unit, forms.TypedChoiceField)
        assert isinstance(where, forms.TypedChoiceField)
        unit.coerce = self.units.__getitem__
        unit.choices = [("", _("Choose a unit")), *((pk, u.name) for pk, u in self.units.items())]
        if len(self.units) == 1:
            unit.initial = next(iter(self.units))
            unit.widget = forms.HiddenInput()
        where.choices, found = places.places(self.units.values())
        where.coerce = found.__getitem__
        rooms = [value for value, place in found.items() if place.site]
        if len(rooms) == 1:
            where.initial = rooms[0]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_length(data)
        self._check_place(data)
        kind = data.get("kind")
        if (
            kind
            and kind.needs_responsible_professional
            and not data.get("responsible_professional", "").strip()
        ):
            self.add_error(
                "responsible_professional",
                _("Write who the responsible professional is. This form of work needs one."),
            )
        return data

    def _check_length(self, data: dict[str, Any]) -> None:
        starts, ends, kind = data.get("starts_time"), data.get("ends_time"), data.get("kind")
        if not starts or not kind:
            return
        if not ends:
            if "ends_time" not in self.errors:
                data["minutes"] = kind.default_minutes
            return
        minutes = self._minutes_between(data, starts, ends)
        if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
            self.add_error("ends_time", _("The length must be between 15 minutes and 12 hours."))
        else:
            data["minutes"] = minutes

    def _minutes_between(self, data: dict[str, Any], starts: dt.time, ends: dt.time) -> int:
        """An end before the start is on the next day. A series has the length of usual days."""
        on, unit = data.get("starts_on"), data.get("unit")
        if not on or not unit or data.get("repeats"):
            return occurrences.minutes_between(starts, ends)
        return occurrences.minutes_between(starts, ends, on=on, zone_name=unit.zone_name)

    def _check_place(self, data: dict[str, Any]) -> None:
        where, kind, unit = data.get("where"), data.get("kind"), data.get("unit")
        if not where:
            return
        if unit and where.site and where.site.unit_id != unit.pk:
            self.add_error(
                "where", _("This room belongs to another unit. Choose one of this unit.")
            )
        elif kind and where.place_kind not in kind.place_kinds:
            words = [label for value, label in _place_labels() if value in kind.place_kinds]
            self.add_error(
                "where",
                ValidationError(
                    _("This form of work can be: %(places)s."), params={"places": ", ".join(words)}
                ),
            )

    @property
    def common(self) -> dict[str, Any]:
        """What the services' details share, once the form is valid."""
        data = self.cleaned_data
        names = ("kind", "unit", "starts_on", "starts_time", "minutes", *PLAIN)
        where: places.Where = data["where"]
        return {
            **{name: data[name] for name in names},
            "site": where.site,
            "place_kind": where.place_kind,
        }


def _place_labels() -> list[tuple[str, str]]:
    return [(kind.value, str(kind.label)) for kind in PlaceKind]
