"""Why a coordinator overrules, and who is asked until when."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.forms.fields import FinnishDateField, FinnishTimeField
from experts.models import Expert
from scheduling.eligibility import Reason


class OverruleForm(forms.Form):
    """One line for each reason that asks: why these people in spite of it. Never a health reason."""

    def __init__(self, *args: Any, asks: Mapping[Expert, Iterable[Reason]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self._keys: dict[str, tuple[int, str]] = {}
        names_told = len(asks) > 1
        for expert, reasons in asks.items():
            for reason in reasons:
                name = f"why_{expert.pk}_{reason.code}"
                self._keys[name] = (expert.pk, reason.code)
                said = reason.sentence[:1].upper() + reason.sentence[1:]
                self.fields[name] = forms.CharField(
                    label=f"{expert.name}: {reason.sentence}" if names_told else said,
                    max_length=300,
                    error_messages={"required": _("Write why in a few words.")},
                )

    def overrules_of(self, expert: Expert) -> dict[str, str]:
        """Code of the reason → why it is overruled for this person."""
        found = ((self._keys[name], value) for name, value in self.cleaned_data.items())
        return {code: value for (pk, code), value in found if pk == expert.pk}


class OfferForm(forms.Form):
    """Ask several people at once; the first who answers yes gets the seat."""

    experts = forms.TypedMultipleChoiceField(
        label=_("Who is asked"),
        coerce=int,
        error_messages={"required": _("Choose at least one person to ask.")},
    )
    until_on = FinnishDateField(label=_("Answer by, day"))
    until_time = FinnishTimeField(label=_("Answer by, time"))

    def __init__(self, *args: Any, choices: Iterable[int], zone: dt.tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.zone = zone
        field = self.fields["experts"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(pk, pk) for pk in choices]

    @property
    def expires_at(self) -> dt.datetime:
        """Aware, in the unit's zone."""
        data = self.cleaned_data
        return dt.datetime.combine(data["until_on"], data["until_time"], tzinfo=self.zone)
