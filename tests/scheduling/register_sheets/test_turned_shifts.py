"""A row that begins to repeat, or repeats no more: the shift it spoke of is kept, and nobody loses one unheard."""

import datetime as dt

import pytest

from coordination.models import OutboxMessage
from coordination.register_import import planning
from coordination.register_import.files import read_file
from coordination.register_import.planning import Outcome
from scheduling.models import AssignmentState, Series, Session, SessionState
from scheduling.services import sessions
from tests.cast import Cast
from tests.coordination.workbook.makers import workbook
from tests.scheduling.makers import HOUR, NOW, local, mails
from tests.scheduling.register_sheets.files import HEADERS, SHEET, read, rehearse, shift, write

pytestmark = pytest.mark.django_db

LATER = NOW + HOUR
WEEKLY = "joka viikko"


def _open() -> list[Session]:
    return list(Session.objects.filter(state=SessionState.OPEN).order_by("starts_at"))


def test_a_single_shift_that_begins_to_repeat_is_the_first_of_its_series(ready: Cast) -> None:
    write(shift())
    first = Session.objects.get()
    seat = first.assignments.get()
    found = rehearse(shift(repeats=WEEKLY), now=LATER)
    (row,) = found.rows
    assert (row.outcome, [c.column for c in row.changes]) == (Outcome.CHANGED, ["Toistuu"])
    assert Series.objects.count() == 0  # only looked at

    (row,) = write(shift(repeats=WEEKLY), now=LATER)
    series = Series.objects.get()
    days = _open()
    assert days[0] == first
    assert {one.series for one in days} == {series}
    assert dict(row.effects)["made"] == len(days) - 1 > 3
    seat.refresh_from_db()
    assert seat.state == AssignmentState.CONFIRMED  # the same seat as before
    assert all(one.assignments.get().expert == ready.aino.expert for one in days)
    assert mails("session_cancelled") == []
    (again,) = rehearse(shift(repeats=WEEKLY), now=LATER + HOUR).rows
    assert again.outcome == Outcome.UNCHANGED


def test_a_series_that_repeats_no_more_keeps_its_day_and_tells_who_loses_the_others(
    ready: Cast,
) -> None:
    write(shift(repeats=WEEKLY))
    before = _open()
    found = read(shift(), now=LATER)
    assert [p.code for p in found.problems if p.code == "no_longer_in_file"] == []
    (row,) = write(shift(), now=LATER)
    (left,) = _open()
    assert (left, left.series) == (before[0], None)
    assert left.assignments.get().state == AssignmentState.CONFIRMED
    assert dict(row.effects)["cancelled"] == len(before) - 1
    assert len(mails("session_cancelled")) == len(before) - 1
    assert Series.objects.get().ended_at is not None
    (again,) = rehearse(shift(), now=LATER + HOUR).rows
    assert again.outcome == Outcome.UNCHANGED


def test_there_and_back_the_days_are_made_anew(ready: Cast) -> None:
    write(shift(repeats=WEEKLY))
    days = [one.starts_at for one in _open()]
    write(shift(), now=LATER)
    OutboxMessage.objects.all().delete()
    write(shift(repeats=WEEKLY), now=LATER + HOUR)
    assert [one.starts_at for one in _open()] == days
    assert {kind for kind, _address in mails()} == {"assignment_confirmed"}
    (again,) = rehearse(shift(repeats=WEEKLY), now=LATER + HOUR).rows
    assert again.outcome == Outcome.UNCHANGED


def test_what_was_moved_by_hand_stays_where_it_is(ready: Cast) -> None:
    write(shift())
    first = Session.objects.get()
    sessions.change(
        first,
        by=None,
        now=NOW,
        starts_at=first.starts_at + 3 * HOUR,
        ends_at=first.ends_at + 3 * HOUR,
    )
    write(shift(repeats=WEEKLY), now=LATER)
    first.refresh_from_db()
    assert (first.starts_at, first.edited_by_hand) == (local("2027-03-09 12:00"), True)
    assert first.occurrence_on == dt.date(2027, 3, 9)
    second = _open()[1]
    sessions.change(
        second, by=None, now=LATER, starts_at=second.starts_at + HOUR, ends_at=second.ends_at + HOUR
    )
    write(shift(), now=LATER + HOUR)
    assert _open() == [first, second]


def test_a_series_whose_first_day_is_over_ends_and_keeps_what_was(ready: Cast) -> None:
    write(shift(repeats=WEEKLY))
    first, second = _open()[:2]
    write(shift(), now=local("2027-03-18 08:00"))  # two have been
    assert [one.pk for one in _open()] == [first.pk, second.pk]
    first.refresh_from_db()
    assert first.series is None
    assert Session.objects.filter(series__isnull=True).count() == 1


def test_a_promised_shift_on_a_holiday_is_kept(ready: Cast) -> None:
    ascension = "6.5.2027"
    write(shift(ascension))
    promised = Session.objects.get()
    write(shift(ascension, repeats=WEEKLY), now=LATER)
    assert _open()[0] == promised


def test_on_another_day_it_is_another_shift(ready: Cast) -> None:
    write(shift(repeats=WEEKLY))
    found = read(shift("10.3.2027"), now=LATER)
    assert "no_longer_in_file" in {p.code for p in found.problems}


def test_a_file_without_the_column_ends_no_series(ready: Cast) -> None:
    write(shift(repeats=WEEKLY))
    before = _open()
    place = HEADERS.index("Toistuu")
    rows = [[*cells[:place], *cells[place + 1 :]] for cells in (HEADERS, shift())]
    found = read_file(workbook({SHEET: rows}), today=LATER.date())
    planning.write(found.register, by=None, now=LATER)
    assert set(before) <= set(_open())
