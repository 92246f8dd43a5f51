"""Experts by experience: who they are, when they can, and what fills their diary."""

from experts.models.availability import Absence, AvailabilityPattern
from experts.models.diary import DiaryEntry, DiaryKind
from experts.models.expert import Expert, ExpertExcludedUnit, ExpertKind, ExpertStatus
from experts.models.readiness import Orientation, SignOff, Training
from experts.models.supervision import (
    SupervisionAttendance,
    SupervisionRule,
    SupervisionSession,
)

__all__ = [
    "Absence",
    "AvailabilityPattern",
    "DiaryEntry",
    "DiaryKind",
    "Expert",
    "ExpertExcludedUnit",
    "ExpertKind",
    "ExpertStatus",
    "Orientation",
    "SignOff",
    "SupervisionAttendance",
    "SupervisionRule",
    "SupervisionSession",
    "Training",
]
