"""The first administrator is invited from the command line."""

import pytest
from django.core.management import CommandError, call_command

from coordination.models import Invitation, OutboxMessage
from coordination.permissions import Role


def test_an_invitation_goes_out_by_mail(db: None) -> None:
    call_command("invite_administrator", "Aino@Example.org", name="Aino", verbosity=0)

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("aino@example.org", Role.ADMINISTRATOR)
    assert OutboxMessage.objects.get().to_email == "aino@example.org"


def test_a_second_one_to_the_same_person_is_refused_with_a_sentence(db: None) -> None:
    call_command("invite_administrator", "aino@example.org", name="Aino", verbosity=0)
    with pytest.raises(CommandError, match=r"\w+ \w+"):
        call_command("invite_administrator", "aino@example.org", name="Aino", verbosity=0)
    assert Invitation.objects.count() == 1
