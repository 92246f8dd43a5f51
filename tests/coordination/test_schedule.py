"""Which period is due when, clock changes included."""

import datetime as dt

import pytest

from coordination.schedule import daily_at, hourly, minutes


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "period"),
    [
        ("2027-03-04T09:29:59+00:00", "2027-03-04T09:20Z"),
        ("2027-03-04T09:30:00+00:00", "2027-03-04T09:30Z"),
        ("2027-03-04T11:30:00+02:00", "2027-03-04T09:30Z"),
        ("2027-03-05T00:05:00+02:00", "2027-03-04T22:00Z"),
    ],
)
def test_minutes_are_counted_in_utc(moment: str, period: str) -> None:
    assert minutes(10).due_period(at(moment)) == period


def test_a_step_that_does_not_divide_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="7 minutes do not divide a day"):
        minutes(7)


@pytest.mark.parametrize(
    ("moment", "period"),
    [
        ("2027-03-04T06:29:00+02:00", None),  # not yet
        ("2027-03-04T06:30:00+02:00", "2027-03-04"),
        ("2027-03-04T23:59:00+02:00", "2027-03-04"),  # missed at its time, still due that day
        ("2027-03-05T00:10:00+02:00", None),
    ],
)
def test_a_daily_job_is_due_from_its_time_to_midnight(moment: str, period: str | None) -> None:
    assert daily_at("06:30").due_period(at(moment)) == period


def test_a_daily_job_in_the_hour_that_spring_skips_is_due_after_it() -> None:
    # 28.3.2027: 03:00 becomes 04:00 in Helsinki
    assert daily_at("03:30").due_period(at("2027-03-28T00:59:00+00:00")) is None
    assert daily_at("03:30").due_period(at("2027-03-28T01:00:00+00:00")) == "2027-03-28"


def test_a_daily_job_in_the_hour_that_autumn_repeats_has_one_period() -> None:
    # 31.10.2027: 04:00 becomes 03:00 in Helsinki
    before, after = at("2027-10-31T00:30:00+00:00"), at("2027-10-31T01:30:00+00:00")
    assert daily_at("03:30").due_period(before) == "2027-10-31"
    assert daily_at("03:30").due_period(after) == "2027-10-31"


def test_hours_go_on_through_clock_changes() -> None:
    start = at("2027-10-30T22:00:00+00:00")
    periods = {hourly().due_period(start + dt.timedelta(hours=step)) for step in range(6)}
    assert len(periods) == 6
