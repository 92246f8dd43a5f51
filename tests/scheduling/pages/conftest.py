"""Pages are asked on a Monday morning; each person has a client of their own."""

from collections.abc import Callable

import pytest
import time_machine as tm
from django.test import Client

from coordination.models import User
from tests.scheduling.makers import NOW


@pytest.fixture(autouse=True)
def _monday(time_machine: tm.TimeMachineFixture) -> None:
    time_machine.move_to(NOW)


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A client signed in as somebody, second factor included."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": 0, "email": user.email},
            {"method": "mfa", "at": 0, "type": "totp", "id": 0},
        ]
        session.save()
        return client

    return sign_in
