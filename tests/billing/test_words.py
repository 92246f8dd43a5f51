"""Money's pages in the reader's words: names of units, dates, filters without noise."""

import re

import pytest
from django.test import Client

from billing.services import fee_lines
from coordination.models import User
from tests.billing.test_budgets import closed, priced  # noqa: F401  # a fixture among them
from tests.cast import Cast
from tests.scheduling.conftest import ready  # noqa: F401  # a fixture
from tests.scheduling.makers import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "unit", "day"),
    [
        ("fi", "Sastamalan poliklinikka", "ke 3.2.2027"),
        ("sv", "Sastamala poliklinik", "ons 3.2.2027"),
        ("en", "Sastamalan poliklinikka", "Wed 3 Feb 2027"),
    ],
)
def test_fee_lines_in_the_readers_words(
    priced: Cast,  # noqa: F811
    client: Client,
    language: str,
    unit: str,
    day: str,
) -> None:
    fee_lines.make_missing([closed(priced, "2027-02-03")], now=NOW)
    User.objects.update(language=language)
    client.force_login(priced.finance)

    page = client.get("/fees/").content.decode()

    body = page.partition("<tbody>")[2].partition("</tbody>")[2]
    assert unit in body
    assert day in body
    filters = re.search(r'<form class="filter".*?</form>', page, re.DOTALL)
    assert filters
    assert "----" not in filters[0]
    assert 'class="optional"' not in filters[0]
