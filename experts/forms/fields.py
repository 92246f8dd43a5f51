"""Fields several forms share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordination import municipalities
from coordination.workbook.contact_details import parse_phone
from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread
from experts import spoken


class PhoneField(forms.CharField):
    """A telephone number as people write it; cleans to +358… or empty."""

    default_error_messages = {  # noqa: RUF012  # as Django declares it
        "invalid": _("Write the number with its area code, for example 040 123 4567."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if not text:
            return ""
        try:
            return parse_phone(Cell(text))
        except Misread:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class MunicipalityField(forms.CharField):
    """A Finnish municipality by its Finnish or Swedish name; cleans to the Finnish name or empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Home municipality"))
        attrs = {"list": "municipalities", "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if not text:
            return ""
        found = municipalities.find(text)
        if found is None:
            raise ValidationError(_unknown(text), code="unknown")
        return found.name_fi


def _unknown(text: str) -> str:
    near = municipalities.nearest_names(text, count=1)
    if near:
        return str(
            _("There is no municipality called that. Did you mean %(name)s?") % {"name": near[0]}
        )
    return str(_("There is no such municipality in Finland. Check the spelling."))


class SpokenField(forms.MultipleChoiceField):
    """Languages spoken, as codes in the order of the choices."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Languages spoken"))
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=spoken.choices, required=False, **kwargs)
