"""When and where: bookings, series, sessions, assignments, tallies, feeds."""

from scheduling.models.assignments import Assignment, AssignmentState, Offer, OfferState, Overrule
from scheduling.models.bookings import Booking, BookingState
from scheduling.models.described import KindAhead, SiteAhead, UnitAhead
from scheduling.models.feeds import FeedToken
from scheduling.models.plan_defaults import PlanDefaults
from scheduling.models.plans import PlanPart, PlanRun, PlanSeat, PlanState, SeatOutcome
from scheduling.models.preferred import PreferredPerson
from scheduling.models.register import RegisterShift
from scheduling.models.sessions import (
    Series,
    Session,
    SessionPriority,
    SessionState,
    SkippedOccurrence,
)
from scheduling.models.tallies import Tally

__all__ = [
    "Assignment",
    "AssignmentState",
    "Booking",
    "BookingState",
    "FeedToken",
    "KindAhead",
    "Offer",
    "OfferState",
    "Overrule",
    "PlanDefaults",
    "PlanPart",
    "PlanRun",
    "PlanSeat",
    "PlanState",
    "PreferredPerson",
    "RegisterShift",
    "SeatOutcome",
    "Series",
    "Session",
    "SessionPriority",
    "SessionState",
    "SiteAhead",
    "SkippedOccurrence",
    "Tally",
    "UnitAhead",
]
