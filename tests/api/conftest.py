"""Callers of the API."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from api.services import tokens
from coordination import clock
from coordination.models import User

Caller = Callable[[User], APIClient]


@pytest.fixture
def calling(db: None) -> Caller:
    """`calling(cast.finance).get("/api/v1/fee-lines/")`: with a real token."""

    def make(user: User) -> APIClient:
        _, token = tokens.make(user, name="test", now=clock.now())
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return make
