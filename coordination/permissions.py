"""Who may do what: roles, permissions, and the one table between them."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in this organisation; one person can be several things."""

    ADMINISTRATOR = "administrator", _("Administrator")
    COORDINATOR = "coordinator", _("Coordinator")
    FINANCE = "finance", _("Finance")
    CLINIC_CONTACT = "clinic_contact", _("Clinic contact")
    EXPERT = "expert", _("Expert by experience")
    WORK_SUPERVISOR = "work_supervisor", _("Work supervisor")


class Permission(models.TextChoices):
    """What one may do. Each view names one of these (or says that it is public)."""

    # ground floor
    MANAGE_PEOPLE = "manage_people"  # invite people and give roles
    VIEW_DESIGN = "view_design"  # see the design system
    VIEW_AUDIT = "view_audit"  # see who changed what
    VIEW_OUTBOX = "view_outbox"  # see messages sent
    VIEW_PLACES = "view_places"  # see units, sites and agreements
    VIEW_UNIT = "view_unit"  # see a unit's page
    MANAGE_PLACES = "manage_places"  # change units, sites and agreements
    IMPORT_REGISTER = "import_register"  # import a register
    MANAGE_OWN_ACCOUNT = "manage_own_account"  # change one's own account
    # experts
    VIEW_REGISTER = "view_register"  # see the register of experts
    MANAGE_REGISTER = "manage_register"  # change the register of experts
    VIEW_OWN_PROFILE = "view_own_profile"  # see one's own profile
    MANAGE_OWN_AVAILABILITY = "manage_own_availability"  # change one's own availability
    MANAGE_SUPERVISION = "manage_supervision"  # arrange work supervision
    MANAGE_SUPERVISION_RULE = "manage_supervision_rule"  # say how often supervision is due
    VIEW_OWN_SUPERVISION = "view_own_supervision"  # see the supervision sessions one holds
    # scheduling
    VIEW_TODAY = "view_today"  # see the coordinator's day
    VIEW_BOARD = "view_board"  # see the week board
    MANAGE_SESSIONS = "manage_sessions"  # make and change sessions
    ASSIGN = "assign"  # assign experts to sessions
    DECIDE_BOOKINGS = "decide_bookings"  # accept and decline bookings
    BOOK = "book"  # book sessions for a unit
    VIEW_UNIT_SESSIONS = "view_unit_sessions"  # see the sessions of a unit
    CLOSE_OUT = "close_out"  # mark what was held
    VIEW_OWN_SHIFTS = "view_own_shifts"  # see one's own shifts
    ANSWER_OWN_SHIFTS = "answer_own_shifts"  # answer for one's own shifts
    TALLY = "tally"  # count encounters
    SUBSCRIBE_FEED = "subscribe_feed"  # subscribe to a calendar
    MANAGE_KINDS = "manage_kinds"  # change activity kinds
    # billing
    VIEW_MONEY = "view_money"  # see fees and payments
    MANAGE_FEE_RULES = "manage_fee_rules"  # change fee rules
    APPROVE_FEES = "approve_fees"  # approve fee lines
    EXPORT_PAY = "export_pay"  # lock and export pay batches
    VIEW_OWN_EARNINGS = "view_own_earnings"  # see one's own earnings
    # api
    USE_API = "use_api"  # use the API


P = Permission
_EVERYONE = {P.MANAGE_OWN_ACCOUNT, P.USE_API}
_COORDINATOR = _EVERYONE | {
    P.VIEW_OUTBOX,
    P.VIEW_PLACES,
    P.VIEW_UNIT,
    P.MANAGE_PLACES,
    P.IMPORT_REGISTER,
    P.MANAGE_PEOPLE,
    P.VIEW_REGISTER,
    P.MANAGE_REGISTER,
    P.MANAGE_SUPERVISION,
    P.MANAGE_SUPERVISION_RULE,
    P.VIEW_TODAY,
    P.VIEW_BOARD,
    P.MANAGE_SESSIONS,
    P.ASSIGN,
    P.DECIDE_BOOKINGS,
    P.BOOK,
    P.VIEW_UNIT_SESSIONS,
    P.CLOSE_OUT,
    P.TALLY,
    P.MANAGE_KINDS,
    P.SUBSCRIBE_FEED,
}
_FINANCE = _EVERYONE | {
    P.VIEW_PLACES,
    P.VIEW_UNIT,
    P.VIEW_MONEY,
    P.MANAGE_FEE_RULES,
    P.APPROVE_FEES,
    P.EXPORT_PAY,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    # the administrator runs the service; money stays with finance and shifts with coordinators
    Role.ADMINISTRATOR: frozenset(
        _EVERYONE
        | {
            P.MANAGE_PEOPLE,
            P.VIEW_DESIGN,
            P.VIEW_AUDIT,
            P.VIEW_OUTBOX,
            P.VIEW_PLACES,
            P.VIEW_UNIT,
            P.MANAGE_PLACES,
            P.MANAGE_KINDS,
            P.MANAGE_SUPERVISION_RULE,
            P.IMPORT_REGISTER,
        }
    ),
    Role.COORDINATOR: frozenset(_COORDINATOR),
    Role.FINANCE: frozenset(_FINANCE),
    Role.CLINIC_CONTACT: frozenset(
        _EVERYONE
        | {P.BOOK, P.VIEW_UNIT, P.VIEW_UNIT_SESSIONS, P.CLOSE_OUT, P.TALLY, P.SUBSCRIBE_FEED}
    ),
    Role.EXPERT: frozenset(
        _EVERYONE
        | {
            P.VIEW_OWN_PROFILE,
            P.MANAGE_OWN_AVAILABILITY,
            P.VIEW_OWN_SHIFTS,
            P.ANSWER_OWN_SHIFTS,
            P.TALLY,
            P.SUBSCRIBE_FEED,
            P.VIEW_OWN_EARNINGS,
        }
    ),
    Role.WORK_SUPERVISOR: frozenset(_EVERYONE | {P.VIEW_OWN_SUPERVISION}),
}

SECOND_FACTOR_ROLES = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR, Role.FINANCE})
"""Roles that see many people's data or move money sign in with a second factor."""


@dataclass(frozen=True)
class Access:
    """A person's roles in force today, the units of a clinic contact, and what follows from them."""

    roles: frozenset[Role] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    permissions: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        granted = frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in self.roles))
        object.__setattr__(self, "permissions", granted)

    def can(self, permission: Permission) -> bool:
        """True if any of the person's roles gives the permission."""
        return permission in self.permissions

    def has(self, *roles: Role) -> bool:
        """True if the person has any of the roles."""
        return not self.roles.isdisjoint(roles)
