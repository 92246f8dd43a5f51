"""Whether a person can take a session: all reasons, each `block`, `ask` or `note`."""

from scheduling.eligibility.deciding import Matrix, reasons_for, session_reasons
from scheduling.eligibility.ranking import Candidate, Fitting, candidates, how_many_fit, verdict_of
from scheduling.eligibility.reasons import Level, Reason, asks, blocks

__all__ = [
    "Candidate",
    "Fitting",
    "Level",
    "Matrix",
    "Reason",
    "asks",
    "blocks",
    "candidates",
    "how_many_fit",
    "reasons_for",
    "session_reasons",
    "verdict_of",
]
