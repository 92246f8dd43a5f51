"""Signing off several people at once."""

import pytest
from django.test import Client

from experts.models import ExpertStatus, SignOff
from experts.queries import sign_offs
from tests.cast import Cast

pytestmark = pytest.mark.django_db
POINTS = dict.fromkeys(
    ("own_experience", "enough_training", "works_independently", "looks_after_self"), "on"
)


def test_the_chosen_are_signed_off_once(cast: Cast, client: Client) -> None:
    cast.onni.expert.status = ExpertStatus.ON_BREAK
    cast.onni.expert.save()
    aino, eero = cast.aino.expert, cast.eero.expert
    assert list(sign_offs.waiting()) == [aino, eero]
    client.force_login(cast.coordinator)
    assert "Aino Testilä" in client.get("/experts/sign-off/").content.decode()

    typed = {"people": [aino.pk], **POINTS}
    assert client.post("/experts/sign-off/", typed).status_code == 302
    assert client.post("/experts/sign-off/", typed).status_code == 422  # the second click

    assert [(one.expert, one.signed_by) for one in SignOff.objects.all()] == [
        (aino, cast.coordinator)
    ]
    assert list(sign_offs.waiting()) == [eero]


@pytest.mark.parametrize("missing", POINTS)
def test_a_point_not_confirmed_signs_nobody_off(cast: Cast, client: Client, missing: str) -> None:
    client.force_login(cast.coordinator)
    typed = {"people": [cast.aino.expert.pk], **POINTS}
    del typed[missing]
    answer = client.post("/experts/sign-off/", typed)
    assert answer.status_code == 422
    assert not SignOff.objects.exists()
