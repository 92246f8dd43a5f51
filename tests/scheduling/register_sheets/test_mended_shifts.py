"""A mended row changes what it became: the day, the hours, the rhythm, the people. Everybody hears of it once."""

import datetime as dt

import pytest

from coordination.errors import Refused
from coordination.models import OutboxMessage
from coordination.register_import.planning import Outcome, PlannedRow
from coordination.register_import.results import told_effects
from experts.models import Expert, ExpertStatus
from scheduling.models import AssignmentState, Series, Session, SessionState
from scheduling.services import assignments, sessions
from tests.cast import Cast
from tests.scheduling.makers import HOUR, NOW, local, mails
from tests.scheduling.register_sheets.files import SHEET, read, rehearse, shift, write

pytestmark = pytest.mark.django_db

LATER = NOW + HOUR
WEEKLY, BIWEEKLY = "joka viikko", "joka toinen viikko"


def _days(state: str = SessionState.OPEN) -> list[dt.date]:
    found = Session.objects.filter(state=state).order_by("starts_at")
    return [session.starts_at.date() for session in found]


def _only(rows: list[PlannedRow]) -> PlannedRow:
    [row] = rows
    return row


# -- the rhythm --------------------------------------------------------------------------------


def test_every_week_mended_to_every_other_cancels_the_days_between(ready: Cast) -> None:
    write(shift(repeats=WEEKLY))
    before = _days()
    row = _only(write(shift(repeats=BIWEEKLY), now=LATER))
    assert _days() == before[::2]
    assert _days(SessionState.CANCELLED) == before[1::2]
    assert dict(row.effects)["cancelled"] == len(before[1::2])
    assert {address for _kind, address in mails("session_cancelled")} == {ready.aino.user.email}
    assert len(mails("session_cancelled")) == len(before[1::2])
    again = rehearse(shift(repeats=BIWEEKLY), now=LATER + HOUR)
    assert _only(again.rows).outcome == Outcome.UNCHANGED


def test_mended_back_the_days_are_made_anew_and_the_people_are_told(ready: Cast) -> None:
    write(shift(repeats=WEEKLY))
    before = _days()
    write(shift(repeats=BIWEEKLY), now=LATER)
    OutboxMessage.objects.all().delete()
    row = _only(write(shift(repeats=WEEKLY), now=LATER + HOUR))
    assert _days() == before
    assert dict(row.effects) == {"made": len(before[1::2]), "told": 1}
    alive = Session.objects.filter(state=SessionState.OPEN)
    assert all(s.assignments.get().expert == ready.aino.expert for s in alive)
    assert {kind for kind, _address in mails()} == {"assignment_confirmed"}


def test_the_preview_says_what_comes_of_it_and_does_nothing(ready: Cast) -> None:
    write(shift(repeats=WEEKLY))
    before = _days()
    found = rehearse(shift(repeats=BIWEEKLY), now=LATER)
    row = _only(found.rows)
    assert (row.outcome, found.refusal) == (Outcome.CHANGED, "")
    cancelled = len(before[1::2])
    # the expert and the contacts of the unit
    assert dict(row.effects) == {"cancelled": cancelled, "told": 2}
    assert f"{cancelled}" in told_effects(row)[0]
    assert _days() == before
    assert OutboxMessage.objects.count() == 0
    assert Series.objects.get().recurrence == "FREQ=WEEKLY"


def test_a_day_edited_by_hand_and_one_cancelled_by_hand_stay_as_they_are(ready: Cast) -> None:
    write(shift(repeats=WEEKLY))
    second, fourth, fifth = (Session.objects.order_by("starts_at")[n] for n in (1, 3, 4))
    sessions.change(second, by=None, now=NOW, starts_at=second.starts_at + HOUR)
    sessions.cancel(fifth, by=None, now=NOW)
    write(shift(repeats=BIWEEKLY), now=LATER)
    for session in (second, fourth, fifth):
        session.refresh_from_db()
    assert second.state == SessionState.OPEN
    assert fourth.state == SessionState.CANCELLED
    assert (fifth.state, fifth.series) == (SessionState.CANCELLED, Series.objects.get())
    write(shift(repeats=WEEKLY), now=LATER + HOUR)
    assert fifth.starts_at.date() not in _days()


def test_another_weekday_moves_each_session_within_its_week(ready: Cast) -> None:
    write(shift(repeats=WEEKLY))
    before = _days()
    row = _only(write(shift("10.3.2027", repeats=WEEKLY), now=LATER))
    assert Series.objects.count() == 1
    assert dict(row.effects)["moved"] == len(before)
    assert _days() == [day + dt.timedelta(days=1) for day in before]
    assert {kind for kind, _address in mails()} == {"session_changed"}


def test_what_has_begun_is_not_touched(ready: Cast) -> None:
    write(shift(repeats=WEEKLY))
    later = local("2027-03-18 08:00")  # two have been held
    write(shift(people="Eero Kokeilu", repeats=BIWEEKLY), now=later)
    held = Session.objects.order_by("starts_at")[:2]
    assert [s.assignments.get().expert for s in held] == [ready.aino.expert] * 2
    assert {s.state for s in held} == {SessionState.OPEN}


# -- the day -----------------------------------------------------------------------------------


def test_a_mended_day_moves_the_shift_and_makes_no_second_one(ready: Cast) -> None:
    write(shift())
    row = _only(write(shift("10.3.2027"), now=LATER))
    session = Session.objects.get()
    assert session.starts_at == local("2027-03-10 09:00")
    assert session.assignments.get().state == AssignmentState.CONFIRMED
    assert [c.column for c in row.changes] == ["Pvm"]
    assert dict(row.effects)["moved"] == 1
    told = {address for _kind, address in mails("session_changed")}
    assert ready.aino.user.email in told


