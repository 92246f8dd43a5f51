"""Offers of a session, as the coordinator sees them."""

import datetime as dt
from dataclasses import dataclass

from experts.models import Expert
from scheduling.models import Offer, OfferState, Session

_USUAL = dt.timedelta(days=2)
_BEFORE_SESSION = dt.timedelta(hours=2)
_LEAST = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Asked:
    """One person who was offered the session, and what came of it."""

    offer: Offer

    @property
    def expert(self) -> Expert:
        return self.offer.expert

    @property
    def expert_id(self) -> int:
        return self.offer.expert_id

    @property
    def is_waiting(self) -> bool:
        return self.offer.state == OfferState.SENT


def of_session(session: Session) -> list[Asked]:
    """Everybody who was asked, those who still may answer first."""
    rows = list(Offer.objects.filter(session=session).select_related("expert"))
    rows.sort(key=lambda offer: (offer.state != OfferState.SENT, offer.expires_at))
    return [Asked(offer) for offer in rows]


def usual_deadline(session: Session, *, now: dt.datetime) -> dt.datetime:
    """Two days from now at the full hour, but two hours before the session at the latest. In its zone."""
    latest = min(now + _USUAL, session.starts_at - _BEFORE_SESSION)
    chosen = max(latest, now + _LEAST)
    return chosen.astimezone(session.zone).replace(minute=0, second=0, microsecond=0)
