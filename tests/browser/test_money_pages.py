"""The money pages of finance, clinics and experts: no accessibility violation, nothing wider than the screen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from billing.models import FeeLine
from tests.browser.conftest import PHONE
from tests.cast import Cast
from tests.contracts.routes import billing

LOOKS: list[dict[str, Any]] = [
    {},
    {"viewport": PHONE, "color_scheme": "dark", "locale": "sv-FI"},
]


@pytest.mark.parametrize("look", LOOKS, ids=["desktop", "phone"])
def test_pages_are_accessible(
    transactional_db: None,
    cast: Cast,
    open_page: Callable[..., Page],
    login: Callable[[Page, Any], None],
    assert_accessible: Callable[[Page], None],
    shoot: Callable[[Page, str], None],
    look: dict[str, Any],
) -> None:
    (number, _form) = billing.an_exported_file(cast)
    (session,) = billing.a_session_in_sastamala(cast)
    line = FeeLine.objects.get().pk
    visits = {
        cast.finance: {
            "finance": "/finance/",
            "lines": "/fees/",
            "line": f"/fees/{line}/",
            "correct": f"/fees/{line}/correct/",
            "reverse": f"/fees/{line}/reverse/",
            "rules": "/fee-rules/",
            "rule-new": "/fee-rules/new/",
            "batches": "/batches/",
            "lock": "/batches/lock/2025-03/",
            "batch": f"/batches/{number}/",
            "keys": "/keys/",
            "docs": "/api/v1/docs/",
        },
        cast.sari: {"closeouts": "/closeout/", "closeout": f"/closeout/{session}/"},
        cast.aino.user: {"earnings": "/earnings/"},
    }
    page = open_page(**look)
    for who, paths in visits.items():
        login(page, who)
        for name, path in paths.items():
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            assert_accessible(page)
            wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(wider), path
            shoot(page, f"money-{name}-{'phone' if 'viewport' in look else 'desktop'}")