def test_a_shift_that_came_from_elsewhere_is_never_taken_for_a_mended_one(ready: Cast) -> None:
    booked = sessions.create(
        kind=ready.kinds["lobby_shift"],
        unit=ready.sastamala.unit,
        starts_at=local("2027-03-09 09:00"),
        ends_at=local("2027-03-09 12:00"),
        by=None,
        now=NOW,
        publish=True,
    )
    write(shift("10.3.2027"))
    assert Session.objects.count() == 2
    booked.refresh_from_db()
    assert booked.starts_at == local("2027-03-09 09:00")


def test_what_is_not_in_the_file_any_more_is_told(ready: Cast) -> None:
    write(shift(), shift("16.3.2027"), shift("23.3.2027", people="Eero Kokeilu"))
    found = read(shift("10.3.2027"), shift("23.3.2027", people="Eero Kokeilu"), now=LATER)
    gone = [p for p in found.problems if p.code == "no_longer_in_file"]
    # two are left over for one row: nobody can tell which of them was mended
    assert [(p.sheet, p.params["day"]) for p in gone] == [
        (SHEET, dt.date(2027, 3, 9)),
        (SHEET, dt.date(2027, 3, 16)),
    ]
    assert all(p.sentence() for p in gone)


def test_a_row_with_an_error_may_be_the_one_so_nothing_is_said_and_nothing_moved(
    ready: Cast,
) -> None:
    write(shift())
    found = read(shift(clock="väärin"), shift("24.3.2027"), now=LATER)
    assert [p.code for p in found.problems if p.is_error] == ["invalid_time"]
    assert not [p for p in found.problems if p.code == "no_longer_in_file"]
    rows = rehearse(shift(clock="väärin"), shift("24.3.2027"), now=LATER).rows
    assert [row.outcome for row in rows] == [Outcome.ERROR, Outcome.NEW]


def test_shifts_of_the_past_and_of_other_years_are_not_missed(ready: Cast) -> None:
    write(shift("22.2.2027"), shift("23.3.2027"))
    found = read(shift("23.3.2027"), now=LATER)
    assert not [p for p in found.problems if p.code == "no_longer_in_file"]


# -- people and hours --------------------------------------------------------------------------


def test_people_change_places_and_back_again(ready: Cast) -> None:
    write(shift(people="Aino Testilä"))
    for turn, name in enumerate(("Eero Kokeilu", "Aino Testilä"), start=1):
        write(shift(people=name), now=NOW + turn * HOUR)
        seated = Session.objects.get().assignments.seated()
        assert [a.expert.name for a in seated] == [name]
    kinds = [kind for kind, _address in mails()]
    assert kinds == ["assignment_cancelled", "assignment_confirmed"] * 2


def test_an_old_file_undoes_nothing_that_happened_in_vuoro(ready: Cast) -> None:
    write(shift())
    session = Session.objects.get()
    sessions.change(
        session,
        by=None,
        now=NOW,
        starts_at=session.starts_at + 24 * HOUR,
        ends_at=session.ends_at + 24 * HOUR,
    )
    assignments.release(session.assignments.get(), by=None, now=NOW)
    row = _only(write(shift(notes="Uusi huomautus"), now=LATER))
    assert [c.column for c in row.changes] == ["Huom"]
    session.refresh_from_db()
    assert session.starts_at == local("2027-03-10 09:00")
    assert session.notes == "Uusi huomautus"
    assert session.assignments.get().state == AssignmentState.RELEASED


def test_two_people_of_one_name_are_told_at_the_cell(ready: Cast) -> None:
    namesake = Expert.objects.create(name="Aino  testilä", status=ExpertStatus.ACTIVE)
    found = read(shift())
    assert [(p.row, p.column, p.code, p.is_error) for p in found.problems if p.is_error] == [
        (2, "Kokemusasiantuntijat", "several_people", True)
    ]
    Expert.objects.filter(pk=namesake.pk).update(status=ExpertStatus.ENDED, ended_on=NOW.date())
    write(shift())
    assert Session.objects.get().assignments.get().expert == ready.aino.expert


# -- what speaks against it ----------------------------------------------------------------------


def test_who_would_not_fit_is_a_note_and_gets_the_shift(ready: Cast) -> None:
    ready.aino.expert.max_km = 1
    ready.aino.expert.home_municipality = "Helsinki"
    ready.aino.expert.save()
    ready.eero.expert.sign_offs.all().delete()
    ready.sastamala.insurance.delete()
    found = rehearse(shift(people="Aino Testilä, Eero Kokeilu"))
    notes = {(p.code, p.column, p.reason, p.severity.value) for p in found.notes}
    assert notes == {
        ("would_not_fit", "Kokemusasiantuntijat", "", "note"),
        ("would_not_fit", "Kokemusasiantuntijat", "not_signed_off", "note"),
        ("unit_lacks", "Yksikkö", "", "note"),
    }
    assert any("km" in p.sentence() and "Aino Testilä" in p.sentence() for p in found.notes)
    assert {p.code for p in found.reading.worth_mending()} == {"missing_sheet"}
    assert Session.objects.count() == 0


def test_where_nothing_speaks_against_it_nothing_is_said(ready: Cast) -> None:
    assert rehearse(shift(people="Aino Testilä, Eero Kokeilu")).notes == []


def test_what_the_write_would_be_refused_for_is_known_beforehand(
    ready: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise Refused("Ei käy.", code="no")

    monkeypatch.setattr("scheduling.services.promises.seat", refuse)
    found = rehearse(shift())
    assert found.refusal.endswith("Ei käy.")
    assert [row.outcome for row in found.rows] == [Outcome.NEW]
