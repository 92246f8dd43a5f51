"""The budget of the pages people begin their day on: 20 queries, however much there is (issue 2)."""

from collections.abc import Callable

import pytest
import time_machine as tm
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coordination.models import User
from coordination.permissions import ROLE_PERMISSIONS, Role
from coordination.web import panels
from tests import first_pages
from tests.cast import Cast
from tests.first_pages import FIRST_PAGES, FirstPage
from tests.scheduling.conftest import ready  # noqa: F401  # a fixture
from tests.scheduling.makers import NOW
from tests.scheduling.pages.conftest import sign_in  # noqa: F401  # a fixture

MOST = 20
MANY = 12

pytestmark = pytest.mark.django_db


def test_every_role_has_a_first_page() -> None:
    assert [page.role for page in FIRST_PAGES] == list(Role)


@pytest.mark.parametrize("page", FIRST_PAGES, ids=lambda page: page.role)
def test_a_first_page_keeps_its_budget(
    page: FirstPage,
    ready: Cast,  # noqa: F811
    sign_in: Callable[[User], Client],  # noqa: F811
    time_machine: tm.TimeMachineFixture,
) -> None:
    time_machine.move_to(NOW)
    client = sign_in(ready.everybody[page.person])

    def look() -> tuple[list[str], str]:
        with CaptureQueriesContext(connection) as asked:
            response = client.get(page.address)
        assert response.status_code == 200
        return [query["sql"] for query in asked], response.content.decode()

    world = first_pages.start(ready)
    few, html = look()
    # a panel with nothing to show would cost nothing, and prove nothing
    mine = [p for p in panels.registered(page.name) if p.permission in ROLE_PERMISSIONS[page.role]]
    assert [p.key for p in mine if f'id="panel-{p.key}"' not in html] == []

    first_pages.grow(world, range(2, MANY))
    many, _html = look()

    assert len(many) == len(few)
    assert len(many) <= MOST, "\n".join(many)
