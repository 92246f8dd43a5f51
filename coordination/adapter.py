"""How log-in (allauth) fits into Vuoro: nobody signs up, mails go through the outbox, the ended stay out."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination import clock, sealing
from coordination.models import User
from coordination.services import messages

NOTICES: dict[str, Promise] = {
    "account/email/password_changed": _("The password of your account was changed."),
    "account/email/password_set": _("Your account now has a password."),
    "account/email/password_reset": _("The password of your account was changed."),
    "mfa/email/totp_activated": _("A code generator was added to your account."),
    "mfa/email/totp_deactivated": _("The code generator was removed from your account."),
    "mfa/email/recovery_codes_generated": _("Your account has new recovery codes."),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account."),
}
"""allauth's mails that only tell that something changed."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks us."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited (services/invitations.py)."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """An ended account gets the answer of an unknown one."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """To the log-in address: there is no other."""
        self.send_mail(template_prefix, email or user.email, context or {})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox, in the person's language. A mail we have no words for is not sent."""
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            return
        kind, values = _our_mail(template_prefix, context, language=user.language)
        messages.enqueue(
            kind=kind,
            key=f"account:{uuid.uuid4()}",
            to_email=user.email,
            language=user.language,
            user=user,
            context=values,
            now=clock.now(),
        )


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks us about second factors."""

    def encrypt(self, text: str) -> str:
        """Secrets of code generators and recovery codes lie sealed in the database."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises UnreadableError when its key is gone; nothing in clear text is taken for a secret."""
        return sealing.unseal(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Devices list a passkey under our name, not under host and port."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.MFA_TOTP_ISSUER}


def _our_mail(
    template_prefix: str, context: dict[str, Any], *, language: str
) -> tuple[str, dict[str, object]]:
    if template_prefix == "account/email/login_code":
        return "login_code", {"code": context["code"]}
    if template_prefix == "account/email/password_reset_key":
        path = f"/{context['password_reset_url'].partition('://')[2].partition('/')[2]}"
        # our own address, whatever Host the request claimed
        return "password_reset", {"link": messages.absolute_url(path)}
    with translation.override(language):
        return "account_notice", {"sentence": str(NOTICES[template_prefix])}
