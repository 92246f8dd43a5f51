"""Form fields that take days, times and money the way people type them in Finland."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordination import clock, formats

_TIME = re.compile(r"(?:klo|kl\.?)?\s*(\d{1,2})(?:[.:,]?(\d{2}))?", re.IGNORECASE)
_DATE = re.compile(
    r"(?:[a-zåäö]{2,4}\s+)?(\d{1,2})[./\- ](\d{1,2})(?:[./\- ](\d{4}|\d{2})?)?", re.IGNORECASE
)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_HALF_YEAR = dt.timedelta(days=183)


class FinnishTimeField(forms.Field):
    """A wall time: `9`, `9.30`, `9:30`, `930`, `klo 9.30`. Cleans to `datetime.time` or None."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write the time as hours and minutes, for example 09:30."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"class": "input-time", "autocomplete": "off", "maxlength": 12}),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.time):
            return value
        found = _TIME.fullmatch(str(value).strip())
        try:
            if not found:
                raise ValueError
            return dt.time(int(found[1]), int(found[2] or 0))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return formats.clock(value) if isinstance(value, dt.time | dt.datetime) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _changed(self, initial, data)


class FinnishDateField(forms.Field):
    """A day: `4.3.2027`, `4.3.27`, `2027-03-04`, `4.3.` (the nearest such day).

    Cleans to `datetime.date` or None.
    """

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write the date as day, month and year, for example 4.3.2027."),
        "no_such_day": _("There is no such day in the calendar. Check the day and the month."),
        "year": _("Give a day between the years 2000 and 2199."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"class": "input-date", "autocomplete": "off", "maxlength": 20}),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        text = str(value).strip()
        if iso := _ISO_DATE.fullmatch(text):
            return self._day(int(iso[1]), int(iso[2]), int(iso[3]))
        found = _DATE.fullmatch(text)
        if not found:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        day, month = int(found[1]), int(found[2])
        if found[3]:
            year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
            return self._day(year, month, day)
        return self._nearest(month, day)

    def _day(self, year: int, month: int, day: int) -> dt.date:
        try:
            found = dt.date(year, month, day)
        except ValueError:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day") from None
        if not clock.in_our_years(found):
            raise ValidationError(self.error_messages["year"], code="year")
        return found

    def _nearest(self, month: int, day: int) -> dt.date:
        """Without a year the day nearest to today: `7.1.` written in December is next January's."""
        today = clock.today()
        guess = self._day(today.year, month, day)
        if guess - today > _HALF_YEAR:
            return self._day(today.year - 1, month, day)
        if today - guess > _HALF_YEAR:
            return self._day(today.year + 1, month, day)
        return guess

    def prepare_value(self, value: Any) -> Any:
        return formats.date(value) if isinstance(value, dt.date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _changed(self, initial, data)


class MoneyField(forms.Field):
    """Euros: `25`, `25,50`, `25.50 €`, `1 234,50`. Cleans to a Decimal with two decimals or None."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write the sum in euros, for example 25 or 25,50."),
        "too_small": _("The sum must be at least %(limit)s."),
        "too_large": _("The sum can be at most %(limit)s."),
    }

    def __init__(
        self,
        *,
        min_value: Decimal | None = Decimal(0),
        max_value: Decimal = Decimal("9999999.99"),
        **kwargs: Any,
    ) -> None:
        self.min_value, self.max_value = min_value, max_value
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"class": "input-money", "inputmode": "decimal", "autocomplete": "off"}
            ),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        return value if isinstance(value, Decimal) else self._parse(str(value))

    def _parse(self, typed: str) -> Decimal:
        text = _SPACES.sub("", typed).removesuffix("€").removesuffix("e").replace("−", "-")
        if "," in text and "." in text:  # the one that comes last is the decimal mark
            thousands = "." if text.rindex(",") > text.rindex(".") else ","
            text = text.replace(thousands, "")
        text = text.replace(",", ".")
        try:
            if not re.fullmatch(r"-?\d{1,12}(\.\d{1,2})?", text):
                raise InvalidOperation
            return Decimal(text).quantize(Decimal("0.01"))
        except InvalidOperation:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            self._refuse("too_small", self.min_value)
        if value > self.max_value:
            self._refuse("too_large", self.max_value)

    def _refuse(self, code: str, limit: Decimal) -> None:
        params = {"limit": formats.money(limit)}
        raise ValidationError(self.error_messages[code], code=code, params=params)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _changed(self, initial, data)


def _changed(field: forms.Field, initial: Any, data: Any) -> bool:
    """Compares what was meant, not how it was typed: `9.30` and `930` are the same time."""
    try:
        return bool(field.to_python(initial) != field.to_python(data))
    except ValidationError:
        return True
