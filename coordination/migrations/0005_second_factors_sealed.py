"""Secrets of code generators and recovery codes that lie in clear text are sealed, with the keys of the settings."""

from collections.abc import Callable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import migrations


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SECOND_FACTOR_KEYS])


def _is_sealed(text: str) -> bool:
    """A token of Fernet begins so; a secret in Base32 or hexadecimal digits, or a code of digits, cannot."""
    return text.startswith("gAAAA")


def _change(apps, change: Callable[[str], str]) -> None:
    authenticators = apps.get_model("mfa", "Authenticator").objects.filter(
        type__in=["totp", "recovery_codes"]
    )
    for row in authenticators.select_for_update().order_by("pk"):
        for name in ("secret", "seed"):
            if name in row.data:
                row.data[name] = change(row.data[name])
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [change(code) for code in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


def seal(apps, schema_editor) -> None:
    keys = _keys()
    _change(apps, lambda text: text if _is_sealed(text) else keys.encrypt(text.encode()).decode())


def unseal(apps, schema_editor) -> None:
    keys = _keys()

    def open_one(text: str) -> str:
        try:
            return keys.decrypt(text).decode()
        except InvalidToken:
            return text

    _change(apps, open_one)


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0004_register_import"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal, unseal)]
