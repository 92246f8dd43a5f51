"""Widgets of the design system."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise


class RadioCards(forms.RadioSelect):
    """Two to four big choices, each with a line that explains it: `lines={value: sentence}`."""

    template_name = "web/forms/radio_cards.html"

    def __init__(self, *args: Any, lines: "Mapping[str, str | Promise]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["line"] = self.lines.get(str(value), "")
        return option


class Counter(forms.NumberInput):
    """A number with big +1 and − buttons for a thumb; without script a plain number field."""

    template_name = "web/forms/counter.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"min": 0, "max": 999, "inputmode": "numeric", **(attrs or {})})
