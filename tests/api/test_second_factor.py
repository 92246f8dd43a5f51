"""A key to the API opens no more than its person could on the pages."""

from typing import Any

from django.test import Client

from api.services import tokens
from coordination import clock
from coordination.permissions import Role
from coordination.services import roles
from tests.cast import Cast, second_factor

PATH = "/api/v1/units/"


def test_a_key_opens_nothing_before_a_demanded_second_factor_is_there(
    cast: Cast, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    _made, text = tokens.make(cast.sari, name="x", now=clock.now())
    headers = {"Authorization": f"Bearer {text}"}
    assert Client().get(PATH, headers=headers).status_code == 200
    roles.grant(
        cast.sari,
        role=Role.FINANCE,
        starts_on=clock.today(),
        by=cast.administrator,
        now=clock.now(),
    )

    refused = Client().get(PATH, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "second_factor_missing")

    second_factor(cast.sari).save()
    assert Client().get(PATH, headers=headers).status_code == 200
