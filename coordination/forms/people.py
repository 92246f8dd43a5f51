"""Forms about people: one's own account, invitations, roles."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from coordination.forms.fields import FinnishDateField
from coordination.models import Unit, User
from coordination.models.people import Language
from coordination.permissions import Role
from coordination.workbook.contact_details import parse_phone
from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread


class PhoneField(forms.CharField):
    """A telephone number as people write it; cleans to `+358…` or an empty text."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
        )
        super().__init__(max_length=25, **kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            return parse_phone(Cell(text)) if text else ""
        except Misread:
            raise forms.ValidationError(
                _("Write the number with its area code, for example 040 123 4567."), code="invalid"
            ) from None


class AccountForm(forms.Form):
    """What a person changes in their own account."""

    name = forms.CharField(
        label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(label=_("Phone"), required=False)
    language = forms.ChoiceField(
        label=_("Language of pages and messages"), choices=Language.choices
    )


class InvitationForm(forms.Form):
    """Whom to invite, to what. `roles` are those the inviter may give."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=200)
    role = forms.ChoiceField(label=_("Role"))
    units = forms.ModelMultipleChoiceField(
        Unit.objects.filter(is_active=True),
        label=_("Units"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for a clinic contact."),
    )
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=Language.choices, initial=Language.FINNISH
    )

    def __init__(self, *args: Any, roles: frozenset[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)  # type: ignore[attr-defined]  # a choice field


class AcceptForm(forms.Form):
    """What an invited person says: the name, the language, and a password or none."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(
        label=_("Language of pages and messages"), choices=Language.choices
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least 12 characters. Leave it empty if you would rather sign in with a code that comes by e-mail."
        ),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        self.email = email
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str | None:
        password = self.cleaned_data["password"]
        if not password:
            return None
        person = User(email=self.email, name=self.data.get("name", ""))
        validate_password(password, person)
        return str(password)


class GrantForm(forms.Form):
    """A role for a person, from a day until a day."""

    role = forms.ChoiceField(label=_("Role"))
    unit = forms.ModelChoiceField(
        Unit.objects.filter(is_active=True),
        label=_("Unit"),
        required=False,
        empty_label=_("none"),
        help_text=_("Only for a clinic contact."),
    )
    starts_on = FinnishDateField(label=_("From"))
    ends_on = FinnishDateField(
        label=_("Until"), required=False, help_text=_("Empty: until further notice.")
    )

    def __init__(self, *args: Any, roles: frozenset[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)  # type: ignore[attr-defined]  # a choice field


class AddressForm(forms.Form):
    """The address a person signs in with."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)


class PeopleFilter(forms.Form):
    """The filter of the list of people; an unknown value filters nothing."""

    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=100)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("all")), *Role.choices]
    )
    unit = forms.ModelChoiceField(
        Unit.objects.all(), label=_("Unit"), required=False, empty_label=_("all")
    )
    state = forms.ChoiceField(
        label=_("Account"),
        required=False,
        choices=[("", _("in use")), ("ended", _("has ended")), ("all", _("all"))],
    )


def role_choices(roles: frozenset[Role]) -> list[tuple[str, Any]]:
    """The roles in their own order, none chosen: nobody becomes an administrator by chance."""
    return [("", _("Choose")), *((role.value, role.label) for role in Role if role in roles)]
