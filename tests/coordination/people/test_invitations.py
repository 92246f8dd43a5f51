"""Invitations: in the person's language, once, for fourteen days, by whom the role allows."""

import datetime as dt
import re
from typing import Any

import pytest

from coordination import clock
from coordination.errors import Refused
from coordination.models import Invitation, OutboxMessage, RoleGrant, User
from coordination.permissions import Role
from coordination.services import invitations
from tests.cast import Cast

NOW = dt.datetime(2027, 3, 2, 7, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_a_tuesday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def invite(cast: Cast, **changes: Any) -> Invitation:
    fields: dict[str, Any] = {
        "email": "Uusi.Henkilo@example.org",
        "name": "Uusi Henkilö",
        "role": Role.EXPERT,
        "language": "fi",
        "by": cast.coordinator,
        "now": NOW,
    }
    return invitations.invite(**{**fields, **changes})


def token_in_last_mail() -> str:
    body = OutboxMessage.objects.latest("pk").body
    found = re.search(r"/invitations/([\w-]+)/", body)
    assert found
    return found[1]


def accept(token: str, **changes: Any) -> tuple[User, bool]:
    fields: dict[str, Any] = {
        "name": "Uusi Henkilö",
        "language": "sv",
        "password": None,
        "now": NOW + dt.timedelta(hours=1),
    }
    return invitations.accept(token, **{**fields, **changes})


def test_an_accepted_invitation_makes_the_account_and_gives_the_role(cast: Cast) -> None:
    invitation = invite(cast)

    user, is_new = accept(token_in_last_mail(), password="pitkä-ja-oma-sana")

    assert is_new
    assert user.email == "uusi.henkilo@example.org"
    assert user.language == "sv"
    assert user.check_password("pitkä-ja-oma-sana")
    assert user.access.roles == {Role.EXPERT}
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.accepted_at) == (user, NOW + dt.timedelta(hours=1))


def test_only_the_hash_is_stored(cast: Cast) -> None:
    invitation = invite(cast)

    assert token_in_last_mail() not in str(Invitation.objects.values())
    assert len(invitation.token_hash) == 64


@pytest.mark.parametrize(
    ("language", "says"), [("fi", "Kutsu"), ("sv", "Inbjudan"), ("en", "invitation")]
)
def test_the_mail_is_in_the_persons_language(cast: Cast, language: str, says: str) -> None:
    invite(cast, language=language)

    message = OutboxMessage.objects.get()
    assert says in message.subject
    assert message.to_email == "uusi.henkilo@example.org"
    assert cast.coordinator.name in message.body


def test_without_a_password_the_person_signs_in_by_code(cast: Cast) -> None:
    invite(cast)

    user, _is_new = accept(token_in_last_mail())

    assert not user.has_usable_password()


def test_a_clinic_contact_gets_each_unit(cast: Cast) -> None:
    units = [cast.sastamala.unit, cast.nokia.unit]
    invite(cast, role=Role.CLINIC_CONTACT, units=units)

    user, _is_new = accept(token_in_last_mail())

    assert user.access.unit_ids == {unit.pk for unit in units}


def test_the_link_works_once(cast: Cast) -> None:
    invite(cast)
    token = token_in_last_mail()
    accept(token)

    with pytest.raises(Refused) as refused:
        accept(token)

    assert refused.value.code == "link_used"
    assert RoleGrant.objects.filter(user__email="uusi.henkilo@example.org").count() == 1


@pytest.mark.parametrize(
    ("later", "works"), [(14 * DAY, False), (14 * DAY - dt.timedelta(seconds=1), True)]
)
def test_the_link_works_for_fourteen_days(cast: Cast, later: dt.timedelta, works: bool) -> None:
    invite(cast)
    token = token_in_last_mail()

    if works:
        accept(token, now=NOW + later)
    else:
        with pytest.raises(Refused) as refused:
            accept(token, now=NOW + later)
        assert refused.value.code == "link_expired"


