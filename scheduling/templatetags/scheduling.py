"""What the scheduling templates need: seats, places, maps."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from coordination import clock, formats
from coordination.models import Site, Unit
from coordination.web import components
from experts.models import Expert
from scheduling import recurrence
from scheduling.eligibility import Candidate, Level, Reason
from scheduling.forms.appointment import LANGUAGES
from scheduling.forms.tally import LABELS as TALLY_LABELS
from scheduling.models import (
    Assignment,
    AssignmentState,
    Booking,
    Offer,
    PlanSeat,
    Session,
    SessionState,
)
from scheduling.models.sessions import SkipCode
from scheduling.occurrences import Skipped
from scheduling.queries.board import Week
from scheduling.queries.naming import unit_name
from scheduling.queries.seats import OPEN, Seat, seats_of
from scheduling.queries.terms import kilometres
from scheduling.services import tallies

register = template.Library()

MAP = "https://www.openstreetmap.org/"


@register.filter
def map_url(site: Site | None) -> str:
    """A plain link to a map of the site; empty when nobody said where it is."""
    if site is None or site.is_online:
        return ""
    if site.latitude is not None and site.longitude is not None:
        query = urlencode({"mlat": f"{site.latitude:.5f}", "mlon": f"{site.longitude:.5f}"})
        return f"{MAP}?{query}#map=17/{site.latitude:.5f}/{site.longitude:.5f}"
    if site.address:
        return f"{MAP}search?{urlencode({'query': f'{site.address}, {site.municipality}'})}"
    return ""


@register.filter
def hours_short(session: Session) -> str:
    """ "9–12" in the session's own zone."""
    starts, ends = (at.astimezone(session.zone) for at in (session.starts_at, session.ends_at))
    return formats.clock_range(starts.time(), ends.time(), short=True)


@register.filter
def duration(session: Session) -> str:
    """ "4 h"."""
    return formats.hours(session.ends_at - session.starts_at)


@register.filter
def place(session: Any) -> str:
    """The room, or the kind of place elsewhere."""
    site = session.site
    if site is None:
        return str(session.get_place_kind_display())
    return f"{site.name}, {site.room}" if site.room else str(site.name)


@register.filter
def called(unit: Unit) -> str:
    """The unit's name in the language of the moment."""
    return unit_name(unit)


@register.filter
def short_name(name: str) -> str:
    """ "Aino Testilä" is "A. Testilä"; a single name stays."""
    first, _, last = name.rpartition(" ")
    return f"{first[0]}. {last}" if first else name


@register.filter
def tel(number: str) -> str:
    """The address of a telephone number."""
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


@register.inclusion_tag("scheduling/parts/seat.html")
def seat_chip(seat: Seat, session: Session, full: bool = False) -> dict[str, Any]:
    """A seat with its state as a shape and, for those who listen, as a word."""
    state = seat.state
    if state == OPEN and session.state in (SessionState.HELD, SessionState.CLOSED):
        state = "superseded"
    look = components.look(state)
    if seat.assignment is None:
        who, word = pgettext("seat", "open"), ""
        if state == "superseded":
            who = pgettext("seat", "stayed empty")
        elif state != OPEN:
            who = pgettext("seat", "cancelled")
        return {**look, "who": who, "word": word}
    name = seat.assignment.expert.name
    return {
        **look,
        "who": name if full else short_name(name),
        "word": seat.assignment.get_state_display(),
    }


@register.inclusion_tag("web/components/seat.html")
def planned_chip(seat: PlanSeat) -> dict[str, Any]:
    """A seat that a draft would ask for: a shape of its own, the word, and the way to its reasons."""
    word = _("planned, pinned") if seat.is_pinned else _("planned")
    url = reverse("scheduling:plan_session", args=[seat.run_id, seat.session_id])
    look = {"tone": "sky", "shape": "drafted", "icon": "pencil", "state": "planned"}
    return {**look, "who": short_name(seat.expert.name), "url": url, "note": word}


@register.inclusion_tag("web/components/seat.html")
def empty_chip(number: int, url: str) -> dict[str, Any]:
    """Seats that a draft leaves empty, and the way to why."""
    who = ngettext("%(number)d stays empty", "%(number)d stay empty", number) % {"number": number}
    return {**components.look(OPEN), "who": who, "url": url, "note": _("why?")}


