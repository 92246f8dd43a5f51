"""The coordinator's day: what is open, asked for, given up, not recorded, not answered."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, replace

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from coordination.clock import HOME_ZONE
from scheduling import eligibility
from scheduling.models import (
    Assignment,
    AssignmentState,
    Booking,
    BookingState,
    OfferState,
    Session,
    SessionState,
)
from scheduling.models.assignments import SEATED

AHEAD = dt.timedelta(days=28)
"""How far ahead open seats are worth a line today."""

SHOWN = 8
"""Lines of a panel; the rest is behind its link."""

UNANSWERED_AFTER = dt.timedelta(hours=48)
"""A proposal that waits longer needs somebody's eye."""

FILL_WEEKS = 8

_TAKEN = (AssignmentState.CONFIRMED, AssignmentState.HELD, AssignmentState.NO_SHOW)


@dataclass(frozen=True)
class OpenSeat:
    """A session with open seats; `fitting` says how many could come and who first, once it is known."""

    session: Session
    open: int
    fitting: eligibility.Fitting | None = None


@dataclass(frozen=True)
class OpenSeats:
    """The first lines, and how many sessions there are in all."""

    lines: list[OpenSeat]
    total: int


def _with_open_seats(*, now: dt.datetime) -> QuerySet[Session]:
    taken = Count("assignments", filter=Q(assignments__state__in=SEATED))
    rows = Session.objects.filter(
        state=SessionState.OPEN, starts_at__gt=now, starts_at__lt=now + AHEAD
    )
    return rows.annotate(taken=taken).filter(taken__lt=F("seats")).order_by("starts_at", "pk")


def open_seats(*, now: dt.datetime) -> OpenSeats:
    """Sessions of the next four weeks with open seats, the soonest first; one query."""
    found = list(_with_open_seats(now=now).select_related("kind", "unit", "site"))
    lines = [OpenSeat(row, row.seats - row.taken) for row in found[:SHOWN]]  # type: ignore[attr-defined]  # annotated above
    return OpenSeats(lines, len(found))


def with_fitting(seats: OpenSeats, *, now: dt.datetime) -> OpenSeats:
    """The same, with how many people fit each; some twenty queries, however many there are."""
    fitting = eligibility.how_many_fit([line.session for line in seats.lines], now=now)
    lines = [replace(line, fitting=fitting[line.session.pk]) for line in seats.lines]
    return OpenSeats(lines, seats.total)


def requested() -> QuerySet[Booking]:
    """Bookings that wait for a decision, the oldest first."""
    rows = Booking.objects.filter(state=BookingState.REQUESTED)
    return rows.select_related("kind", "unit").order_by("requested_at")


@dataclass(frozen=True)
class GivenUp:
    """A seat somebody gave up, that is still open; whom we asked since."""

    assignment: Assignment
    asked: int = 0
    waiting: int = 0
    until: dt.datetime | None = None


def given_up(*, now: dt.datetime) -> list[GivenUp]:
    """Sessions ahead with a released and still open seat, the last one to give up; one query."""
    since = Q(session__offers__sent_at__gte=F("changed_at"))
    waiting = since & Q(session__offers__state=OfferState.SENT)
    rows = (
        Assignment.objects.filter(
            state=AssignmentState.RELEASED,
            session__in=_released_and_open(now=now),
        )
        .select_related("expert", "session__kind", "session__unit")
        .annotate(
            asked=Count("session__offers", filter=since),
            waiting=Count("session__offers", filter=waiting),
            until=Max("session__offers__expires_at", filter=waiting),
        )
        .order_by("session__starts_at", "changed_at")
    )
    by_session = {row.session_id: GivenUp(row, row.asked, row.waiting, row.until) for row in rows}  # type: ignore[attr-defined]  # annotated above
    return list(by_session.values())


def _released_and_open(*, now: dt.datetime) -> QuerySet[Session]:
    taken = Count("assignments", filter=Q(assignments__state__in=SEATED))
    rows = Session.objects.filter(state=SessionState.OPEN, starts_at__gt=now)
    full = rows.annotate(taken=taken).filter(taken__gte=F("seats"))
    return rows.exclude(pk__in=full.values("pk"))


