"""What scheduling adds to "everything about me": shifts with their steps, offers, calendar addresses."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.models.activity import PlaceKind
from experts.models import Expert
from experts.queries import own_data
from experts.queries.own_data import Coded, coded
from experts.queries.own_data_words import Word
from scheduling.feeds import readers
from scheduling.models import (
    Assignment,
    AssignmentState,
    FeedToken,
    Offer,
    OfferState,
    Session,
    Tally,
)
from scheduling.models.tallies import COUNTS
from scheduling.queries.naming import unit_name

WORDS: dict[str, Word] = {
    "shifts": _("My shifts"),
    "offers": _("Shifts offered to me"),
    "calendar_addresses": _("Addresses of my calendar"),
    "unit": _("Unit"),
    "time_zone": None,
    "seat": _("Seat"),
    "state": _("State"),
    "proposed_at": _("Asked"),
    "steps": _("What happened"),
    "by_me": _("By me"),
    "overruled": _("Chosen in spite of a reason"),
    "reason": None,
    "why": _("Why"),
    "counted": _("Counted"),
    "expires_at": _("To be answered by"),
    "answered_at": _("Answered"),
    "calendar": _("Calendar"),
    "ended_at": _("Ended"),
    "last_fetched_at": _("Last fetched"),
    "last_reader": _("Read by"),
    "client_before": _("Clients, before the appointment"),
    "client_after": _("Clients, after the appointment"),
    "relative_before": _("Close people, before the appointment"),
    "relative_after": _("Close people, after the appointment"),
    "professional": _("Professionals"),
    "guided_onward": _("Guided onward"),
    "follow_up_agreed": _("Agreed to meet again"),
    "participants": _("Participants"),
    "peer_leaders": _("Peer group leaders"),
}


def register() -> None:
    """Called once, when the program starts."""
    own_data.register("shifts", shifts, words=WORDS)
    own_data.register("offers", offers)
    own_data.register("calendar_addresses", calendar_addresses)


def shifts(expert: Expert) -> list[dict[str, Any]]:
    """Every seat the person was asked for, what became of it, and what they counted. Four queries.

    The unit's people (contact, support person) and the others on the session stay out.
    """
    rows = Assignment.objects.filter(expert=expert).order_by("session__starts_at", "pk")
    rows = rows.select_related("session__kind", "session__unit", "tally")
    rows = rows.prefetch_related("events", "overrules")
    return [_shift(row, me=expert.user_id) for row in rows]


def _shift(row: Any, *, me: int | None) -> dict[str, Any]:
    return {
        **_session(row.session),
        "place": coded(PlaceKind, row.session.place_kind),
        "seat": row.seat,
        "state": coded(AssignmentState, row.state),
        "proposed_at": row.proposed_at,
        "steps": [
            {
                "at": event.changed_at,
                "state": coded(AssignmentState, event.state),
                "by_me": me is not None and event.changed_by_id == me,
            }
            for event in sorted(row.events.all(), key=lambda event: event.pgh_id)
        ],
        "overruled": [
            {"at": one.at, "reason": one.code, "why": one.why} for one in row.overrules.all()
        ],
        "counted": _counted(getattr(row, "tally", None)),
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        "kind": Coded(session.kind.code, session.kind.name),
        "unit": Coded(session.unit.name, unit_name(session.unit)),
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "time_zone": session.zone_name,
    }


def _counted(tally: Tally | None) -> dict[str, int] | None:
    return {name: getattr(tally, name) for name in COUNTS} if tally else None


def offers(expert: Expert) -> list[dict[str, Any]]:
    """Every open seat the person was offered, and the answer. One query."""
    rows = Offer.objects.filter(expert=expert).order_by("sent_at", "pk")
    return [
        {
            **_session(row.session),
            "state": coded(OfferState, row.state),
            "sent_at": row.sent_at,
            "expires_at": row.expires_at,
            "answered_at": row.answered_at,
            "overruled": [
                {"reason": code, "why": why} for code, why in sorted(row.overrules.items())
            ],
        }
        for row in rows.select_related("session__kind", "session__unit")
    ]


def calendar_addresses(expert: Expert) -> list[dict[str, Any]]:
    """Addresses the person made, without what opens them: neither secret nor hash. One query."""
    mine = Q(expert=expert)
    if expert.user_id:
        mine |= Q(made_by=expert.user_id)
    rows = FeedToken.objects.filter(mine).select_related("unit").order_by("created_at", "pk")
    return [
        {
            "calendar": Coded(row.unit.name, unit_name(row.unit))
            if row.unit
            else Coded("own", _("my own shifts")),
            "created_at": row.created_at,
            "ended_at": row.revoked_at,
            "last_fetched_at": row.last_fetched_at,
            "last_reader": Coded(row.last_reader, readers.name_of(row.last_reader))
            if row.last_reader
            else None,
        }
        for row in rows
    ]