@register.filter
def as_lines(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    """Reasons the way `{% reasons %}` takes them; those that speak for a person stand in `facts`."""
    return [{"level": r.level, "text": r.sentence} for r in reasons if not r.good]


@register.inclusion_tag("web/components/badge.html")
def session_state(session: Session) -> dict[str, str]:
    """The state of a session; an open one whose seats are all taken says so ("staffed" is computed)."""
    if session.was_not_held:
        return {"word": _("not held"), **components.look(session.state)}
    seats = seats_of(session)
    if session.state != SessionState.OPEN or any(seat.is_open for seat in seats):
        word = session.get_state_display()
        return {"word": word, **components.look(session.state)}
    if any(seat.state == AssignmentState.PROPOSED for seat in seats):
        return {"word": _("waiting for an answer"), **components.look("proposed")}
    return {"word": pgettext("session", "staffed"), **components.look("confirmed")}


@register.filter
def verdict_state(verdict: str) -> dict[str, str]:
    """How a verdict looks: a word, a tone, a shape, an icon."""
    tone, shape, icon = _VERDICTS[verdict]
    return {"word": str(_VERDICT_WORDS[verdict]), "tone": tone, "shape": shape, "icon": icon}


@register.filter
def against(candidate: Candidate) -> str:
    """What speaks against a candidate, folded to one line: the two heaviest, and how many more."""
    heavy = [r for level in (Level.BLOCK, Level.ASK) for r in candidate.reasons if r.level == level]
    text = " · ".join(reason.sentence for reason in heavy[:2])
    more = len(heavy) - 2
    if more > 0:
        text += " · " + ngettext("%(number)d more", "%(number)d more", more) % {"number": more}
    return text


@register.filter
def facts(candidate: Candidate) -> str:
    """What helps to choose: the way, times here, load of the week."""
    found = []
    if candidate.distance_km is not None:
        found.append(f"{formats.number(round(candidate.distance_km))} km")
    if candidate.times_here:
        here = ngettext("here %(number)d time", "here %(number)d times", candidate.times_here)
        found.append(here % {"number": candidate.times_here})
    hours = formats.number(candidate.week_hours.normalize() + 0)
    agreed = candidate.expert.weekly_hours
    if agreed is not None:
        values = {"hours": hours, "agreed": formats.number(agreed.normalize() + 0)}
        found.append(_("%(hours)s/%(agreed)s h that week") % values)
    elif candidate.week_hours:
        found.append(_("%(hours)s h that week") % {"hours": hours})
    return " · ".join(found)


_VERDICTS = {
    "fits": ("spruce", "filled", "check"),
    "ask": ("amber", "outlined", "question"),
    "blocked": ("rose", "outlined", "cross"),
}
_VERDICT_WORDS = {
    "fits": pgettext_lazy("candidate", "fits"),
    "ask": pgettext_lazy("candidate", "ask first"),
    "blocked": pgettext_lazy("candidate", "cannot"),
}


@register.filter
def plain_date(value: dt.date | dt.datetime) -> str:
    """ "4.3.2027", as a field shows it; a moment must already be in its zone."""
    return formats.date(value.date() if isinstance(value, dt.datetime) else value)


@register.filter
def language_word(code: str) -> str:
    """The name of a language."""
    return str(dict(LANGUAGES).get(code, code))


@register.simple_tag
def local_week(session: Session) -> str:
    """The ISO week of a session in its own zone, as it stands in addresses."""
    return Week.of(session.starts_at.astimezone(session.zone).date()).text


def _address(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""  # a package above or beside that is not in this installation's routes


@register.simple_tag
def closeout_url(session: Session) -> str:
    """Where a session is closed out; billing, a floor above, has the page."""
    return _address("billing:closeout", session.pk)


@register.simple_tag
def expert_url(expert: Expert) -> str:
    """The register's page of a person."""
    return _address("experts:detail", expert.pk)


@register.filter
def skip_word(skipped: Skipped) -> str:
    """Why a day is left out: the holiday's name, else the reason."""
    return skipped.detail or str(SkipCode(skipped.code).label)


@register.filter
def booking_when(booking: Booking) -> str:
    """ "to 4.3.2027 klo 10.00–12.00, joka viikko 27.5.2027 asti"."""
    zone = booking.unit.zone
    starts = dt.datetime.combine(booking.starts_on, booking.starts_time, tzinfo=zone)
    # on the wall clock: a meeting of two hours ends two hours later by the wall
    ends = starts + dt.timedelta(minutes=booking.minutes)
    text = formats.when(starts, ends, zone=zone)
    if booking.ends_on is None:
        return text
    until = formats.date_in_text(booking.ends_on)
    if booking.recurrence:
        rhythm = recurrence.in_words(booking.recurrence, starts_on=booking.starts_on)
        return _("%(when)s. %(rhythm)s, until %(until)s") % {
            "when": text,
            "rhythm": rhythm,
            "until": until,
        }
    if booking.every_weeks == 1:
        return _("%(when)s, every week until %(until)s") % {"when": text, "until": until}
    values = {"when": text, "weeks": booking.every_weeks, "until": until}
    return _("%(when)s, every %(weeks)s weeks until %(until)s") % values


@register.filter
def seats_sentence(session: Session) -> str:
    """Who comes, in a line: names of the confirmed, how many are asked, how many seats are open."""
    seats = seats_of(session)
    done = (AssignmentState.CONFIRMED, AssignmentState.HELD)
    parts = [
        seat.assignment.expert.name for seat in seats if seat.assignment and seat.state in done
    ]
    asked = sum(seat.state == AssignmentState.PROPOSED for seat in seats)
    empty = sum(seat.is_open for seat in seats)
    if asked:
        text = ngettext("%(number)d waits for an answer", "%(number)d wait for an answer", asked)
        parts.append(text % {"number": asked})
    if empty:
        text = ngettext("%(number)d seat open", "%(number)d seats open", empty)
        parts.append(text % {"number": empty})
    return " · ".join(parts)


@register.simple_tag
def calendar_url() -> str:
    """Where a person gets the address of their calendar."""
    return _address("feed_own")


@register.filter
def counts_sentence(assignment: Assignment) -> str:
    """What a person counted, in a line: "Asiakkaita ennen vastaanottoa 3 · Ohjattu eteenpäin 1"."""
    tally = getattr(assignment, "tally", None)
    if tally is None:
        return ""
    counted = [(label, getattr(tally, name)) for name, label in TALLY_LABELS.items()]
    return " · ".join(f"{label} {number}" for label, number in counted if number)


@register.filter
def may_count(session: Session) -> bool:
    """Whether numbers of the session can be written down or mended just now."""
    return tallies.takes_counts(session, now=clock.now())


@register.simple_tag
def distance(asked: Assignment | Offer) -> int | None:
    """Kilometres from the person's home municipality to the session."""
    return kilometres(asked.session, asked.expert)