def not_recorded(*, now: dt.datetime) -> QuerySet[Session]:
    """Sessions that are over, had somebody coming and are not closed out, the oldest first."""
    came = Assignment.objects.filter(
        session=OuterRef("pk"), state__in=(AssignmentState.CONFIRMED, AssignmentState.HELD)
    )
    rows = Session.objects.filter(
        Exists(came), ends_at__lte=now, state__in=(SessionState.OPEN, SessionState.HELD)
    )
    return rows.select_related("kind", "unit").order_by("starts_at", "pk")


def drafts(*, now: dt.datetime) -> list[Session]:
    """Sessions to come that nobody sees yet, a series as its first with `in_all`; one query."""
    rows = Session.objects.filter(state=SessionState.DRAFT, starts_at__gt=now)
    found = list(rows.select_related("kind", "unit").order_by("starts_at", "pk"))
    counts = Counter(row.series_id for row in found)
    first: dict[tuple[int | None, int], Session] = {}
    for row in found:
        row.in_all = counts[row.series_id] if row.series_id else 1  # type: ignore[attr-defined]  # for the page
        first.setdefault((row.series_id, 0 if row.series_id else row.pk), row)
    return list(first.values())


def unanswered(*, now: dt.datetime) -> QuerySet[Assignment]:
    """Proposals that have waited for more than two days, the next session first."""
    rows = Assignment.objects.filter(
        state=AssignmentState.PROPOSED,
        proposed_at__lt=now - UNANSWERED_AFTER,
        session__starts_at__gt=now,
    )
    return rows.select_related("expert", "session__kind", "session__unit").order_by(
        "session__starts_at"
    )


@dataclass
class WeekFill:
    """An ISO week: seats and how many of them were filled."""

    monday: dt.date
    seats: int = 0
    filled: int = 0

    @property
    def percent(self) -> int:
        return round(100 * self.filled / self.seats) if self.seats else 0


@dataclass
class Fill:
    """The last eight weeks, this one included, the oldest first."""

    weeks: list[WeekFill] = field(default_factory=list)

    @property
    def percent(self) -> int:
        seats = sum(week.seats for week in self.weeks)
        return round(100 * sum(week.filled for week in self.weeks) / seats) if seats else 0

    @property
    def has_seats(self) -> bool:
        return any(week.seats for week in self.weeks)


def fill_rate(*, now: dt.datetime) -> Fill:
    """Filled of all seats, by week of the start in Helsinki; one query.

    What nobody took and was therefore not held counts as unfilled.
    """
    today = now.astimezone(HOME_ZONE).date()
    this_monday = today - dt.timedelta(days=today.weekday())
    mondays = [this_monday - dt.timedelta(weeks=n) for n in range(FILL_WEEKS - 1, -1, -1)]
    weeks = {monday: WeekFill(monday) for monday in mondays}
    first = dt.datetime.combine(mondays[0], dt.time(), tzinfo=HOME_ZONE)
    last = dt.datetime.combine(this_monday + dt.timedelta(weeks=1), dt.time(), tzinfo=HOME_ZONE)
    wanted = Q(state__in=(SessionState.OPEN, SessionState.HELD, SessionState.CLOSED)) | Q(
        state=SessionState.CANCELLED, cancelled_by=None, cancelled_at__gte=F("ends_at")
    )
    rows = (
        Session.objects.filter(wanted, starts_at__gte=first, starts_at__lt=last)
        .annotate(filled=Count("assignments", filter=Q(assignments__state__in=_TAKEN)))
        .values_list("starts_at", "seats", "filled")
    )
    for starts_at, seats, filled in rows:
        day = starts_at.astimezone(HOME_ZONE).date()
        week = weeks[day - dt.timedelta(days=day.weekday())]
        week.seats += seats
        week.filled += min(filled, seats)
    return Fill(list(weeks.values()))
