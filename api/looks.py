"""Which rows of the API tell about an expert more than a name: whoever gets them is noted in that person's log."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from billing.models import FeeLine
from coordination import clock
from coordination.models import User
from experts.models import (
    Absence,
    AvailabilityPattern,
    Expert,
    Orientation,
    SignOff,
    SupervisionAttendance,
    Training,
)
from experts.services import looks
from scheduling.models import Assignment, FeedToken, Offer, PlanSeat, PreferredPerson

PERSONAL: dict[type[Model], tuple[str, str]] = {
    Expert: ("pk", "api"),
    Absence: ("expert_id", "api"),
    AvailabilityPattern: ("expert_id", "api"),
    Training: ("expert_id", "api"),
    SignOff: ("expert_id", "api"),
    Orientation: ("expert_id", "api"),
    SupervisionAttendance: ("expert_id", "api"),
    PlanSeat: ("expert_id", "api"),
    FeeLine: ("expert_id", "api:fees"),
}
"""Where the row says whose it is, and what the log calls it."""

NAMES_ONLY: dict[type[Model], str] = {
    Assignment: "who is on a session, as on the board",
    Offer: "who was asked for a session, as on the session's page",
    PreferredPerson: "whom a series would rather have, as on the series' page",
    FeedToken: "the caller's own calendar addresses",
}
"""Rows that lean on an expert and are no look, and why."""


def note(rows: Iterable[Any], *, viewer: User) -> None:
    """Log what is personal among the rows an answer is made of; at most one statement a kind."""
    seen: dict[str, set[int | None]] = {}
    for row in rows:
        if found := PERSONAL.get(type(row)):
            whose, page = found
            seen.setdefault(page, set()).add(getattr(row, whose))
    for page, ids in seen.items():
        looks.note(ids, viewer=viewer, page=page, now=clock.now())
