"""What a person wants to know before saying yes: how far it is, and what is paid for it."""

from dataclasses import dataclass
from decimal import Decimal

from coordination.municipalities import kilometres_between
from experts.models import Expert
from scheduling.eligibility import facts
from scheduling.models import Session
from scheduling.services import estimates


@dataclass(frozen=True)
class Terms:
    """Kilometres in a straight line from the home municipality; euros before tax. None: nobody knows."""

    km: int | None
    fee: Decimal | None


def kilometres(session: Session, expert: Expert) -> int | None:
    """How far it is from home; no query."""
    home, place = facts.point_of_municipality(expert.home_municipality), facts.point_of(session)
    return round(kilometres_between(home, place)) if home and place else None


def terms_of(session: Session, expert: Expert) -> Terms:
    """For one session and one person; the fee by the rule in force on the day, none for volunteers."""
    return Terms(km=kilometres(session, expert), fee=_fee(session, expert))


def _fee(session: Session, expert: Expert) -> Decimal | None:
    if expert.is_volunteer or not session.kind.is_paid:
        return None
    return estimates.estimate(
        kind=session.kind,
        unit=session.unit,
        days=[session.starts_at.astimezone(session.zone).date()],
        minutes=round((session.ends_at - session.starts_at).total_seconds() / 60),
        seats=1,
    )
