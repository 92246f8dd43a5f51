"""Routes of the API about units, their papers, the register import, series and feed addresses."""

import datetime as dt
from typing import Any

from scheduling.feeds import tokens
from scheduling.models import FeedToken, PreferredPerson, Series, SkippedOccurrence
from tests.cast import Cast, CastExpert, CastUnit
from tests.contracts.routes.coordination import an_upload
from tests.contracts.routes.table import EVERYONE, Row

FAR = dt.date(2090, 3, 2)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def row(name: str, who: str, **more: Any) -> Row:
    return Row(f"api:{name}", who, stranger=401, sends=("{}", "application/json"), **more)


def _paper(name: str, what: str) -> list[Row]:
    """Something of a unit: seen by who sees the unit, made and changed by who manages places."""
    return [
        row(f"{name}-list", "CAFS", post={"CA": 400, "FS": 403}),
        row(
            f"{name}-detail",
            "CAFS",
            patch={"CA": 200, "FS": 403},
            own=lambda cast: [getattr(cast.sastamala, what).pk],
            other=lambda cast: [getattr(cast.nokia, what).pk],
            other_who="CAF",
        ),
    ]


def _series(cast: Cast, place: CastUnit) -> Series:
    return Series.objects.create(
        kind=cast.kinds["lobby_shift"],
        unit=place.unit,
        site=place.lobby,
        starts_on=FAR,
        starts_time=dt.time(10),
        minutes=120,
    )


def _skipped(cast: Cast, place: CastUnit) -> list[Any]:
    series = _series(cast, place)
    made = SkippedOccurrence.objects.create(series=series, occurrence_on=FAR, code="holiday")
    return [made.pk]


def _preferred(cast: Cast) -> list[Any]:
    series = _series(cast, cast.sastamala)
    return [PreferredPerson.objects.create(series=series, expert=cast.aino.expert).pk]


def _feed(who: CastExpert) -> list[Any]:
    tokens.issue(who.expert, instead_of=None, by=who.user, now=NOW)
    return [FeedToken.objects.latest("pk").pk]


SERIES: dict[str, Any] = {
    "own": lambda cast: [_series(cast, cast.sastamala).pk],
    "other": lambda cast: [_series(cast, cast.nokia).pk],
    "other_who": "C",
}
SKIPPED: dict[str, Any] = {
    "own": lambda cast: _skipped(cast, cast.sastamala),
    "other": lambda cast: _skipped(cast, cast.nokia),
    "other_who": "C",
}
UPLOAD: dict[str, Any] = {"own": an_upload}

ROWS: list[Row] = [
    row("unit-list", EVERYONE, post={"CA": 400, "FSEW": 403}),
    row(
        "unit-detail",
        EVERYONE,
        get={"CAFS": 200, "EW": 404},
        patch={"CA": 200, "FSEW": 403},
        own=lambda cast: [cast.sastamala.unit.pk],
        other=lambda cast: [cast.nokia.unit.pk],
        other_who="CAF",
    ),
    *_paper("site", "lobby"),
    *_paper("contact", "contact"),
    *_paper("space", "space"),
    *_paper("insurance", "insurance"),
    *_paper("agreement", "agreement"),
    row("project-list", "CAF", post={"CA": 400, "F": 403}),
    row(
        "project-detail",
        "CAF",
        patch={"CA": 200, "F": 403},
        own=lambda cast: [cast.project.pk],
    ),
    row("organisation-list", "CAF", post={"CA": 400, "F": 403}),
    row(
        "organisation-detail",
        "CAF",
        patch={"CA": 200, "F": 403},
        own=lambda cast: [cast.county.pk],
    ),
    row("organisation-rename", "CA", get=None, post=400, own=lambda cast: [cast.county.pk]),
    row("organisation-succeed", "CA", get=None, post=400, own=lambda cast: [cast.county.pk]),
    row("register-import-list", "CA", post=400),
    row(
        "register-import-detail",
        "CA",
        get={"C": 200, "A": 404},
        delete={"C": 204, "A": 404},
        **UPLOAD,
    ),
    row("register-import-confirm", "CA", get=None, post={"C": 409, "A": 404}, **UPLOAD),
    row("series-list", "CS"),
    row("series-detail", "CS", patch={"C": 409, "S": 403}, **SERIES),
    row("series-preview", "C", get=None, post=409, **SERIES),
    row("series-end", "C", get=None, post=400, **SERIES),
    row("series-publish", "C", get=None, post=200, **SERIES),
    row("preferred-list", "C", post=400),
    row("preferred-detail", "C", delete=204, own=_preferred),
    row("preferred-up", "C", get=None, post=200, own=_preferred),
    row("skipped-day-list", "CS"),
    row("skipped-day-detail", "CS", **SKIPPED),
    row("skipped-day-add-back", "C", get=None, post=201, **SKIPPED),
    row("feed-list", "CSE", post={"CS": 404, "E": 201}),
    row(
        "feed-detail",
        "CSE",
        get={"CS": 404, "E": 200},
        delete={"CS": 404, "E": 204},
        own=lambda cast: _feed(cast.aino),
        other=lambda cast: _feed(cast.eero),
    ),
]