def test_a_revoked_link_and_an_unknown_one(cast: Cast) -> None:
    invitation = invite(cast)
    token = token_in_last_mail()
    invitations.revoke(invitation, by=cast.coordinator, now=NOW)

    for key, code in ((token, "link_revoked"), ("x" * 43, "link_unknown")):
        with pytest.raises(Refused) as refused:
            accept(key)
        assert refused.value.code == code


def test_sending_again_makes_a_new_link_and_ends_the_old_one(cast: Cast) -> None:
    invitation = invite(cast)
    first = token_in_last_mail()

    invitations.send_again(invitation, by=cast.coordinator, now=NOW + 10 * DAY)

    second = token_in_last_mail()
    with pytest.raises(Refused) as refused:
        accept(first)
    assert refused.value.code == "link_unknown"
    accept(second, now=NOW + 23 * DAY)


def test_a_second_open_invitation_is_refused_until_the_first_ran_out(cast: Cast) -> None:
    invite(cast)

    with pytest.raises(Refused) as refused:
        invite(cast)
    assert refused.value.code == "already_invited"

    invite(cast, now=NOW + 14 * DAY)
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_who_has_an_account_only_gets_the_role(cast: Cast) -> None:
    user = cast.tuula
    invite(cast, email=user.email)

    same, is_new = accept(token_in_last_mail(), name="Joku Muu", password="vieraan-sana-123")

    user.refresh_from_db()
    assert (same, is_new) == (user, False)
    assert user.name == "Tuula Työnohjaaja"
    assert not user.check_password("vieraan-sana-123")
    assert User.objects.get(pk=user.pk).access.roles == {Role.WORK_SUPERVISOR, Role.EXPERT}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": Role.FINANCE}, "not_yours_to_give"),
        ({"role": Role.ADMINISTRATOR}, "not_yours_to_give"),
        ({"role": Role.COORDINATOR}, "not_yours_to_give"),
        ({"role": Role.CLINIC_CONTACT}, "unit_missing"),
        ({"email": "aino.testila@example.org"}, "has_role"),
        ({"email": "Kaisa.Koordinaattori@example.org"}, "own_role"),
    ],
)
def test_invitations_that_are_refused(cast: Cast, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        invite(cast, **changes)

    assert refused.value.code == code
    assert not OutboxMessage.objects.exists()


def test_a_coordinator_cannot_touch_an_administrators_invitation(cast: Cast) -> None:
    invitation = invite(cast, role=Role.FINANCE, by=cast.administrator)

    for act in (invitations.revoke, invitations.send_again):
        with pytest.raises(Refused) as refused:
            act(invitation, by=cast.coordinator, now=NOW)
        assert refused.value.code == "not_yours_to_give"


def test_a_package_above_hears_of_it_in_the_same_transaction(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(
        invitations, "_hooks", [lambda user, role: heard.append((user.email, role))]
    )
    invite(cast)

    accept(token_in_last_mail())

    assert heard == [("uusi.henkilo@example.org", Role.EXPERT)]


def test_an_ended_account_opens_with_the_new_role_only(cast: Cast) -> None:
    from coordination.services import people

    people.end_account(cast.aino.user, by=cast.coordinator, now=NOW)
    invite(cast, email=cast.aino.user.email, role=Role.WORK_SUPERVISOR)

    user, _is_new = accept(token_in_last_mail())

    assert user.is_active
    assert User.objects.get(pk=user.pk).access.roles == {Role.WORK_SUPERVISOR}


def test_the_address_in_the_link_is_the_servers_own(cast: Cast, settings: Any) -> None:
    settings.BASE_URL = "https://vuoro.example.org"

    invite(cast)

    assert "https://vuoro.example.org/invitations/" in OutboxMessage.objects.get().body
    assert clock.today() == dt.date(2027, 3, 2)
