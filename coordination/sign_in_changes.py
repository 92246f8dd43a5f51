"""A new second factor ends the sessions that were opened without it.

Passwords need nothing here: Django's sessions know a hash of it. These are signals of a library, which offers no other
hook that knows the request; between our own packages there are none.
"""

from typing import Any

from allauth.mfa import signals
from django.contrib.auth import update_session_auth_hash
from django.dispatch import receiver
from django.http import HttpRequest

from coordination.services import second_factors


@receiver(
    [signals.authenticator_added, signals.authenticator_removed, signals.authenticator_reset],
    dispatch_uid="coordination.sign_in_changes",
)
def end_other_sessions(request: HttpRequest, user: Any, **_: Any) -> None:
    """The session that made the change goes on, under a new name; all others end."""
    second_factors.end_sessions(user)
    update_session_auth_hash(request, user)
