"""The command that lets the first administrator in."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from coordination import clock
from coordination.models import Invitation, User
from coordination.permissions import Role
from coordination.services import invitations
from tests.coordination.people.test_invitations import token_in_last_mail


def test_the_first_administrator_is_invited(db: None) -> None:
    said = StringIO()

    call_command("invite", "Eka@example.org", "--name", "Eka", stdout=said)

    user, is_new = invitations.accept(
        token_in_last_mail(), name="Eka", language="fi", password=None, now=clock.now()
    )
    assert is_new
    assert user.access.roles == {Role.ADMINISTRATOR}
    assert (
        token_in_last_mail() not in said.getvalue()
    )  # the mail goes to the address, not the terminal


def test_a_second_call_says_why_not(db: None) -> None:
    call_command("invite", "eka@example.org", "--name", "Eka", stdout=StringIO())

    with pytest.raises(CommandError):
        call_command("invite", "eka@example.org", "--name", "Eka")

    assert Invitation.objects.count() == 1
    assert not User.objects.exists()
