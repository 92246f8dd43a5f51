"""Addresses of the scheduling pages (feeds have their own: urls_feeds.py)."""

from django.urls import path

from scheduling.views import (
    answers,
    board,
    bookings,
    changes,
    panels_coordinator,
    seats,
    series,
    sessions,
    shifts,
    unit,
)

app_name = "scheduling"

urlpatterns = [
    path("today/open-seats/", panels_coordinator.open_seats_fitting, name="open_seats"),
    path("board/", board.board, name="board"),
    path("sessions/new/", sessions.session_new, name="session_new"),
    path("sessions/<int:session_id>/", sessions.session, name="session"),
    path("sessions/<int:session_id>/edit/", changes.session_edit, name="session_edit"),
    path("sessions/<int:session_id>/publish/", sessions.session_publish, name="session_publish"),
    path("sessions/<int:session_id>/cancel/", sessions.session_cancel, name="session_cancel"),
    path("sessions/<int:session_id>/assign/<int:expert_id>/", seats.assign, name="assign"),
    path("sessions/<int:session_id>/ask/", seats.ask, name="ask"),
    path("seats/<int:assignment_id>/confirm/", seats.seat_confirm, name="seat_confirm"),
    path("seats/<int:assignment_id>/release/", seats.seat_release, name="seat_release"),
    path("seats/<int:assignment_id>/cancel/", seats.seat_cancel, name="seat_cancel"),
    path("book/", bookings.booking_new, name="booking_new"),
    path("book/preview/", bookings.booking_preview, name="booking_preview"),
    path("bookings/", bookings.booking_list, name="bookings"),
    path("bookings/<int:booking_id>/", bookings.booking, name="booking"),
    path("bookings/<int:booking_id>/withdraw/", bookings.booking_withdraw, name="booking_withdraw"),
    path("bookings/<int:booking_id>/decide/", bookings.booking_decide, name="booking_decide"),
    path("bookings/<int:booking_id>/publish/", series.booking_publish, name="booking_publish"),
    path("series/", series.series_list, name="series_list"),
    path("series/<int:series_id>/", series.series_page, name="series"),
    path("series/<int:series_id>/change/", series.series_change, name="series_change"),
    path("series/<int:series_id>/end/", series.series_end, name="series_end"),
    path("series/<int:series_id>/publish/", series.series_publish, name="series_publish"),
    path("series/<int:series_id>/prefer/", series.prefer, name="prefer"),
    path("preferred/<int:preferred_id>/up/", series.preferred_up, name="preferred_up"),
    path("preferred/<int:preferred_id>/remove/", series.preferred_remove, name="preferred_remove"),
    path("skipped/<int:skipped_id>/add/", series.add_back, name="add_back"),
    path("unit/sessions/", unit.unit_sessions, name="unit_sessions"),
    path("shifts/", shifts.shifts, name="shifts"),
    path("shifts/past/", shifts.shifts_past, name="shifts_past"),
    path("shifts/<int:assignment_id>/", shifts.shift, name="shift"),
    path("shifts/<int:assignment_id>/answer/", shifts.shift_answer, name="shift_answer"),
    path("shifts/<int:assignment_id>/release/", shifts.shift_release, name="shift_release"),
    path("shifts/<int:assignment_id>/released/", shifts.shift_released, name="shift_released"),
    path("shifts/<int:assignment_id>/tally/", shifts.tally, name="tally"),
    path("offers/<int:offer_id>/answer/", shifts.offer_answer, name="offer_answer"),
    path("a/<str:token>/", answers.answer, name="answer"),
]
