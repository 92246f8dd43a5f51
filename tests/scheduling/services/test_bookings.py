"""A unit asks, a coordinator answers, sessions come of it."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from coordination.errors import Refused
from coordination.models import InsurancePolicy, OutboxMessage
from scheduling.models import (
    Booking,
    BookingState,
    Series,
    Session,
    SessionState,
    SkippedOccurrence,
)
from scheduling.services import bookings, estimates, reminders, series, sessions
from scheduling.services.bookings import BookingDetails
from tests.cast import Cast
from tests.scheduling.makers import NOW, mails
from tests.scheduling.services.details import details

SPRING = {"ends_on": dt.date(2027, 5, 27)}


def _booked(cast: Cast, **fields: Any) -> Booking:
    return bookings.request(details(cast, **fields), key=uuid4(), by=cast.sari, now=NOW)


def _accepted(cast: Cast, **fields: Any) -> Booking:
    return bookings.accept(_booked(cast, **fields), by=cast.coordinator, now=NOW, note="Hienoa")


def test_preview_tells_all_and_saves_nothing(ready: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def provider(**told: Any) -> Decimal:
        asked.update(told)
        return Decimal("780.00")

    monkeypatch.setattr(estimates, "_providers", [provider])
    InsurancePolicy.objects.update(ends_on=dt.date(2027, 4, 30))
    with translation.override("fi"):
        found = bookings.preview(details(ready, **SPRING), now=NOW)
    assert len(found.occurrences) == 12
    assert [(s.on, s.code, s.detail) for s in found.skipped] == [
        (dt.date(2027, 5, 6), "holiday", "Helatorstai")
    ]
    assert len(found.notes) == 1
    assert "Kiirastorstai" in found.notes[0]
    assert found.estimate == Decimal("780.00")
    assert (len(asked["days"]), asked["minutes"], asked["seats"]) == (12, 240, 1)
    assert [reason.code for reason in found.missing] == ["no_insurance"]
    assert not Booking.objects.exists()


def test_preview_names_the_missing_professional(ready: Cast) -> None:
    group = details(ready, kind=ready.kinds["group_session"])
    assert [r.code for r in bookings.preview(group, now=NOW).missing] == [
        "no_responsible_professional"
    ]
    named = details(
        ready, kind=ready.kinds["group_session"], responsible_professional="S. Sosiaali"
    )
    assert bookings.preview(named, now=NOW).missing == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"starts_on": dt.date(2027, 3, 1), "starts_time": dt.time(9)}, "in_the_past"),
        ({"ends_on": dt.date(2027, 3, 3)}, "days"),
        ({"ends_on": dt.date(2028, 4, 1)}, "too_far_ahead"),
        ({"every_weeks": 9, "ends_on": dt.date(2027, 5, 1)}, "every_weeks"),
        ({"minutes": 10}, "length"),
        ({"minutes": 800}, "length"),
        ({"seats": 0}, "seats"),
        ({"seats": 51}, "seats"),
        ({"place_kind": "moon"}, "place_kind"),
    ],
)
def test_what_nobody_could_accept_is_refused(
    ready: Cast, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        _booked(ready, **fields)
    assert refused.value.code == code
    assert not Booking.objects.exists()


def test_a_place_of_another_unit_is_refused(ready: Cast) -> None:
    with pytest.raises(Refused) as refused:
        _booked(ready, site=ready.nokia.lobby)
    assert refused.value.code == "site_of_another_unit"


def test_the_same_key_books_once_and_only_for_the_same_person(ready: Cast) -> None:
    key = uuid4()
    first = bookings.request(details(ready), key=key, by=ready.sari, now=NOW)
    assert bookings.request(details(ready), key=key, by=ready.sari, now=NOW) == first
    assert mails("booking_requested") == [("booking_requested", ready.coordinator.email)]
    with pytest.raises(Refused) as refused:
        bookings.request(details(ready), key=key, by=ready.ilkka, now=NOW)
    assert refused.value.code == "key_used"


def test_accepting_one_day_makes_one_open_session(ready: Cast) -> None:
    booking = _accepted(ready)
    session = Session.objects.get()
    assert (session.state, session.booking, session.series) == (SessionState.OPEN, booking, None)
    assert session.starts_at == dt.datetime(2027, 3, 4, 7, 30, tzinfo=dt.UTC)
    assert (session.support_person, session.site) == ("Tuija Tukeva", ready.sastamala.lobby)
    assert mails("booking_accepted") == [("booking_accepted", ready.sari.email)]
    message = OutboxMessage.objects.get(kind="booking_accepted")
    assert "Hienoa" in message.body


def test_a_single_session_may_be_on_a_holiday(ready: Cast) -> None:
    _accepted(ready, starts_on=dt.date(2027, 5, 6))
    assert Session.objects.count() == 1


def test_accepting_a_series_makes_its_sessions_and_keeps_what_was_skipped(ready: Cast) -> None:
    booking = _accepted(ready, **SPRING)
    row = Series.objects.get()
    assert row.booking == booking
    made = Session.objects.filter(series=row)
    assert made.count() == 12
    assert set(made.values_list("state", flat=True)) == {SessionState.OPEN}
    [skipped] = SkippedOccurrence.objects.all()
    assert (skipped.occurrence_on, skipped.code) == (dt.date(2027, 5, 6), "holiday")


@pytest.mark.parametrize(
    ("language", "name"),
    [("fi", "Helatorstai"), ("sv", "Kristi himmelsfärdsdag"), ("en", "Ascension Day")],
)
def test_a_skipped_holiday_is_named_in_the_readers_language(
    ready: Cast, language: str, name: str
) -> None:
    """Whoever accepted the booking, in whatever language."""
    with translation.override("fi"):
        _accepted(ready, **SPRING)
    with translation.override(language):
        assert SkippedOccurrence.objects.get().detail == name
        assert [
            day.detail for day in bookings.preview(details(ready, **SPRING), now=NOW).skipped
        ] == [name]
    skipped = SkippedOccurrence(occurrence_on=dt.date(2027, 5, 6), code="no_agreement")
    assert skipped.detail == ""


def test_a_group_without_professional_becomes_a_draft(ready: Cast) -> None:
    _accepted(ready, kind=ready.kinds["group_session"])
    session = Session.objects.get()
    assert session.state == SessionState.DRAFT
    with pytest.raises(Refused):
        sessions.publish(session, by=ready.coordinator, now=NOW)
    sessions.change(session, responsible_professional="S. Sosiaali", by=ready.coordinator, now=NOW)
    assert sessions.publish(session, by=ready.coordinator, now=NOW).state == SessionState.OPEN


def test_days_without_insurance_are_skipped_and_come_back_with_it(ready: Cast) -> None:
    InsurancePolicy.objects.update(ends_on=dt.date(2027, 4, 30))
    _accepted(ready, **SPRING)
    row = Series.objects.get()
    assert row.sessions.count() == 9
    codes = list(row.skipped.values_list("occurrence_on", "code"))
    assert codes == [
        (dt.date(2027, 5, 6), "holiday"),
        (dt.date(2027, 5, 13), "no_insurance"),
        (dt.date(2027, 5, 20), "no_insurance"),
        (dt.date(2027, 5, 27), "no_insurance"),
    ]
    assert reminders.extend_series(now=NOW) == 0
    InsurancePolicy.objects.update(ends_on=None)
    assert reminders.extend_series(now=NOW) == 3
    assert reminders.extend_series(now=NOW) == 0
    assert row.sessions.count() == 12
    assert list(row.skipped.values_list("code", flat=True)) == ["holiday"]


def test_when_the_papers_are_missing_on_every_day_all_are_drafts(ready: Cast) -> None:
    InsurancePolicy.objects.all().delete()
    _accepted(ready, **SPRING)
    assert set(Session.objects.values_list("state", flat=True)) == {SessionState.DRAFT}
    assert Session.objects.count() == 12


def test_the_horizon_moves_and_nothing_comes_twice_or_back(ready: Cast) -> None:
    _accepted(ready, ends_on=dt.date(2027, 12, 30))
    row = Series.objects.get()
    last = row.sessions.order_by("-occurrence_on").first()
    assert last is not None
    assert last.occurrence_on == dt.date(2027, 6, 17)  # sixteen weeks ahead is 21.6.
    edited, removed = row.sessions.order_by("occurrence_on")[:2]
    sessions.change(
        edited,
        starts_at=edited.starts_at + dt.timedelta(days=1),
        ends_at=edited.ends_at + dt.timedelta(days=1),
        by=ready.coordinator,
        now=NOW,
    )
    sessions.cancel(removed, by=ready.coordinator, now=NOW)
    later = NOW + dt.timedelta(weeks=4)
    assert reminders.extend_series(now=later) == 4
    assert reminders.extend_series(now=later) == 0
    days = list(row.sessions.values_list("occurrence_on", flat=True))
    assert len(days) == len(set(days)) == 16 + 3  # 6.5. is a holiday
    edited.refresh_from_db()
    assert edited.edited_by_hand
    assert row.sessions.filter(occurrence_on=removed.occurrence_on).get().state == "cancelled"


def test_how_far_the_horizon_is_is_a_setting(ready: Cast, settings: Any) -> None:
    settings.SERIES_HORIZON_WEEKS = 6
    _accepted(ready, ends_on=dt.date(2027, 12, 30))
    row = Series.objects.get()
    assert row.made_until == dt.date(2027, 4, 12)
    settings.SERIES_HORIZON_WEEKS = 8
    assert reminders.extend_series(now=NOW) == 2
    settings.SERIES_HORIZON_WEEKS = 2
    assert reminders.extend_series(now=NOW) == 0
    assert row.sessions.count() == 8, "what has been made stays"


def test_a_skipped_day_can_be_added_back_once(ready: Cast) -> None:
    _accepted(ready, **SPRING)
    skipped = SkippedOccurrence.objects.get()
    made = series.add_back(skipped, by=ready.coordinator, now=NOW)
    assert (made.occurrence_on, made.state) == (dt.date(2027, 5, 6), SessionState.OPEN)
    with pytest.raises(Refused) as refused:
        series.add_back(skipped, by=ready.coordinator, now=NOW)
    assert refused.value.code == "wrong_state"
    reminders.extend_series(now=NOW + dt.timedelta(weeks=2))
    assert Session.objects.filter(occurrence_on=dt.date(2027, 5, 6)).count() == 1


def test_ending_a_series_cancels_what_comes_after(ready: Cast) -> None:
    _accepted(ready, **SPRING)
    row = Series.objects.get()
    ended = series.end(row, last_on=dt.date(2027, 4, 1), by=ready.coordinator, now=NOW)
    assert ended == 7
    assert Session.objects.filter(state=SessionState.OPEN).count() == 5
    assert reminders.extend_series(now=NOW + dt.timedelta(weeks=20)) == 0


def test_declining_needs_a_word_and_tells(ready: Cast) -> None:
    booking = _booked(ready)
    with pytest.raises(Refused) as refused:
        bookings.decline(booking, note=" ", by=ready.coordinator, now=NOW)
    assert refused.value.code == "word_needed"
    bookings.decline(booking, note="Ei vapaita", by=ready.coordinator, now=NOW)
    assert mails("booking_declined") == [("booking_declined", ready.sari.email)]
    assert not Session.objects.exists()


@pytest.mark.parametrize("first", ["accept", "decline", "withdraw"])
@pytest.mark.parametrize("then", ["accept", "decline", "withdraw"])
def test_a_decision_is_made_once(ready: Cast, first: str, then: str) -> None:
    booking = _booked(ready)
    kwargs: dict[str, Any] = {"by": ready.coordinator, "now": NOW}
    words = {"decline": {"note": "Ei käy"}}
    getattr(bookings, first)(booking, **words.get(first, {}), **kwargs)
    with pytest.raises(Refused) as refused:
        getattr(bookings, then)(booking, **words.get(then, {}), **kwargs)
    assert refused.value.code == "wrong_state"
    booking.refresh_from_db()
    assert booking.state != BookingState.REQUESTED


def test_withdrawing_tells_the_coordinators_and_not_the_unit(ready: Cast) -> None:
    bookings.withdraw(_booked(ready), by=ready.sari, now=NOW)
    assert mails("booking_withdrawn") == [("booking_withdrawn", ready.coordinator.email)]


def test_details_survive_the_row(ready: Cast) -> None:
    asked = details(ready, **SPRING)
    booking = bookings.request(asked, key=uuid4(), by=ready.sari, now=NOW)
    again = Booking.objects.select_related("kind", "unit", "site").get(pk=booking.pk)
    assert bookings.details_of(again) == asked
    assert isinstance(bookings.details_of(again), BookingDetails)


def test_a_request_that_waited_too_long_can_be_looked_at_but_not_accepted(ready: Cast) -> None:
    booking = _booked(ready)
    late = NOW + dt.timedelta(days=10)
    found = bookings.preview(bookings.details_of(booking), now=late)
    assert [reason.code for reason in found.missing] == ["in_the_past"]
    with pytest.raises(Refused) as refused:
        bookings.accept(booking, by=ready.coordinator, now=late)
    assert refused.value.code == "in_the_past"
    booking.refresh_from_db()
    assert booking.state == BookingState.REQUESTED
    assert not Session.objects.exists()


def test_of_a_series_that_waited_only_the_days_to_come_are_made(ready: Cast) -> None:
    booking = _booked(ready, **SPRING)
    bookings.accept(booking, by=ready.coordinator, now=NOW + dt.timedelta(days=10))
    days = Session.objects.order_by("occurrence_on").values_list("occurrence_on", flat=True)
    assert (days[0], len(days)) == (dt.date(2027, 3, 18), 10)
