"""Every route × method × role × own or other: one table, and a route that is not in it fails.

To add a route, add one line to the table of its package in `tests/contracts/routes/<package>.py`::

    Row("experts:detail", "CE", own=aino, other=eero, other_who="C")

means: coordinator (C) and expert (E) get in; GET answers 200 (the default) and POST 405; the address
is made by `aino(cast) -> [pk]`; at the address made by `eero` the coordinator gets 200 and the expert
404, because it is another's; all others get 403, and people who are not signed in the log-in page.

    Row("experts:edit", "C", post=422, own=aino)          # an empty form is answered with 422
    Row("feed", PUBLIC, own=a_feed)                       # no log-in asked
    Row("x", "CAF", get={"C": 200, "AF": 302})            # different answers

An address that names a thing and lets in people who see only their own (S, E, W) needs `other`; if the
thing is nobody's in particular, `common` says why.

Every page on the way is read too: each of its controls must work without script (plain.py).

C coordinator, A administrator, F finance, S clinic contact of Sastamala, E expert (Aino), W work
supervisor. A POST fills in nothing and is undone afterwards. PUT, PATCH and DELETE are not allowed on pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from coordination.routes import OF_LIBRARIES, all_routes
from tests.cast import Cast
from tests.contracts import plain
from tests.contracts.routes import api, billing, coordination, experts, feeds, scheduling
from tests.contracts.routes.table import PEOPLE, Row

TABLE: list[Row] = [
    *coordination.ROWS,
    *experts.ROWS,
    *scheduling.ROWS,
    *feeds.ROWS,
    *billing.ROWS,
    *api.ROWS,
]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def test_every_route_has_one_line() -> None:
    listed = [row.name for row in TABLE]

    assert sorted(listed) == sorted({route.name for route in all_routes()})


def test_what_is_scoped_is_tried_with_anothers_thing() -> None:
    assert [row.name for row in TABLE if row.lacks_other] == []


@pytest.mark.parametrize(
    ("row", "lacks"),
    [
        (Row("x", "CE", own=lambda _cast: [1]), True),
        (Row("x", "S", own=lambda _cast: [1], other=lambda _cast: [2]), False),
        (Row("x", "CE", own=lambda _cast: [1], common="everybody's"), False),
        (Row("x", "CAF", own=lambda _cast: [1]), False),
        (Row("x", "CE"), False),
    ],
)
def test_the_guard_sees_what_lacks_another(row: Row, lacks: bool) -> None:
    assert row.lacks_other == lacks


@pytest.fixture
def clients(cast: Cast) -> dict[str, Client]:
    """A browser for each person, and one for a stranger."""
    found = {"!": Client()}
    for letter, name in PEOPLE.items():
        found[letter] = Client()
        found[letter].force_login(cast.everybody[name])
    return found


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened."""
    try:
        with transaction.atomic():
            yield
            raise _UndoError
    except _UndoError:
        pass


class _UndoError(Exception):
    pass


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_who_gets_what(row: Row, cast: Cast, clients: dict[str, Client]) -> None:
    places = {"own": row.own(cast) if row.own else []}
    if row.other:
        places["other"] = row.other(cast)
    expected, seen, dead = {}, {}, list[str]()
    for place, arguments in places.items():
        url = reverse(row.name, args=arguments)
        for method in METHODS[:2] if row.name in OF_LIBRARIES else METHODS:
            for letter, known in clients.items():
                client = known if letter != "!" else Client()
                case = f"{method} {place} {letter}"
                expected[case] = row.expected(letter, method, is_other=place == "other")
                with undone():
                    response = client.generic(method, url, *row.sends)
                seen[case] = response.status_code
                if place == "own" and response.status_code in {200, 422}:
                    dead += [f"{case}: {one}" for one in needs_script(response, url, letter)]

    assert seen == expected
    assert dead == []


SPECIMENS = {"/design/"}
BY_NAME = {row.name: row for row in TABLE}


def needs_script(response: Any, url: str, letter: str) -> list[str]:
    """What on a page, with its errors after an empty POST too, only script could work (plain.py)."""
    if url in SPECIMENS or not response.get("Content-Type", "").startswith("text/html"):
        return []

    def reach(method: str, path: str) -> str:
        if path.startswith(("/static/", "/api/")):
            return ""
        try:
            row = BY_NAME[resolve(path).view_name]
        except Resolver404:
            return "no such address"
        status = row.expected(letter, method, is_other=False)
        return f"answers {status}" if status in {401, 403, 405} else ""

    return plain.problems(response.content.decode(), at=url, reach=reach)
