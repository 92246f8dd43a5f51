"""People, places, agreements, messages and the traces of work."""

from coordination.models.activity import ActivityKind
from coordination.models.agreements import Agreement, FundingProject
from coordination.models.messages import OutboxMessage
from coordination.models.organisations import FormerName, Organisation
from coordination.models.people import Invitation, RoleGrant, User
from coordination.models.places import (
    FormerOrganisation,
    InsurancePolicy,
    Site,
    SpaceAgreement,
    Unit,
    UnitContact,
)
from coordination.models.register_import import RegisterImport
from coordination.models.traces import JobRun, PersonalDataView

__all__ = [
    "ActivityKind",
    "Agreement",
    "FormerName",
    "FormerOrganisation",
    "FundingProject",
    "InsurancePolicy",
    "Invitation",
    "JobRun",
    "Organisation",
    "OutboxMessage",
    "PersonalDataView",
    "RegisterImport",
    "RoleGrant",
    "Site",
    "SpaceAgreement",
    "Unit",
    "UnitContact",
    "User",
]
