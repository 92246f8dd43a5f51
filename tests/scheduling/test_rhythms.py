"""Rhythms between rules and words, and the one length of a night."""

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from coordination.errors import Refused
from scheduling import occurrences, recurrence
from scheduling.occurrences import Pattern
from scheduling.recurrence import LAST, Rhythm

THURSDAY = dt.date(2027, 3, 4)


@pytest.mark.parametrize(
    ("rule", "finnish"),
    [
        ("FREQ=WEEKLY", "Joka viikko: torstai"),
        ("FREQ=WEEKLY;INTERVAL=2", "Joka toinen viikko: torstai"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,TH", "Joka 3. viikko: tiistai ja torstai"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "Joka viikko: maanantai, keskiviikko ja perjantai"),
        ("FREQ=MONTHLY;BYDAY=1TU", "Joka kuukausi: ensimmäinen tiistai"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR", "Joka 2. kuukausi: viimeinen perjantai"),
    ],
)
def test_a_rule_in_words(rule: str, finnish: str) -> None:
    with translation.override("fi"):
        assert recurrence.in_words(rule, starts_on=THURSDAY) == finnish


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=9",
        "FREQ=WEEKLY;BYDAY=1TU",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;COUNT=3",
        "FREQ=WEEKLY;UNTIL=20270101",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=5TU",
        "FREQ=MONTHLY;BYDAY=1TU,2WE",
        "INTERVAL=x;FREQ=WEEKLY",
    ],
)
def test_a_rule_no_series_can_have_is_refused(rule: str) -> None:
    with pytest.raises(Refused) as refused:
        recurrence.read(rule)
    assert refused.value.code == "recurrence"


weekly = st.builds(
    Rhythm,
    every=st.integers(1, 8),
    weekdays=st.sets(st.integers(0, 6)).map(lambda days: tuple(sorted(days))),
)
monthly = st.builds(
    Rhythm,
    every=st.integers(1, 12),
    weekdays=st.integers(0, 6).map(lambda day: (day,)),
    nth=st.sampled_from([1, 2, 3, 4, LAST]),
)


@given(weekly | monthly)
def test_every_rhythm_reads_as_it_was_written(rhythm: Rhythm) -> None:
    assert recurrence.read(rhythm.rule) == rhythm


def _pattern(rule: str, at: str = "10:00", minutes: int = 120) -> Pattern:
    return Pattern(THURSDAY, dt.time.fromisoformat(at), minutes, "Europe/Helsinki", recurrence=rule)


def test_the_first_tuesday_of_the_month() -> None:
    days = occurrences.days(_pattern("FREQ=MONTHLY;BYDAY=1TU"), until=dt.date(2027, 7, 31))
    assert [f"{d.day}.{d.month}." for d in days] == ["6.4.", "4.5.", "1.6.", "6.7."]


def test_two_weekdays_of_every_other_week() -> None:
    rule = _pattern("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH")
    days = occurrences.days(rule, until=dt.date(2027, 4, 5))
    assert [f"{d.day}.{d.month}." for d in days] == ["4.3.", "16.3.", "18.3.", "30.3.", "1.4."]


def test_a_count_does_not_count_the_holidays_that_are_left_out() -> None:
    """Thursdays from 4.3.2027; 6.5. is Ascension Day."""
    pattern = _pattern("FREQ=WEEKLY")
    assert occurrences.last_day(pattern, count=9) == dt.date(2027, 4, 29)
    assert occurrences.last_day(pattern, count=10) == dt.date(2027, 5, 13)


@pytest.mark.parametrize(
    ("on", "starts", "ends", "minutes"),
    [
        (None, "22:00", "02:00", 240),
        (None, "22:00", "00:00", 120),
        (None, "10:00", "12:30", 150),
        (None, "10:00", "10:00", 1440),
        (dt.date(2027, 3, 27), "22:00", "06:00", 420),  # an hour is not there
        (dt.date(2027, 10, 30), "22:00", "06:00", 540),  # an hour is there twice
        (dt.date(2027, 3, 20), "22:00", "06:00", 480),
    ],
)
def test_an_end_before_the_start_is_the_next_day(
    on: dt.date | None, starts: str, ends: str, minutes: int
) -> None:
    times = dt.time.fromisoformat(starts), dt.time.fromisoformat(ends)
    found = occurrences.minutes_between(*times, on=on, zone_name="Europe/Helsinki")
    assert found == minutes


@given(
    st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_what_was_typed_is_when_it_ends_unless_the_clock_skips_that_hour(
    on: dt.date, starts: dt.time, ends: dt.time
) -> None:
    """One function for a length: `minutes_between` and `at` agree, on clock changes too."""
    minutes = occurrences.minutes_between(starts, ends, on=on, zone_name="Europe/Helsinki")
    pattern = Pattern(on, starts, minutes, "Europe/Helsinki")
    found = occurrences.at(pattern, on)
    last = on + dt.timedelta(days=1) if ends <= starts else on
    assert found.ends_at == occurrences.moment(last, ends, "Europe/Helsinki")
