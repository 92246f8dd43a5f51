"""One's own keys."""

import re

import pytest
from django.test import Client
from rest_framework.test import APIClient

from api.models import ApiToken
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_key_is_shown_once_works_and_can_be_revoked(cast: Cast, client: Client) -> None:
    client.force_login(cast.sari)
    made = client.post("/keys/", {"name": "intranet"})
    assert made.headers["Cache-Control"] == "private, no-store"
    (token,) = re.findall(r'value="(vuoro_[^"]+)"', made.content.decode())
    listed = client.get("/keys/").content.decode()
    assert "intranet" in listed
    assert token not in listed

    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert caller.get("/api/v1/me/").json()["name"] == "Sari Sastamala"

    key = ApiToken.objects.get()
    assert key.token_hash != token
    assert client.post(f"/keys/{key.pk}/revoke/").status_code == 302
    assert caller.get("/api/v1/me/").status_code == 401


def test_another_persons_key_is_not_there(cast: Cast, client: Client) -> None:
    client.force_login(cast.sari)
    client.post("/keys/", {"name": "intranet"})
    client.force_login(cast.ilkka)
    key = ApiToken.objects.get()
    assert client.post(f"/keys/{key.pk}/revoke/").status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None
