"""Who hears of a change: said before the step is taken (ui.md, "Dangerous actions")."""

from collections.abc import Collection
from dataclasses import dataclass

from coordination.models import User
from scheduling.models import AssignmentState, Offer, OfferState, Session
from scheduling.services import recipients

_HEAR = (AssignmentState.PROPOSED, AssignmentState.CONFIRMED)


@dataclass(frozen=True)
class Told:
    """Names of those who get a message, and of those who must be called: they have no address."""

    names: list[str]
    to_call: list[str]


def people_told(session: Session, *, by: User, apart_from: Collection[int] = ()) -> Told:
    """Those on the seats, those with an open offer, the unit's contacts; never the one who acts.

    `apart_from` are ids of assignments whose people are spoken of elsewhere.
    """
    seated = session.assignments.filter(state__in=_HEAR).select_related("expert__user")
    seated = seated.exclude(pk__in=apart_from)
    offered = Offer.objects.filter(session=session, state=OfferState.SENT)
    experts = [row.expert for row in seated.order_by("seat")]
    experts += [offer.expert for offer in offered.select_related("expert__user")]
    reached = [recipient for expert in experts for recipient in recipients.of_expert(expert)]
    on = session.starts_at.astimezone(session.zone).date()
    reached += recipients.clinic_contacts(session.unit, on=on)
    return Told(
        names=[recipient.name for recipient in recipients.but_not(reached, by)],
        to_call=[expert.name for expert in experts if not recipients.of_expert(expert)],
    )
