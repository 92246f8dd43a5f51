"""What became of a unit's sessions: held, cancelled, nobody came; who was there and how many were met."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coordination.models import User
from scheduling.models import Assignment, AssignmentState, Session, SessionState

HELD, CANCELLED, NO_SHOW, WAITING = "held", "cancelled", "no_show", "waiting"
_NOT_CLOSED = (SessionState.OPEN, SessionState.HELD)
_THERE = (AssignmentState.CONFIRMED, AssignmentState.HELD)


@dataclass(frozen=True)
class PastLine:
    """A session that is over: how it went as a look and a word, who was there, who did not come.

    `met` is how many encounters and participants were counted, None when nobody has counted.
    """

    session: Session
    look: str
    word: str
    came: list[str]
    missing: list[str]
    met: int | None


def listed(user: User, *, now: dt.datetime, show: str = "") -> QuerySet[Session]:
    """Sessions that are over, the latest first; `show` is one of the words above, else all."""
    over = Session.objects.visible_to(user).exclude(state=SessionState.DRAFT)
    rows = over.filter(ends_at__lte=now).select_related("kind", "unit", "site")
    if show == CANCELLED:
        rows = rows.filter(state=SessionState.CANCELLED)
    elif show == HELD:
        rows = rows.filter(_somebody(AssignmentState.HELD))
    elif show == NO_SHOW:
        rows = rows.filter(_somebody(AssignmentState.NO_SHOW))
    elif show == WAITING:
        rows = rows.filter(_somebody(AssignmentState.CONFIRMED), state__in=_NOT_CLOSED)
    people = Assignment.objects.filter(state__in=(*_THERE, AssignmentState.NO_SHOW))
    were = Prefetch(
        "assignments",
        queryset=people.select_related("expert", "tally").order_by("seat", "id"),
        to_attr="were_there",
    )
    return rows.prefetch_related(were).order_by("-starts_at", "-pk")


def _somebody(state: AssignmentState) -> Exists:
    return Exists(Assignment.objects.filter(session=OuterRef("pk"), state=state))


def line(session: Session) -> PastLine:
    """How one session of `listed` went."""
    people: list[Assignment] = session.were_there  # type: ignore[attr-defined]  # put there by listed
    tallies = [tally for one in people if (tally := getattr(one, "tally", None))]
    look, word = _outcome(session, {one.state for one in people})
    return PastLine(
        session=session,
        look=look,
        word=word,
        came=[one.expert.name for one in people if one.state in _THERE],
        missing=[one.expert.name for one in people if one.state == AssignmentState.NO_SHOW],
        met=sum(one.encounters + one.participants for one in tallies) if tallies else None,
    )


def _outcome(session: Session, states: set[str]) -> tuple[str, str]:
    if session.state == SessionState.CANCELLED:
        return "cancelled", session.get_state_display()
    if AssignmentState.HELD in states:
        return "held", _("held")
    if AssignmentState.CONFIRMED in states:
        return "due", _("to be recorded")
    if AssignmentState.NO_SHOW in states:
        return "no_show", _("nobody came")
    return "superseded", pgettext("seat", "stayed empty")
