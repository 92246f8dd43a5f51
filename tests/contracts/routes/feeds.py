"""Routes of the calendar feeds. How to add a line: see ../test_routes.py."""

import datetime as dt
from typing import Any

from scheduling.feeds import tokens
from tests.cast import Cast
from tests.contracts.routes.table import PUBLIC, Row

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def an_address(cast: Cast) -> list[Any]:
    return [tokens.issue(cast.aino.expert, instead_of=None, by=cast.aino.user, now=NOW)]


def no_address(_cast: Cast) -> list[Any]:
    return ["a" * 43]


def own_unit(cast: Cast) -> list[Any]:
    return [cast.sastamala.unit.pk]


def other_unit(cast: Cast) -> list[Any]:
    return [cast.nokia.unit.pk]


# who may subscribe but is no expert has no own calendar, and an expert has no unit: 404
OWN = {"E": 200, "CS": 404}
OF_UNIT = {"CS": 200, "E": 404}
OWN_AWAY = {"E": 302, "CS": 404}
OF_UNIT_AWAY = {"CS": 302, "E": 404}

ROWS: list[Row] = [
    Row("feed", PUBLIC, own=an_address, other=no_address),
    Row("feeds", "CSE", get={"C": 200, "SE": 302}),
    Row("feed_own", "CSE", get=OWN, post=OWN),
    Row("feed_own_renew", "CSE", get=OWN_AWAY, post=OWN),
    Row("feed_own_end", "CSE", get=OWN, post=OWN_AWAY),
    Row(
        "feed_unit", "CSE", get=OF_UNIT, post=OF_UNIT, own=own_unit, other=other_unit, other_who="C"
    ),
    Row(
        "feed_unit_renew",
        "CSE",
        get=OF_UNIT_AWAY,
        post=OF_UNIT,
        own=own_unit,
        other=other_unit,
        other_who="C",
    ),
    Row(
        "feed_unit_end",
        "CSE",
        get=OF_UNIT,
        post=OF_UNIT_AWAY,
        own=own_unit,
        other=other_unit,
        other_who="C",
    ),
]
