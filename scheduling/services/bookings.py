"""What a unit asks for, and the coordinator's answer to it."""

import datetime as dt
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coordination import formats
from coordination.errors import Refused
from coordination.models import ActivityKind, Site, Unit, User
from coordination.permissions import Permission
from coordination.queries import readiness
from coordination.transactions import one_transaction
from scheduling import holidays, occurrences, recurrence
from scheduling.eligibility.reasons import SESSION_LEVELS, Reason
from scheduling.models import Booking, BookingState
from scheduling.occurrences import Occurrence, Pattern, Skipped
from scheduling.services import estimates, mails, monthly, series, sessions
from scheduling.transitions import BOOKING

MOST_AHEAD = dt.timedelta(days=366)
"""A series is booked for a year at most: agreements and people change."""


@dataclass(frozen=True)
class BookingDetails:
    """What a unit asks for, in its wall time. `ends_on` empty: once, on `starts_on`."""

    kind: ActivityKind
    unit: Unit
    site: Site | None
    place_kind: str
    seats: int
    responsible_professional: str
    support_person: str
    support_phone: str
    professional_present: bool
    with_minors: bool
    language: str
    notes: str
    starts_on: dt.date
    starts_time: dt.time
    minutes: int
    every_weeks: int = 1
    ends_on: dt.date | None = None
    recurrence: str = ""
    """An RFC 5545 rule where days are not one a week; empty: every `every_weeks`."""

    @property
    def pattern(self) -> Pattern:
        """When it is held. A single session may be on a holiday: somebody chose that very day."""
        return Pattern(
            starts_on=self.starts_on,
            starts_time=self.starts_time,
            minutes=self.minutes,
            zone_name=self.unit.zone_name,
            recurrence=(self.ends_on and self.recurrence) or occurrences.weekly(self.every_weeks),
            ends_on=self.ends_on or self.starts_on,
            skips_holidays=self.ends_on is not None,
        )


@dataclass(frozen=True)
class BookingPreview:
    """What would come of a booking. `missing` names each gap once; `notes` are sentences about days."""

    occurrences: list[Occurrence]
    skipped: list[Skipped]
    notes: list[str]
    estimate: Decimal | None
    missing: list[Reason] = field(default_factory=list)
    budgets: list[estimates.BudgetLeft] = field(default_factory=list)


def details_of(booking: Booking) -> BookingDetails:
    """What the booking asks for."""
    return BookingDetails(**{f.name: getattr(booking, f.name) for f in fields(BookingDetails)})


def preview(details: BookingDetails, *, now: dt.datetime) -> BookingPreview:
    """The days, what is skipped and why, what it would cost and what is missing; nothing is saved.

    Raises Refused for details that make no sense. A booking that has waited until its first day is
    over can still be looked at: `missing` says so.
    """
    _check_shape(details)
    language = get_language() or "fi"
    pattern = details.pattern
    made, skipped = occurrences.plan(pattern, until=_last(details))
    return BookingPreview(
        occurrences=made,
        skipped=skipped,
        notes=[*_notes(made, language), *_about_kind(details, made)],
        estimate=_estimate(details, made),
        missing=_missing(details, made, now=now),
        budgets=estimates.budget_left(**_asked_of_money(details, made), now=now),
    )


def _last(details: BookingDetails) -> dt.date:
    return details.ends_on or details.starts_on


def _notes(made: list[Occurrence], language: str) -> list[str]:
    """Days that are held though one might think otherwise: holidays chosen on purpose, and eves."""
    found = []
    for occurrence in made:
        name = holidays.name(occurrence.on, language=language) or holidays.name_also_when_open(
            occurrence.on, language=language
        )
        if name:
            day = formats.day(occurrence.on, year=False)
            found.append(_("%(day)s is %(name)s: held.") % {"day": day, "name": name})
    return found


def _about_kind(details: BookingDetails, made: list[Occurrence]) -> list[str]:
    """What the form of work usually is, and this booking is not; never a reason to refuse."""
    found = monthly.unusual(details.kind, [occurrence.on for occurrence in made])
    if details.kind.asks_professional_present and not details.professional_present:
        # S4 l.107 "Ammattilainen voi olla mukana tapaamisessa, erityisesti alussa"
        found.append(
            _("No professional is present. Especially at first it may be good to have one.")
        )
    return found


def _estimate(details: BookingDetails, made: list[Occurrence]) -> Decimal | None:
    return estimates.estimate(**_asked_of_money(details, made))


def _asked_of_money(details: BookingDetails, made: list[Occurrence]) -> dict[str, Any]:
    return {
        "kind": details.kind,
        "unit": details.unit,
        "days": [occurrence.on for occurrence in made],
        "minutes": details.minutes,
        "seats": details.seats,
    }


def _missing(details: BookingDetails, made: list[Occurrence], *, now: dt.datetime) -> list[Reason]:
    """Each thing the unit lacks on any of the days, once (design.md, invariant 3)."""
    codes: dict[str, None] = {}
    if any(occurrence.starts_at <= now for occurrence in made):
        codes["in_the_past"] = None
    if details.kind.needs_responsible_professional and not details.responsible_professional.strip():
        codes["no_responsible_professional"] = None
    requests = [
        readiness.Request(unit=details.unit, kind=details.kind, site=details.site, on=occurrence.on)
        for occurrence in made
    ]
    for found in readiness.missing_for_units(requests):
        codes |= dict.fromkeys(found)
    return [Reason(code=code, level=SESSION_LEVELS[code], about="session") for code in codes]


