"""Days, hours and money as people write them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from coordination import formats

MORNING = dt.datetime(2027, 3, 4, 7, 30, tzinfo=dt.UTC)  # 9.30 in Helsinki
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fi", "to 4.3.2027 klo 9.30–13.30"),
        ("sv", "tors 4.3.2027 kl. 9.30–13.30"),
        ("en", "Thu 4 Mar 2027, 09:30–13:30"),
    ],
)
def test_when_in_three_languages(language: str, expected: str) -> None:
    ends_at = MORNING + dt.timedelta(hours=4)
    assert formats.when(MORNING, ends_at, language=language) == expected


def test_when_follows_the_active_language(settings: object) -> None:
    with translation.override("sv"):
        assert formats.when(MORNING) == "tors 4.3.2027 kl. 9.30"


def test_when_is_told_in_the_zone_of_the_unit() -> None:
    assert formats.when(MORNING, zone="Europe/Stockholm", language="fi") == "to 4.3.2027 klo 8.30"


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (2, "to 4.3. klo 22.00–24.00"),
        (4, "to 4.3. klo 22.00 – pe 5.3. klo 2.00"),
        (24, "to 4.3. klo 22.00 – pe 5.3. klo 22.00"),
    ],
)
def test_periods_that_reach_midnight(hours: int, expected: str) -> None:
    evening = dt.datetime(2027, 3, 4, 20, 0, tzinfo=dt.UTC)
    ends_at = evening + dt.timedelta(hours=hours)
    assert formats.when(evening, ends_at, language="fi", year=False) == expected


def test_both_clock_changes_of_2027_keep_wall_time() -> None:
    for day, utc_hour in ((27, 12), (29, 11)):  # before and after 28.3.2027
        starts_at = dt.datetime(2027, 3, day, utc_hour, tzinfo=dt.UTC)
        assert formats.when(starts_at, language="fi").endswith("klo 14.00")
    for month, day, utc_hour in ((10, 30, 11), (11, 1, 12)):  # around 31.10.2027
        starts_at = dt.datetime(2027, month, day, utc_hour, tzinfo=dt.UTC)
        assert formats.when(starts_at, language="fi").endswith("klo 14.00")


def test_every_weekday_has_its_short_name() -> None:
    week = [dt.date(2027, 3, n) for n in range(1, 8)]
    names = {
        language: " ".join(formats.weekday(day, language=language) for day in week)
        for language in formats.LANGUAGES
    }
    assert names == {
        "fi": "ma ti ke to pe la su",
        "sv": "mån tis ons tors fre lör sön",
        "en": "Mon Tue Wed Thu Fri Sat Sun",
    }


@pytest.mark.parametrize(
    ("days", "fi", "sv", "en"),
    [
        (0, "tänään", "i dag", "today"),
        (1, "huomenna", "i morgon", "tomorrow"),
        (2, "ylihuomenna", "i övermorgon", "the day after tomorrow"),
        (3, "3 päivän päästä", "om 3 dagar", "in 3 days"),
        (14, "2 viikon päästä", "om 2 veckor", "in 2 weeks"),
        (-1, "eilen", "i går", "yesterday"),
        (-2, "toissa päivänä", "i förrgår", "the day before yesterday"),
        (-5, "5 päivää sitten", "för 5 dagar sedan", "5 days ago"),
        (-21, "3 viikkoa sitten", "för 3 veckor sedan", "3 weeks ago"),
    ],
)
def test_relative_days(days: int, fi: str, sv: str, en: str) -> None:
    today = dt.date(2027, 3, 3)
    day = today + dt.timedelta(days=days)
    told = [formats.relative_day(day, today=today, language=code) for code in ("fi", "sv", "en")]
    assert told == [fi, sv, en]


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (dt.timedelta(hours=4), "4 h"),
        (90, "1 h 30 min"),
        (45, "45 min"),
        (0, "0 min"),
        (Decimal(150), "2 h 30 min"),
        (-30, "−30 min"),
    ],
)
def test_hours(length: "dt.timedelta | int | Decimal", expected: str) -> None:
    assert formats.hours(length) == expected


def test_money_has_non_breaking_spaces() -> None:
    told = {code: formats.money(Decimal("1234.5"), language=code) for code in formats.LANGUAGES}
    finnish = f"1{NBSP}234,50{NBSP}€"
    assert told == {"fi": finnish, "sv": finnish, "en": "€1,234.50"}


def test_week_numbers_are_iso_weeks() -> None:
    new_year = dt.date(2027, 1, 1)
    told = [formats.week_number(new_year, language=code) for code in formats.LANGUAGES]
    assert told == ["vko 53", "v. 53", "week 53"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fi", ["9.05", "9.05–13.30", "22.00–24.00", "9–12.30", "9–24"]),
        ("sv", ["9.05", "9.05–13.30", "22.00–24.00", "9–12.30", "9–24"]),
        ("en", ["09:05", "09:05–13:30", "22:00–24:00", "9–12:30", "9–24"]),
    ],
)
def test_clock_times_as_each_language_writes_them(language: str, expected: list[str]) -> None:
    five_past, half_past, midnight = dt.time(9, 5), dt.time(13, 30), dt.time(0)
    with translation.override(language):
        told = [
            formats.clock(five_past),
            formats.clock_range(five_past, half_past),
            formats.clock_range(dt.time(22), midnight),
            formats.clock_range(dt.time(9), dt.time(12, 30), short=True),
            formats.clock_range(dt.time(9), midnight, short=True),
        ]
    assert told == expected


def test_months_have_names() -> None:
    told = [formats.month(dt.date(2026, 10, 31), language=code) for code in formats.LANGUAGES]
    assert told == ["lokakuu 2026", "oktober 2026", "October 2026"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+358401234567", "+358 40 123 4567"),
        ("+46701234567", "+46701234567"),
        ("+3583123", "+3583123"),
        ("", ""),
    ],
)
def test_phone_numbers_stand_in_groups(number: str, expected: str) -> None:
    assert formats.phone(number) == expected


def test_short_hours_leave_out_even_minutes() -> None:
    nine, half_past = dt.time(9), dt.time(12, 30)
    assert formats.clock_range(nine, half_past, short=True) == "9–12.30"
    assert formats.clock_range(nine, dt.time(0), short=True) == "9–24"


@pytest.mark.parametrize(
    ("language", "expected"), [("fi", "4.3.2027"), ("sv", "4.3.2027"), ("en", "4 Mar 2027")]
)
def test_a_date_in_a_sentence(language: str, expected: str) -> None:
    assert formats.date_in_text(dt.date(2027, 3, 4), language=language) == expected
