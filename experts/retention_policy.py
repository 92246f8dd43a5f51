"""How long what is known of an expert is kept. Read by `coordination.retention`."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from coordination.models import RoleGrant
from coordination.permissions import Role
from coordination.retention import Blank, Delete, Keep, Rule, Span, YearEnd
from coordination.retention_policy import CLOSED, NOBODY, REMOVED, STAFF

AFTER_END = Span(months=24)
"""After the work of an expert has ended (domain.md 5.1: 12 to 24 months)."""

_MATCHING = {"themes": "", "themes_shown_to_units": False, "wishes": ""}
_CONTACT: dict[str, Any] = {
    "email": "",
    "phone": "",
    "home_municipality": "",
    "languages": [],
    "weekly_hours": None,
    "monthly_sessions": None,
    "max_km": None,
    "rest_hours": None,
    "tax_card_seen_on": None,
}
_PROOF = {"extract_seen_on": None, "extract_seen_by": "", "confidentiality_signed_on": None}
COLUMNS_THAT_STAY = {
    "id": "",
    "user": "the account is blanked with it",
    "language": "tells nothing without a person",
    "status": "the row stays for the numbers",
    "ended_on": "the row stays for the numbers",
    "is_volunteer": "tells nothing without a person",
}

_other_roles = RoleGrant.objects.filter(user=OuterRef("pk")).filter(
    STAFF | (Q(ends_on__isnull=True) & ~Q(role=Role.EXPERT))
)

RULES: tuple[Rule, ...] = (
    Delete(
        *("experts.AvailabilityPattern", "ends_on", Span(months=3)),
        "only for making rosters (domain.md 5.1)",
    ),
    Delete(
        *("experts.AvailabilityPattern", "expert__ended_on", Span(months=3)),
        "hours without a last day, of somebody whose work has ended",
    ),
    Delete(
        *("experts.Absence", "ends_on", Span(months=3)),
        "only for making rosters (domain.md 5.1)",
    ),
    Delete(
        *("experts.DiaryEntry", "ends_at", Span(months=24)),
        "load and supervision are counted from it; what was held stays as a shift",
    ),
    Delete(
        *("experts.Training", "expert__ended_on", AFTER_END),
        "readiness of somebody who no longer works",
    ),
    Delete(
        *("experts.SignOff", "expert__ended_on", Span(months=36)),
        "proof that the four points were confirmed, as long as claims may be made",
    ),
    Delete(
        *("experts.Orientation", "expert__ended_on", AFTER_END),
        "readiness of somebody who no longer works",
    ),
    Delete(
        *("experts.Orientation", "oriented_on", Span(years=10)),
        "a professional's name; coordinators remove who has left before that",
        Q(professional_name__isnull=False),
    ),
    Delete(
        *("experts.SupervisionAttendance", "session__ends_at", Span(months=24)),
        "who was there; when the next one is due is counted from it",
    ),
    Delete(
        *("experts.SupervisionSession", "ends_at", YearEnd(6)),
        "its cost belongs to bookkeeping",
    ),
    Keep("experts.SupervisionRule", "a setting of the organisation"),
    Delete(
        *("experts.Expert_kinds", "expert__ended_on", AFTER_END),
        "forms of work of somebody who no longer works",
    ),
    Delete(
        *("experts.Expert_excluded_units", "expert__ended_on", Span(months=3)),
        "only for making rosters",
    ),
    Blank(
        *("experts.Expert", _MATCHING, "ended_on", Span(months=3)),
        "own words and wishes are for finding shifts (consent, GDPR art. 9)",
    ),
    Blank(
        *("experts.Expert", _CONTACT, "ended_on", AFTER_END),
        "contact details and load; somebody who comes back within that time finds them",
    ),
    Blank(
        *("experts.Expert", _PROOF, "ended_on", Span(months=36)),
        "days on which papers were seen, as long as claims may be made",
    ),
    Blank(
        "coordination.User",
        NOBODY,
        "expert__ended_on",
        AFTER_END,
        "the account of an expert whose work has ended and who has no other role",
        ~Q(Exists(_other_roles)) & ~Q(email__endswith=REMOVED),
        also=CLOSED,
    ),
)
