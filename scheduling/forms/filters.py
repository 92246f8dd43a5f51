"""Filters of lists and the board: they live in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.models import ActivityKind, Unit, User
from experts.models import Expert
from scheduling.models import BookingState
from scheduling.queries import unit_past


class BoardFilter(forms.Form):
    """Unit, form of work, person, and whether only open seats are shown. Wrong values show everything."""

    week = forms.CharField(required=False, widget=forms.HiddenInput)
    density = forms.CharField(required=False, widget=forms.HiddenInput)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("All units")
    )
    kind = forms.ModelChoiceField(
        ActivityKind.objects.none(),
        label=_("Form of work"),
        required=False,
        empty_label=_("All forms"),
    )
    expert = forms.ModelChoiceField(
        Expert.objects.none(), label=_("Person"), required=False, empty_label=_("Everybody")
    )
    open = forms.BooleanField(label=_("Only open seats"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("unit", Unit.objects.visible_to(user).filter(is_active=True)),
            ("kind", ActivityKind.objects.filter(is_active=True)),
            ("expert", Expert.objects.visible_to(user).active()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows


class PastFilter(forms.Form):
    """Which of a unit's past sessions a list shows. Wrong values show everything."""

    show = forms.ChoiceField(
        label=_("Show which"),
        required=False,
        choices=(
            ("", _("All")),
            (unit_past.HELD, _("Held")),
            (unit_past.CANCELLED, _("Cancelled")),
            (unit_past.NO_SHOW, _("Somebody did not come")),
            (unit_past.WAITING, _("To be recorded")),
        ),
    )


class BookingFilter(forms.Form):
    """Which bookings a list shows."""

    state = forms.ChoiceField(
        label=pgettext_lazy("of a booking", "State"),
        required=False,
        choices=(("", _("All")), *BookingState.choices),
    )
