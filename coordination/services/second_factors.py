"""The stored second factors: under which key they lie, whose sessions end when they change, how they are lost."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from coordination import sealing
from coordination.errors import Refused
from coordination.models import User
from coordination.permissions import Role
from coordination.services import messages, roles

SEALED = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
"""Those that hold a secret; of a passkey only the public half is here."""


@dataclass
class Resealed:
    """What `reseal_all` found: rows now under the first key, rows that were already, rows no key opens."""

    changed: int = 0
    current: int = 0
    unreadable: list[int] = field(default_factory=list)


def reseal_all() -> Resealed:
    """Put every stored secret under the first key, row by row; may run while people work, any number of times."""
    result = Resealed()
    rows = Authenticator.objects.filter(type__in=SEALED).order_by("pk")
    for pk in list(rows.values_list("pk", flat=True)):
        _reseal(pk, result)
    return result


@transaction.atomic
def _reseal(pk: int, result: Resealed) -> None:
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None:  # removed meanwhile
        return
    if all(sealing.is_current(text) for text in _secrets(row.data)):
        result.current += 1
        return
    try:
        row.data = with_secrets(row.data, sealing.reseal)
    except sealing.UnreadableError:
        result.unreadable.append(row.user_id)
        return
    row.save(update_fields=["data"])
    result.changed += 1


def _secrets(data: dict[str, object]) -> list[str]:
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    with_secrets(data, note)
    return found


def with_secrets(data: dict[str, object], change: Callable[[str], str]) -> dict[str, object]:
    """allauth's `data` of a code generator or of recovery codes, its secrets changed."""
    changed = dict(data)
    for name in ("secret", "seed"):
        if isinstance(text := data.get(name), str):
            changed[name] = change(text)
    if isinstance(codes := data.get("migrated_codes"), list):
        changed["migrated_codes"] = [change(code) for code in codes]
    return changed


# -- sessions, and a lost phone ----------------------------------------------------------------


def end_sessions(user: User) -> None:
    """All sessions of the person end at their next request.

    Who does this in a session of their own keeps it with Django's `update_session_auth_hash`.
    """
    User.objects.filter(pk=user.pk).update(sign_in_version=F("sign_in_version") + 1)
    user.refresh_from_db(fields=["sign_in_version"])


@transaction.atomic
def reset(user: User, *, by: User | None, now: dt.datetime) -> None:
    """Remove all second factors of somebody who has lost them; the person signs in and sets up a new one.

    `by` is None on the command line. The person's sessions end, and a mail tells of it. Raises Refused: `own_account`,
    `not_yours_to_give` when an administrator does not ask, `no_second_factor`.
    """
    if user == by:
        raise Refused(_("You change your own in your account."), code="own_account")
    roles.check_may_give(Role.ADMINISTRATOR, by=by)
    row = User.objects.select_for_update().get(pk=user.pk)
    deleted, _rows = Authenticator.objects.filter(user_id=row.pk).delete()
    if not deleted:
        raise Refused(_("The person has no second factor."), code="no_second_factor")
    end_sessions(row)
    with translation.override(row.language):
        sentence = _now(
            "The second step of your sign-in was removed, because it had been lost. If your work needs one, you will "
            "set up a new one when you next sign in. If you did not ask for this, tell an administrator at once."
        )
    messages.enqueue(
        kind="account_notice",
        key=f"second_factor_reset:{row.pk}:{row.sign_in_version}",
        to_email=row.email,
        language=row.language,
        user=row,
        context={"sentence": sentence},
        now=now,
    )
