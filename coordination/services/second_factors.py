"""The stored second factors: under which key they lie."""

from collections.abc import Callable
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from django.db import transaction

from coordination import sealing

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
    with_secrets(data, lambda text: found.append(text) or text)
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
