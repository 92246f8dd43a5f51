"""The week board: units down, days across, a chip for each seat."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from coordination import clock
from coordination.models import Unit, User
from scheduling import holidays
from scheduling.models import Session, SessionState
from scheduling.queries.proposed import Draft, Proposed, of_sessions
from scheduling.queries.seats import Seat, seats_of, with_seats

_WEEKEND = 5
_ALIVE = (SessionState.OPEN, SessionState.DRAFT)


@dataclass(frozen=True)
class Week:
    """An ISO week. `monday` is its first day."""

    monday: dt.date

    @classmethod
    def of(cls, day: dt.date) -> "Week":
        return cls(day - dt.timedelta(days=day.weekday()))

    @classmethod
    def read(cls, text: str, *, otherwise: dt.date) -> "Week":
        """`2027-W09` as it stands in the address; anything else is the week of `otherwise`."""
        try:
            monday = dt.datetime.strptime(f"{text}-1", "%G-W%V-%u").date()  # noqa: DTZ007 — a day, no zone
        except ValueError:
            return cls.of(otherwise)
        return cls(monday) if clock.in_our_years(monday) else cls.of(otherwise)

    @property
    def text(self) -> str:
        return f"{self.monday:%G-W%V}"

    @property
    def days(self) -> list[dt.date]:
        return [self.monday + dt.timedelta(days=number) for number in range(7)]

    def moved(self, weeks: int) -> "Week":
        return Week(self.monday + dt.timedelta(weeks=weeks))


@dataclass(frozen=True)
class Filter:
    """What the board shows; empty is everything."""

    unit: Unit | None = None
    kind_id: int | None = None
    expert_id: int | None = None
    only_open: bool = False

    @property
    def narrows(self) -> bool:
        return bool(self.kind_id or self.expert_id or self.only_open)


@dataclass
class Shown:
    """A session on the board."""

    session: Session
    seats: list[Seat]
    proposed: Proposed | None = None

    @property
    def now(self) -> list[Seat]:
        """The seats as they are, without the open ones that stand with what a draft proposes."""
        if self.proposed is None:
            return self.seats
        off = {row.pk for row in self.proposed.taken_off}
        return [
            seat
            for seat in self.seats
            if not seat.is_open and not (seat.assignment and seat.assignment.pk in off)
        ]

    @property
    def has_open(self) -> bool:
        return self.session.state in _ALIVE and any(seat.is_open for seat in self.seats)


@dataclass
class Cell:
    day: dt.date
    shown: list[Shown] = field(default_factory=list)


@dataclass
class Row:
    unit: Unit
    cells: list[Cell]

    @property
    def has_sessions(self) -> bool:
        return any(cell.shown for cell in self.cells)


@dataclass
class Day:
    """A column: `holiday` is its name, if it is one."""

    date: dt.date
    holiday: str


@dataclass
class Board:
    week: Week
    days: list[Day]
    rows: list[Row]
    open_seats: int
    drafts: list[Draft]


def load(user: User, *, week: Week, chosen: Filter, zone: ZoneInfo) -> Board:
    """Sessions of a week that this person may see; five queries, however many there are.

    A session stands on its day in its own zone; Saturday and Sunday appear when something is on.
    """
    found = _sessions(user, week=week, chosen=chosen, zone=zone)
    drafts = _propose(user, found, week=week)
    by_place: dict[tuple[int, dt.date], list[Shown]] = defaultdict(list)
    for shown in found:
        starts = shown.session.starts_at.astimezone(shown.session.zone)
        by_place[shown.session.unit_id, starts.date()].append(shown)
    days = [
        day for day in week.days if day.weekday() < _WEEKEND or any(day == on for _, on in by_place)
    ]
    units = _units(user, chosen=chosen, with_sessions={unit_id for unit_id, _ in by_place})
    rows = [Row(unit, [Cell(day, by_place[unit.pk, day]) for day in days]) for unit in units]
    return Board(
        week=week,
        days=_columns(days),
        rows=rows,
        open_seats=sum(sum(s.is_open for s in shown.seats) for shown in found if shown.has_open),
        drafts=drafts,
    )


def _propose(user: User, found: Sequence[Shown], *, week: Week) -> list[Draft]:
    alive = [shown.session for shown in found if shown.session.state in _ALIVE]
    proposed, drafts = of_sessions(user, alive, first=week.days[0], last=week.days[-1])
    for shown in found:
        shown.proposed = proposed.get(shown.session.pk)
    return drafts


def _sessions(user: User, *, week: Week, chosen: Filter, zone: ZoneInfo) -> list[Shown]:
    # a day more at both ends: units in other zones begin their week at another moment
    first = dt.datetime.combine(week.monday - dt.timedelta(days=1), dt.time(), tzinfo=zone)
    rows = Session.objects.visible_to(user).filter(
        starts_at__gte=first, starts_at__lt=first + dt.timedelta(days=9)
    )
    if chosen.unit:
        rows = rows.filter(unit=chosen.unit)
    if chosen.kind_id:
        rows = rows.filter(kind=chosen.kind_id)
    if chosen.expert_id:
        rows = rows.filter(assignments__expert=chosen.expert_id).distinct()
    shown = [Shown(session, seats_of(session)) for session in with_seats(rows)]
    days = set(week.days)
    here = [s for s in shown if s.session.starts_at.astimezone(s.session.zone).date() in days]
    return [s for s in here if s.has_open] if chosen.only_open else here


def _units(user: User, *, chosen: Filter, with_sessions: Iterable[int]) -> list[Unit]:
    if chosen.unit:
        return [chosen.unit]
    units = Unit.objects.visible_to(user).filter(is_active=True)
    if chosen.narrows:
        units = units.filter(pk__in=list(with_sessions))
    return list(units)


def _columns(days: Iterable[dt.date]) -> list[Day]:
    return [Day(day, holidays.called(day)) for day in days]
