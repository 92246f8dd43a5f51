"""Changing this and later, or all: each day keeps its session, and what was shown is what is done."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from billing.models import FeeRule
from billing.models.fees import FeeBasis
from coordination.errors import Refused
from coordination.models import OutboxMessage
from experts.models import Absence, AvailabilityPattern, DiaryEntry
from scheduling.models import (
    Assignment,
    AssignmentState,
    PreferredPerson,
    Series,
    Session,
    SessionState,
    SkippedOccurrence,
)
from scheduling.occurrences import Pattern
from scheduling.services import changes, reminders, series, series_changes, sessions
from tests.cast import SINCE, Cast
from tests.scheduling.makers import DAY, NOW, claim_seat, mails


def make_series(cast: Cast, **fields: Any) -> Series:
    """Thursdays 10–12 from 4.3. to 27.5.2027: twelve, and Ascension Day left out."""
    row = Series.objects.create(
        **{
            "kind": cast.kinds["lobby_shift"],
            "unit": cast.sastamala.unit,
            "site": cast.sastamala.lobby,
            "starts_on": dt.date(2027, 3, 4),
            "ends_on": dt.date(2027, 5, 27),
            "starts_time": dt.time(10),
            "minutes": 120,
            **fields,
        }
    )
    series.fill(row, now=NOW)
    return row


def walls(row: Series, **filters: Any) -> list[str]:
    found = row.sessions.filter(**filters).order_by("starts_at")
    return [f"{s.starts_at.astimezone(s.zone):%-d.%-m. %H.%M}" for s in found]


def _change(cast: Cast, row: Series, **values: Any) -> Series:
    return series_changes.change(row, by=cast.coordinator, now=NOW, **values)


def _preview(cast: Cast, row: Series, **values: Any) -> series_changes.SeriesPreview:
    return series_changes.preview_change(row, by=cast.coordinator, now=NOW, **values)


def _on(row: Series, day: dt.date) -> Session:
    return Session.objects.get(series=row, occurrence_on=day)


LATER = dt.date(2027, 4, 1)


def test_this_and_later_cuts_the_series_and_leaves_what_was_before(ready: Cast) -> None:
    row = make_series(ready)
    before = walls(row)
    goes_on = _change(ready, row, since=LATER, starts_time=dt.time(13))
    row.refresh_from_db()
    assert goes_on.continues == row
    assert (row.ends_on, goes_on.starts_on) == (dt.date(2027, 3, 31), LATER)
    assert walls(row) == before[:4] == ["4.3. 10.00", "11.3. 10.00", "18.3. 10.00", "25.3. 10.00"]
    assert walls(goes_on) == [wall.replace("10.00", "13.00") for wall in before[4:]]
    assert [s.occurrence_on for s in goes_on.skipped.all()] == [dt.date(2027, 5, 6)]
    assert not Session.objects.filter(edited_by_hand=True).exists()


def test_all_changes_in_place_what_is_to_come(ready: Cast) -> None:
    row = make_series(ready)
    Session.objects.filter(pk=_on(row, dt.date(2027, 3, 4)).pk).update(
        starts_at=NOW - dt.timedelta(hours=3), ends_at=NOW - dt.timedelta(hours=1)
    )
    goes_on = _change(ready, row, minutes=90)
    assert (goes_on.pk, goes_on.minutes, goes_on.starts_on) == (row.pk, 90, dt.date(2027, 3, 4))
    lengths = {s.ends_at - s.starts_at for s in series.to_come(row, now=NOW)}
    assert lengths == {dt.timedelta(minutes=90)}
    begun = _on(row, dt.date(2027, 3, 4))
    assert begun.ends_at - begun.starts_at == dt.timedelta(hours=2)


def test_another_weekday_keeps_each_week_its_session_and_people(ready: Cast) -> None:
    row = make_series(ready)
    session = _on(row, dt.date(2027, 4, 8))
    mine = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    goes_on = _change(ready, row, since=LATER, recurrence="FREQ=WEEKLY;BYDAY=TU")
    session.refresh_from_db()
    assert (session.series, session.occurrence_on) == (goes_on, dt.date(2027, 4, 6))
    mine.refresh_from_db()
    assert mine.state == AssignmentState.CONFIRMED
    assert DiaryEntry.objects.get(occupies=True).starts_at == session.starts_at
    assert walls(goes_on)[:2] == ["30.3. 10.00", "6.4. 10.00"]
    # Thursday 6.5. was a holiday, Tuesday 4.5. is none
    assert "4.5. 10.00" in walls(goes_on)
    assert not goes_on.skipped.exists()


def test_a_day_that_both_rules_have_stays_where_it_is(ready: Cast) -> None:
    row = make_series(ready, recurrence="FREQ=WEEKLY;BYDAY=TU,WE", starts_on=dt.date(2027, 3, 2))
    tuesday = _on(row, dt.date(2027, 3, 9))
    wednesday = _on(row, dt.date(2027, 3, 10))
    for session in (tuesday, wednesday):
        claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    preview = _preview(ready, row, recurrence="FREQ=WEEKLY;BYDAY=WE,TH")
    assert preview.blocked == []
    _change(ready, row, recurrence="FREQ=WEEKLY;BYDAY=WE,TH")
    for session in (tuesday, wednesday):
        session.refresh_from_db()
    days = (tuesday.occurrence_on, wednesday.occurrence_on)
    assert days == (dt.date(2027, 3, 11), dt.date(2027, 3, 10))
    row.refresh_from_db()
    assert row.starts_on == dt.date(2027, 3, 3)
    ascension = dt.date(2027, 5, 6)
    assert [s.occurrence_on for s in row.skipped.all()] == [ascension]
    assert row.sessions.get(state="cancelled").occurrence_on == ascension - 2 * DAY


def test_what_was_edited_by_hand_or_cancelled_stays_as_it_is(ready: Cast) -> None:
    row = make_series(ready)
    edited, off = _on(row, dt.date(2027, 4, 8)), _on(row, dt.date(2027, 4, 15))
    moved = edited.starts_at + dt.timedelta(hours=5)
    changes.change(
        edited,
        starts_at=moved,
        ends_at=moved + dt.timedelta(hours=1),
        by=ready.coordinator,
        now=NOW,
    )
    sessions.cancel(off, by=ready.coordinator, now=NOW)
    preview = _preview(ready, row, since=LATER, recurrence="FREQ=WEEKLY;BYDAY=TU")
    assert [s.pk for s in preview.kept] == [edited.pk]
    goes_on = _change(ready, row, since=LATER, recurrence="FREQ=WEEKLY;BYDAY=TU")
    edited.refresh_from_db()
    off.refresh_from_db()
    assert (edited.starts_at, edited.series, edited.occurrence_on) == (
        moved,
        goes_on,
        dt.date(2027, 4, 6),
    )
    assert (off.state, off.occurrence_on) == (SessionState.CANCELLED, dt.date(2027, 4, 13))
    reminders.extend_series(now=NOW + dt.timedelta(weeks=3))
    for week in (dt.date(2027, 4, 6), dt.date(2027, 4, 13)):
        in_week = Session.objects.filter(
            occurrence_on__range=(week, week + dt.timedelta(days=5)),
        )
        assert in_week.count() == 1


def test_the_preview_saves_nothing_and_says_what_would_come(ready: Cast) -> None:
    row = make_series(ready)
    session = _on(row, dt.date(2027, 4, 8))
    claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    FeeRule.objects.create(
        kind=row.kind, basis=FeeBasis.HOUR, amount=Decimal("25.00"), starts_on=SINCE
    )
    OutboxMessage.objects.all().delete()
    was = list(Session.objects.order_by("pk").values())
    preview = _preview(ready, row, since=LATER, ends_on=dt.date(2027, 4, 22), seats=2)
    assert list(Session.objects.order_by("pk").values()) == was
    assert (Series.objects.count(), mails()) == (1, [])
    assert [s.occurrence_on for s in preview.cancelled] == [
        dt.date(2027, 4, 29),
        dt.date(2027, 5, 13),
        dt.date(2027, 5, 20),
        dt.date(2027, 5, 27),
    ]
    assert len(preview.changed) == 4
    assert preview.told == ["Sari Sastamala"]
    assert preview.cost_before is not None
    assert (
        preview.cost_after == preview.cost_before
    )  # four instead of eight, for two instead of one


def test_every_step_of_the_preview_is_what_is_done(ready: Cast) -> None:
    row = make_series(ready)
    claim_seat(_on(row, dt.date(2027, 4, 8)), expert=ready.aino.expert, by=None, now=NOW)
    wanted: dict[str, Any] = {"since": LATER, "starts_time": dt.time(14)}
    preview = _preview(ready, row, **wanted)
    assert preview.told == ["Aino Testilä", "Sari Sastamala"]
    OutboxMessage.objects.all().delete()
    _change(ready, row, **wanted, seen=preview.digest)
    assert {address for _kind, address in mails()} == {
        ready.aino.user.email,
        ready.sari.email,
    }


def test_what_was_seen_must_still_be_so(ready: Cast) -> None:
    row = make_series(ready)
    wanted: dict[str, Any] = {"since": LATER, "starts_time": dt.time(14)}
    digest = _preview(ready, row, **wanted).digest
    sessions.cancel(_on(row, dt.date(2027, 4, 8)), by=ready.coordinator, now=NOW)
    with pytest.raises(Refused) as refused:
        _change(ready, row, **wanted, seen=digest)
    assert refused.value.code == "changed_meanwhile"
    assert Series.objects.count() == 1


def test_who_could_not_come_is_named_and_taken_off_only_when_told_to(ready: Cast) -> None:
    row = make_series(ready)
    sessions_of = [_on(row, dt.date(2027, 4, day)) for day in (8, 15)]
    seats = [claim_seat(s, expert=ready.aino.expert, by=None, now=NOW) for s in sessions_of]
    away = dt.date(2027, 4, 6)
    Absence.objects.create(expert=ready.aino.expert, starts_on=away, ends_on=away)
    tuesdays: dict[str, Any] = {"since": LATER, "recurrence": "FREQ=WEEKLY;BYDAY=TU"}
    preview = _preview(ready, row, **tuesdays)
    assert [step.before.pk for step in preview.blocked] == [sessions_of[0].pk]
    with pytest.raises(Refused) as refused:
        _change(ready, row, **tuesdays)
    assert refused.value.code == "no_longer_fits"
    assert "Aino Testilä" in str(refused.value)
    _change(ready, row, **tuesdays, take_off=True)
    states = list(Assignment.objects.order_by("pk").values_list("state", flat=True))
    assert states == [AssignmentState.CANCELLED, AssignmentState.CONFIRMED]
    assert [a.pk for a in seats] == list(
        Assignment.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_what_is_newly_asked_needs_one_why_for_all_days(ready: Cast) -> None:
    row = make_series(ready)
    for day in (8, 15):
        claim_seat(_on(row, dt.date(2027, 4, day)), expert=ready.aino.expert, by=None, now=NOW)
    AvailabilityPattern.objects.filter(expert=ready.aino.expert).update(ends_time=dt.time(15))
    evenings: dict[str, Any] = {"since": LATER, "starts_time": dt.time(16)}
    assert list(_preview(ready, row, **evenings).asked) == ["outside_availability"]
    with pytest.raises(Refused) as refused:
        _change(ready, row, **evenings)
    assert refused.value.code == "needs_why"
    goes_on = _change(ready, row, **evenings, whys={"outside_availability": "Sovittu"})
    whys = Assignment.objects.filter(session__series=goes_on).values_list(
        "overrules__why", flat=True
    )
    assert list(whys) == ["Sovittu", "Sovittu"]


def test_preferred_people_go_on_with_the_cut_series(ready: Cast) -> None:
    row = make_series(ready)
    PreferredPerson.objects.create(series=row, expert=ready.aino.expert)
    goes_on = _change(ready, row, since=LATER, starts_time=dt.time(13))
    assert [p.expert for p in goes_on.preferred.all()] == [ready.aino.expert]
    assert row.preferred.count() == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "nothing_changes"),
        ({"starts_time": dt.time(10)}, "nothing_changes"),
        ({"recurrence": "FREQ=DAILY"}, "recurrence"),
        ({"since": LATER, "ends_on": dt.date(2027, 3, 31)}, "days"),
        ({"minutes": 5}, "length"),
        ({"place_kind": "school"}, "place_kind"),
    ],
)
def test_what_no_series_can_have_is_refused(ready: Cast, values: dict[str, Any], code: str) -> None:
    row = make_series(ready)
    for act in (_preview, _change):
        with pytest.raises(Refused) as refused:
            act(ready, row, **values)
        assert refused.value.code == code


def test_an_ended_series_is_not_changed(ready: Cast) -> None:
    row = make_series(ready)
    series.end(row, last_on=LATER, by=ready.coordinator, now=NOW)
    with pytest.raises(Refused) as refused:
        _change(ready, row, starts_time=dt.time(13))
    assert refused.value.code == "wrong_state"


def test_the_horizon_goes_on_with_the_new_rule_only(ready: Cast) -> None:
    row = make_series(ready, ends_on=None)
    goes_on = _change(ready, row, since=LATER, recurrence="FREQ=MONTHLY;BYDAY=1TU")
    assert walls(goes_on, state="open") == ["6.4. 10.00", "4.5. 10.00", "1.6. 10.00"]
    reminders.extend_series(now=NOW + dt.timedelta(weeks=8))
    assert walls(goes_on, state="open")[3:] == ["6.7. 10.00", "3.8. 10.00"]
    assert walls(row, state="open") == ["4.3. 10.00", "11.3. 10.00", "18.3. 10.00", "25.3. 10.00"]


def test_a_holiday_the_new_weekday_falls_on_is_left_out_with_its_name(ready: Cast) -> None:
    row = make_series(ready, recurrence="FREQ=WEEKLY", starts_on=dt.date(2027, 3, 3))
    preview = _preview(ready, row, recurrence="FREQ=WEEKLY;BYDAY=TH")
    assert [(s.on, s.detail) for s in preview.skipped] == [(dt.date(2027, 5, 6), "Helatorstai")]
    _change(ready, row, recurrence="FREQ=WEEKLY;BYDAY=TH")
    kept = SkippedOccurrence.objects.get(series__recurrence="FREQ=WEEKLY;BYDAY=TH")
    assert (kept.occurrence_on, kept.code) == (dt.date(2027, 5, 6), "holiday")


def test_the_pattern_of_a_series_is_kept_in_wall_time_over_both_clock_changes(ready: Cast) -> None:
    row = make_series(ready, ends_on=None)
    goes_on = _change(ready, row, since=LATER, starts_time=dt.time(9))
    pattern: Pattern = series.pattern_of(goes_on)
    assert pattern.starts_time == dt.time(9)
    reminders.extend_series(now=NOW + dt.timedelta(weeks=26))
    hours = {wall.split()[1] for wall in walls(goes_on)}
    assert hours == {"09.00"}
    assert {s.starts_at.hour for s in goes_on.sessions.all()} == {6, 7}
