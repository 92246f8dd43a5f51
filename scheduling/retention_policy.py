"""How long what happened when and where is kept. Read by `coordination.retention`."""

from django.db.models import Q

from coordination.retention import Blank, Delete, Keep, Rule, Span
from scheduling.models import AssignmentState, BookingState, OfferState, SessionState

_TEXTS = {"responsible_professional": "", "support_person": "", "support_phone": "", "notes": ""}
"""What names the unit's people on a booking, a series and a session, and the free text."""

_NOT_HELD = (AssignmentState.DECLINED, AssignmentState.RELEASED, AssignmentState.CANCELLED)

RULES: tuple[Rule, ...] = (
    Delete(
        *("scheduling.FeedToken", "revoked_at", Span(months=12)),
        "a calendar address out of use",
    ),
    Delete(
        *("scheduling.Offer", "expires_at", Span(months=12)),
        "who was asked and did not take it; who took it has a shift",
        ~Q(state=OfferState.SENT),
    ),
    Delete(
        *("scheduling.Overrule", "at", Span(months=24)),
        "a coordinator's words about a person",
    ),
    Delete(
        *("scheduling.Assignment", "session__ends_at", Span(months=24)),
        "who declined, could not come or was taken off",
        Q(state__in=_NOT_HELD, tally__isnull=True),
    ),
    Keep(
        "scheduling.Assignment",
        "what was held: fees lean on it; in the end a number, when its person has been blanked",
    ),
    Keep("scheduling.PlanDefaults", "a setting of the organisation"),
    Keep("scheduling.Tally", "numbers, never people (domain.md 5.1: without limit)"),
    Blank(
        *("scheduling.Session", _TEXTS, "ends_at", Span(months=24)),
        "names of the unit's people, free text; the session stays for the numbers",
        Q(state__in=(SessionState.HELD, SessionState.CLOSED, SessionState.CANCELLED)),
    ),
    Blank(
        *("scheduling.Series", _TEXTS, "ends_on", Span(months=24)),
        "names of the unit's people, free text",
    ),
    Blank(
        "scheduling.Booking",
        {**_TEXTS, "decision_note": ""},
        "decided_at",
        Span(months=24),
        "names of the unit's people, free text; series and sessions have their own",
        ~Q(state=BookingState.REQUESTED),
    ),
    Delete(
        *("scheduling.PreferredPerson", "ends_on", Span(months=3)),
        "whom a coordinator would have on a series",
    ),
    Delete(
        *("scheduling.PreferredPerson", "expert__ended_on", Span(months=3)),
        "whom a coordinator would have on a series",
    ),
    Delete(
        *("scheduling.PlanSeat", "run__made_at", Span(months=6)),
        "whom a plan would have had where; who was asked has an assignment",
    ),
    Delete(
        *("scheduling.PlanPart", "run__made_at", Span(days=7)),
        "a piece of work for a worker; gone by itself when the run has ended",
    ),
    Delete(*("scheduling.PlanRun", "made_at", Span(months=6)), "a run of the planner"),
    Keep("scheduling.RegisterShift", "a row of the register as days and hours; about nobody"),
    Delete(
        *("scheduling.RegisterShift_people", "expert__ended_on", Span(months=24)),
        "whom a row of the register named",
    ),
    Keep("scheduling.SkippedOccurrence", "days a series could not have; about nobody"),
)
