"""The second factors' secrets lie sealed; keys change without anybody noticing."""

import importlib
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from coordination import sealing
from coordination.models import User
from tests.cast import make_user

SECRET = "JBSWY3DPEHPK3PXP"
OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture
def user(db: None) -> User:
    return make_user()


def stored(user: User) -> str:
    """What a thief of the database would read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(a::text, ' ') FROM mfa_authenticator a")
        return str(cursor.fetchone()[0])


def secret_of(user: User) -> str:
    return sealing.unseal(Authenticator.objects.get(user=user, type="totp").data["secret"])


def reseal() -> str:
    said = StringIO()
    call_command("reseal_second_factors", stdout=said)
    return said.getvalue().strip()


def test_the_database_shows_no_secret_of_a_code_generator(user: User) -> None:
    TOTP.activate(user, SECRET)

    assert SECRET not in stored(user)
    assert secret_of(user) == SECRET


def test_the_database_shows_no_seed_of_recovery_codes(user: User, monkeypatch: Any) -> None:
    seed = "5eed" * 20
    monkeypatch.setattr(RecoveryCodes, "generate_seed", classmethod(lambda _cls: seed))

    codes = RecoveryCodes.activate(user)

    assert seed not in stored(user)
    assert codes.validate_code(codes.generate_codes()[3])


def test_the_same_secret_looks_different_each_time() -> None:
    assert sealing.seal(SECRET) != sealing.seal(SECRET)


@pytest.mark.parametrize(
    "text", [SECRET, "", "gAAAAABnonsense", sealing.seal(SECRET)[:-4] + "AAA="]
)
def test_what_was_not_sealed_by_us_is_not_read(text: str) -> None:
    with pytest.raises(sealing.UnreadableError):
        sealing.unseal(text)


def test_a_key_is_changed_in_three_steps(user: User, settings: Any) -> None:
    settings.SECOND_FACTOR_KEYS = [OLD]
    TOTP.activate(user, SECRET)
    codes = RecoveryCodes.activate(user).generate_codes()

    settings.SECOND_FACTOR_KEYS = [NEW, OLD]
    assert secret_of(user) == SECRET
    late = make_user()
    TOTP.activate(late, SECRET)
    assert reseal() == "2 put under the first key, 1 were under it already."
    assert reseal() == "0 put under the first key, 3 were under it already."

    settings.SECOND_FACTOR_KEYS = [NEW]
    assert secret_of(user) == secret_of(late) == SECRET
    assert (
        Authenticator.objects.get(user=user, type="recovery_codes").wrap().validate_code(codes[0])
    )
    settings.SECOND_FACTOR_KEYS = [OLD]
    with pytest.raises(sealing.UnreadableError):
        secret_of(user)


def test_a_lost_key_is_said_and_spoils_nothing(user: User, settings: Any) -> None:
    settings.SECOND_FACTOR_KEYS = [OLD]
    TOTP.activate(user, SECRET)
    settings.SECOND_FACTOR_KEYS = [OTHER]
    well = make_user()
    TOTP.activate(well, SECRET)
    settings.SECOND_FACTOR_KEYS = [NEW, OTHER]
    before = stored(user)

    with pytest.raises(CommandError, match=rf"ids {user.pk}\."):
        reseal()

    settings.SECOND_FACTOR_KEYS = [NEW]
    assert secret_of(well) == SECRET
    settings.SECOND_FACTOR_KEYS = [OLD]
    assert secret_of(user) == SECRET
    assert before != stored(user)


def test_rows_from_before_are_sealed_by_the_migration(user: User) -> None:
    migration = importlib.import_module("coordination.migrations.0005_second_factors_sealed")
    clear: dict[str, dict[str, object]] = {
        "totp": {"secret": SECRET},
        "recovery_codes": {"migrated_codes": ["12345678", "87654321"]},
    }
    for kind, data in clear.items():
        Authenticator.objects.create(user=user, type=kind, data=data)
    other = make_user()
    Authenticator.objects.create(
        user=other, type="recovery_codes", data={"seed": "ab" * 40, "used_mask": 5}
    )
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Avain"})

    for _ in range(2):  # the second time there is nothing left to do
        migration.seal(apps, None)

    assert all(text not in stored(user) for text in (SECRET, "12345678", "ab" * 40))
    assert secret_of(user) == SECRET
    kept = {row.user_id: row.wrap() for row in Authenticator.objects.filter(type="recovery_codes")}
    assert kept[user.pk].get_unused_codes() == ["12345678", "87654321"]
    assert len(kept[other.pk].get_unused_codes()) == 8
    key.refresh_from_db()
    assert key.data == {"name": "Avain"}

    migration.unseal(apps, None)
    assert {row.type: row.data for row in Authenticator.objects.filter(user=user)} == clear
