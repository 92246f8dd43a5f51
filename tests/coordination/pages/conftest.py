"""Signed-in browsers."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast


@pytest.fixture
def coordinator(cast: Cast) -> Client:
    return _client(cast.coordinator)


@pytest.fixture
def administrator(cast: Cast) -> Client:
    return _client(cast.administrator)


@pytest.fixture
def contact(cast: Cast) -> Client:
    """Sari Sastamala."""
    return _client(cast.sari)


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client
