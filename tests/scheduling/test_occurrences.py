"""Days of a series: wall time stays, holidays go with their names, nothing is lost at a clock change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling import holidays, occurrences
from scheduling.occurrences import Pattern, Skipped

HELSINKI = ZoneInfo("Europe/Helsinki")


def _pattern(
    starts_on: dt.date, ends_on: dt.date | None = None, *, at: str = "14:00", weeks: int = 1
) -> Pattern:
    return Pattern(
        starts_on=starts_on,
        starts_time=dt.time.fromisoformat(at),
        minutes=240,
        zone_name="Europe/Helsinki",
        recurrence=occurrences.weekly(weeks),
        ends_on=ends_on,
    )


def _walls(pattern: Pattern) -> list[str]:
    made, _skipped = occurrences.plan(pattern, until=dt.date(2029, 1, 1))
    return [
        f"{o.starts_at.astimezone(HELSINKI):%d.%m. %H.%M}–{o.ends_at.astimezone(HELSINKI):%H.%M}"
        for o in made
    ]


def test_wall_time_stays_when_summer_begins() -> None:
    """28.3.2027 at 3.00 the clocks go to 4.00; that Sunday is Easter too."""
    week = _pattern(dt.date(2027, 3, 22), dt.date(2027, 4, 5))
    assert _walls(week) == ["22.03. 14.00–18.00", "05.04. 14.00–18.00"]  # 29.3. is Easter Monday
    made, skipped = occurrences.plan(week, until=dt.date(2028, 1, 1))
    assert [o.starts_at.hour for o in made] == [12, 11]
    assert skipped == [Skipped(dt.date(2027, 3, 29), "holiday")]


def test_wall_time_stays_when_winter_begins() -> None:
    """31.10.2027 at 4.00 the clocks go back to 3.00."""
    week = _pattern(dt.date(2027, 10, 28), dt.date(2027, 11, 4))
    assert _walls(week) == ["28.10. 14.00–18.00", "04.11. 14.00–18.00"]
    made, _skipped = occurrences.plan(week, until=dt.date(2028, 1, 1))
    assert [o.starts_at.hour for o in made] == [11, 12]


@pytest.mark.parametrize(
    ("day", "at", "wall", "utc"),
    [
        (dt.date(2027, 3, 28), "03:30", "04.30", "01.30"),  # an hour that is not there
        (
            dt.date(2027, 10, 31),
            "03:30",
            "03.30",
            "00.30",
        ),  # an hour that is there twice: the first
    ],
)
def test_times_in_the_changed_hour_have_one_meaning(
    day: dt.date, at: str, wall: str, utc: str
) -> None:
    found = occurrences.at(_pattern(day, at=at), day)
    assert f"{found.starts_at.astimezone(HELSINKI):%H.%M}" == wall
    assert f"{found.starts_at:%H.%M}" == utc
    assert found.ends_at - found.starts_at == dt.timedelta(hours=4)


def test_a_spring_of_thursdays() -> None:
    """As the booking page tells it: 12 times, Ascension Day left out, Maundy Thursday held."""
    pattern = _pattern(dt.date(2027, 3, 4), dt.date(2027, 5, 27))
    made, skipped = occurrences.plan(pattern, until=dt.date(2028, 1, 1))
    assert len(made) == 12
    assert skipped == [Skipped(dt.date(2027, 5, 6), "holiday")]
    assert holidays.name_also_when_open(dt.date(2027, 3, 25)) == "Kiirastorstai"


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (
            2026,
            "1.1. 6.1. 3.4. 5.4. 6.4. 1.5. 14.5. 24.5. 19.6. 20.6. 31.10. 6.12. 24.12. 25.12. 26.12.",
        ),
        (
            2027,
            "1.1. 6.1. 26.3. 28.3. 29.3. 1.5. 6.5. 16.5. 25.6. 26.6. 6.11. 6.12. 24.12. 25.12. 26.12.",
        ),
    ],
)
def test_holidays_and_eves_of_the_year(year: int, days: str) -> None:
    """domain.md 5.4, the two eves on which clinics are closed among them."""
    first = dt.date(year, 1, 1)
    all_days = [first + dt.timedelta(days=n) for n in range(365)]
    assert " ".join(f"{d.day}.{d.month}." for d in all_days if holidays.name(d)) == days


@pytest.mark.parametrize(
    ("language", "name"),
    [("fi", "Juhannusaatto"), ("sv", "Midsommarafton"), ("en", "Midsummer Eve")],
)
def test_a_holiday_has_its_name_in_each_language(language: str, name: str) -> None:
    assert holidays.name(dt.date(2027, 6, 25), language=language) == name


def test_every_other_week_keeps_its_rhythm_over_a_skipped_day() -> None:
    pattern = _pattern(dt.date(2027, 4, 22), dt.date(2027, 6, 3), weeks=2)
    made, skipped = occurrences.plan(pattern, until=dt.date(2028, 1, 1))
    assert [o.on.isoformat() for o in made] == ["2027-04-22", "2027-05-20", "2027-06-03"]
    assert [s.on.isoformat() for s in skipped] == ["2027-05-06"]


days = st.dates(dt.date(2026, 1, 1), dt.date(2030, 12, 31))


@given(
    start=days,
    length=st.integers(0, 400),
    cut=st.integers(0, 400),
    weeks=st.integers(1, 8),
    hour=st.integers(4, 22),
)
def test_a_horizon_in_two_steps_is_the_same_as_in_one(
    start: dt.date, length: int, cut: int, weeks: int, hour: int
) -> None:
    """Nothing is lost or doubled wherever the horizon lies, and each day keeps its hour by the wall."""
    end = start + dt.timedelta(days=length)
    middle = min(start + dt.timedelta(days=cut), end)
    pattern = _pattern(start, end, at=f"{hour:02}:00", weeks=weeks)
    whole, left_out = occurrences.plan(pattern, until=end)
    first, first_out = occurrences.plan(pattern, until=middle)
    then, then_out = occurrences.plan(pattern, until=end, after=middle)
    assert (first + then, first_out + then_out) == (whole, left_out)
    expected = [start + dt.timedelta(weeks=weeks * n) for n in range(length // (7 * weeks) + 1)]
    assert sorted([o.on for o in whole] + [s.on for s in left_out]) == expected
    for occurrence in whole:
        local = occurrence.starts_at.astimezone(HELSINKI)
        assert (local.date(), local.hour, local.minute) == (occurrence.on, hour, 0)