def _check(details: BookingDetails, *, now: dt.datetime) -> None:
    """What no coordinator could accept; forms say it earlier, the API hears it here."""
    _check_shape(details)
    today = now.astimezone(details.unit.zone).date()
    first = occurrences.first_day(details.pattern) or details.starts_on
    if occurrences.at(details.pattern, first).starts_at <= now:
        raise Refused(_("The first session must be in the future."), code="in_the_past")
    if _last(details) > today + MOST_AHEAD:
        raise Refused(_("Book a year ahead at most."), code="too_far_ahead")
    if not details.kind.is_active:
        raise Refused(_("This form of work is no longer in use."), code="kind_not_in_use")
    if not details.unit.is_active:
        raise Refused(_("This unit is no longer in use."), code="unit_not_in_use")


def _check_shape(details: BookingDetails) -> None:
    if details.ends_on is not None and details.ends_on < details.starts_on:
        raise Refused(_("The last day must not be before the first day."), code="days")
    if details.ends_on is not None and details.ends_on > details.starts_on + 2 * MOST_AHEAD:
        raise Refused(_("Book a year ahead at most."), code="too_far_ahead")
    if not 1 <= details.every_weeks <= 8:
        raise Refused(_("A series repeats every one to eight weeks."), code="every_weeks")
    if details.recurrence:
        recurrence.read(details.recurrence)
    sessions.check_appointment(
        kind=details.kind,
        unit=details.unit,
        site=details.site,
        place_kind=details.place_kind,
        seats=details.seats,
        minutes=details.minutes,
    )


@one_transaction
def request(details: BookingDetails, *, key: UUID, by: User | None, now: dt.datetime) -> Booking:
    """Write down what a unit asks for and tell the coordinators; the same key again gives the same booking.

    Raises Refused when no coordinator could accept it: `in_the_past`, `no_days`, `key_used`, `days`, `too_far_ahead`,
    `every_weeks`, `recurrence`, `length`, `seats`, `site_of_another_unit`, `place_kind`, `kind_not_in_use`.
    """
    known = Booking.objects.filter(key=key).first()
    if known is not None:
        if known.requested_by_id != (by.pk if by else None):
            raise Refused(_("Open the form again: this one was used already."), code="key_used")
        return known
    if not details.kind.bookable_by_unit and not _is_coordinator(by):
        raise Refused(_("Units cannot book this form of work."), code="kind_not_bookable")
    _check(details, now=now)
    made = occurrences.plan(details.pattern, until=_last(details))[0]
    if not made:
        raise Refused(_("No session would be held: each day is a public holiday."), code="no_days")
    values = {f.name: getattr(details, f.name) for f in fields(BookingDetails)}
    booking, is_new = Booking.objects.get_or_create(
        key=key,
        defaults={
            **values,
            "estimate": _estimate(details, made),
            "requested_by": by,
            "requested_at": now,
        },
    )
    if is_new:
        mails.booking_requested(booking, by=by, now=now)
    return booking


def _is_coordinator(by: User | None) -> bool:
    return by is None or by.access.can(Permission.DECIDE_BOOKINGS)


@one_transaction
def accept(booking: Booking, *, by: User, now: dt.datetime, note: str = "") -> Booking:
    """Make the sessions and tell who asked.

    Sessions are open at once, but drafts where something blocks them (papers, responsible
    professional); a coordinator publishes those when it is in order. Of a series, days on which only
    the unit's papers are missing are kept as skipped and made by the nightly job when they are
    there, unless that is every day: then all are drafts. Of a series that waited too long, only the
    days to come are made. Raises Refused `wrong_state`, `in_the_past` when all of it is over.
    """
    row = _decide(booking, BookingState.ACCEPTED, by=by, note=note, now=now)
    details = details_of(row)
    days = occurrences.plan(details.pattern, until=_last(details))[0]
    if not any(occurrence.starts_at > now for occurrence in days):
        raise Refused(_("The days of this request are over."), code="in_the_past")
    if row.ends_on is None:
        sessions.make_one(details.pattern, row, now=now)
    else:
        series.make(details.pattern, row, now=now)
    mails.booking_decided(row, by=by, now=now)
    return row


@one_transaction
def decline(booking: Booking, *, note: str, by: User, now: dt.datetime) -> Booking:
    """Say no with a word, and tell who asked. Raises Refused `word_needed`, `wrong_state`."""
    if not note.strip():
        raise Refused(
            _("Write a word to the unit: why not, or what else would do."), code="word_needed"
        )
    row = _decide(booking, BookingState.DECLINED, by=by, note=note, now=now)
    mails.booking_decided(row, by=by, now=now)
    return row


@one_transaction
def withdraw(booking: Booking, *, by: User, now: dt.datetime) -> Booking:
    """The unit takes its request back; the coordinators hear. Raises Refused `wrong_state`."""
    row = _decide(booking, BookingState.WITHDRAWN, by=by, note="", now=now)
    mails.booking_withdrawn(row, by=by, now=now)
    return row


def _decide(
    booking: Booking, state: BookingState, *, by: User, note: str, now: dt.datetime
) -> Booking:
    row = (
        Booking.objects.select_for_update(no_key=True, of=("self",))
        .select_related("kind", "unit", "site", "requested_by")
        .get(pk=booking.pk)
    )
    BOOKING.check(row.state, state)
    row.state, row.decided_by, row.decided_at = state, by, now
    row.decision_note = note.strip()[:500]
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    return row
