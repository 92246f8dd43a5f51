"""How long the ground floor keeps what. Read by `coordination.retention`; shown in docs/data-protection.md."""

import datetime as dt

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from coordination.clock import HOME_ZONE
from coordination.models import RoleGrant
from coordination.models.messages import MessageState
from coordination.models.traces import JobState
from coordination.permissions import SECOND_FACTOR_ROLES
from coordination.retention import Blank, Delete, Keep, Rule, Span, YearEnd

REMOVED = "@removed.invalid"
"""Ends the address of an account whose person is no longer known."""

NOBODY = {
    "name": "",
    "phone": "",
    "email": Concat(Value("removed-"), Cast("id", CharField()), Value(REMOVED)),
}
CLOSED = {"is_active": False, "password": "!"}
"""What becomes of an account: others' rows lean on it, so it stays, without its person."""

_DJANGO = "the framework's own list; about nobody"
_PLACES = "about organisations and places, not people"


STAFF = Q(role__in=SECOND_FACTOR_ROLES)
"""Who approves and exports: their names belong to the vouchers, so their roles stay as long."""


def _without_a_role_since(limit: dt.datetime) -> Q:
    """No role now or after the limit, and none of staff; experts' accounts go with their own row."""
    day = limit.astimezone(HOME_ZONE).date()
    held = RoleGrant.objects.filter(user=OuterRef("pk"))
    held = held.filter(STAFF | Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    return ~Q(Exists(held)) & ~Q(email__endswith=REMOVED)


RULES: tuple[Rule, ...] = (
    # people and what they may do
    Delete(
        "account.EmailAddress",
        "",
        Span(),
        "goes with its account",
        Q(user__email__endswith=REMOVED),
    ),
    Keep("account.EmailConfirmation", "goes with its address"),
    Delete(
        "mfa.Authenticator", "", Span(), "goes with its account", Q(user__email__endswith=REMOVED)
    ),
    Blank(
        "coordination.User",
        NOBODY,
        "created_at",
        Span(months=24),
        "an account without any role for so long; who did what stays, without a name",
        _without_a_role_since,
        also=CLOSED,
    ),
    Delete(
        *("coordination.RoleGrant", "ends_on", Span(months=24)),
        "who could see what, as long as the log of looks is kept",
        ~STAFF,
    ),
    Delete(
        *("coordination.RoleGrant", "ends_on", YearEnd(7)),
        "administrator, coordinator, finance: who approved what stays as long as the vouchers",
        STAFF,
    ),
    Delete(
        *("coordination.Invitation", "expires_at", Span(months=12)),
        "name and address of somebody invited; the account has them since",
    ),
    Keep("coordination.Invitation_units", "goes with its invitation"),
    Delete("sessions.Session", "expire_date", Span(), "a log-in that has ended"),
    # places and agreements
    Delete(
        *("coordination.UnitContact", "ends_on", Span(months=24)),
        "name, address and phone of a unit's former contact",
    ),
    Blank(
        *("coordination.SpaceAgreement", {"agreed_with": "–"}, "ends_on", Span(months=24)),
        "who of the unit agreed; the agreement itself stays",
    ),
    Keep("coordination.ActivityKind", "a setting of the organisation"),
    Keep("coordination.Organisation", _PLACES),
    Keep("coordination.FormerName", _PLACES),
    Keep("coordination.FormerOrganisation", _PLACES),
    Keep("coordination.Unit", _PLACES),
    Keep("coordination.Site", _PLACES),
    Keep("coordination.InsurancePolicy", _PLACES),
    Keep("coordination.FundingProject", _PLACES),
    Keep("coordination.Agreement", _PLACES),
    Keep("coordination.Agreement_kinds", _PLACES),
    # what is written on the way: messages, imports, traces
    Blank(
        *("coordination.OutboxMessage", {"body": ""}, "created_at", Span(days=30)),
        "the text has links that open things; texts with a key go the moment they have left",
        ~Q(state=MessageState.QUEUED),
    ),
    Delete(
        *("coordination.OutboxMessage", "created_at", Span(months=12)),
        "who got which message when; long enough to settle a dispute about a shift",
        ~Q(state=MessageState.QUEUED),
    ),
    Blank(
        "coordination.RegisterImport",
        {"problems": [], "rows": []},
        "finished_at",
        Span(days=1),
        "a register in text; the file itself goes when it is written, dropped or a day old",
    ),
    Delete(
        *("coordination.RegisterImport", "finished_at", Span(months=12)),
        "who imported which file when",
    ),
    Delete(
        *("coordination.PersonalDataView", "seen_at", Span(months=24)),
        "who looked at whose data (domain.md 5.1)",
    ),
    Delete(
        *("coordination.JobRun", "created_at", Span(days=30)),
        "jobs done; those given up stay until somebody has looked, there is nobody in them",
        Q(state=JobState.DONE),
    ),
    Keep(
        "pghistory.Context",
        "number of the account and name of the page behind a change; the account is blanked",
    ),
    Keep("auth.Permission", _DJANGO),
    Keep("auth.Group", _DJANGO),
    Keep("auth.Group_permissions", _DJANGO),
    Keep("contenttypes.ContentType", _DJANGO),
)
