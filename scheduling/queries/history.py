"""What happened to a session, from what its rows remember. No reason for an absence: there is none."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scheduling.models import Assignment, AssignmentState, Session


@dataclass(frozen=True)
class Event:
    """A moment and a sentence."""

    at: dt.datetime
    text: str


def _sentence(row: Assignment) -> str:
    says = {
        AssignmentState.PROPOSED: _("%(name)s was proposed"),
        AssignmentState.CONFIRMED: _("%(name)s confirmed"),
        AssignmentState.HELD: _("%(name)s was there"),
        AssignmentState.DECLINED: _("%(name)s declined"),
        AssignmentState.RELEASED: _("%(name)s told that they cannot come"),
        AssignmentState.CANCELLED: _("%(name)s was taken off the seat"),
        AssignmentState.NO_SHOW: _("%(name)s did not come"),
    }
    return says[AssignmentState(row.state)] % {"name": row.expert.name}


def of_session(session: Session) -> list[Event]:
    """Newest first. Two queries."""
    found: list[Event] = []
    rows = session.assignments.select_related("expert").prefetch_related("overrules__by")
    for row in rows:
        found.append(Event(row.changed_at, _sentence(row)))
        if row.changed_at != row.proposed_at:
            text = _("%(name)s was proposed") % {"name": row.expert.name}
            found.append(Event(row.proposed_at, text))
        for overrule in row.overrules.all():
            values = {"by": overrule.by or "–", "name": row.expert.name, "why": overrule.why}
            text = _("%(by)s chose %(name)s in spite of a reason: “%(why)s”") % values
            found.append(Event(overrule.at, text))
    if session.cancelled_at and session.was_not_held:
        found.append(Event(session.cancelled_at, _("Not held: nobody was coming")))
    elif session.cancelled_at:
        found.append(Event(session.cancelled_at, _("The session was cancelled")))
    if session.closed_at:
        found.append(Event(session.closed_at, _("The session was closed out")))
    return sorted(found, key=lambda event: event.at, reverse=True)
