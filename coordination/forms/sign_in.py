"""allauth's forms of the second factor, with our words and what our pages want to know."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordination.queries import people
from coordination.queries.people import SignInMethods


class AuthenticateForm(base.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The code asked after the password."""

    @property
    def methods(self) -> SignInMethods:
        """What the person has set up, so that the page asks for nothing else."""
        return people.sign_in_methods(self.user)


class AddKeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new passkey opens the account by itself unless the person says otherwise: that is what the word promises."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class EditKeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class _KeyInWords:
    """allauth says of a key what it says of a code: that it is not correct."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]  # of allauth's form beside this
        except ValidationError as error:
            if error.code != "incorrect_code":
                raise
            sentence = _("The key was not accepted. Try again, or choose another way to sign in.")
            raise ValidationError(sentence, code="key_refused") from error


class AuthenticateKeyForm(_KeyInWords, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A key after the password."""


class LoginKeyForm(_KeyInWords, webauthn.LoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A key instead of the password."""


class ReauthenticateKeyForm(_KeyInWords, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A key before something that concerns the account's safety."""
