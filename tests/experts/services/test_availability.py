"""Weekly hours and absences: replaced from a day on, joined, entered by the right people, no reason."""

import datetime as dt

import pytest

from coordination.errors import Refused
from coordination.models import User
from coordination.permissions import Role
from coordination.workbook.weekly import WeeklyHours, Weeks
from experts.models import Absence, AvailabilityPattern, Expert
from experts.services import availability
from tests.experts.makers import NOW, make_expert, make_unit, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2027, 3, 1)


@pytest.fixture
def aino() -> User:
    return make_user("aino@example.org", Role.EXPERT)


@pytest.fixture
def expert(aino: User) -> Expert:
    return make_expert(user=aino)


def hours(weekday: int, start: int, end: int, weeks: Weeks = Weeks.ALL) -> WeeklyHours:
    return WeeklyHours(weekday, dt.time(start), dt.time(end), weeks)


def days(day: int, month: int = 3) -> dt.date:
    return dt.date(2027, month, day)


def test_new_hours_hold_from_a_day_and_the_old_ones_until_it(expert: Expert, aino: User) -> None:
    availability.replace(expert, [hours(0, 9, 15)], from_day=TODAY, by=aino, now=NOW)
    availability.replace(
        expert, [hours(0, 10, 15), hours(1, 9, 12)], from_day=days(15), by=aino, now=NOW
    )
    rows = AvailabilityPattern.objects.order_by("starts_on", "weekday")
    assert [(p.weekday, p.starts_time.hour, p.starts_on, p.ends_on) for p in rows] == [
        (0, 9, TODAY, days(14)),
        (0, 10, days(15), None),
        (1, 9, days(15), None),
    ]


def test_no_hours_at_all_ends_what_was(expert: Expert, aino: User) -> None:
    availability.replace(expert, [hours(0, 9, 15)], from_day=TODAY, by=aino, now=NOW)
    availability.replace(expert, [], from_day=days(8), by=aino, now=NOW)
    assert AvailabilityPattern.objects.get().ends_on == days(7)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([hours(0, 9, 12), hours(0, 11, 15)], "pattern_overlap"),
        ([hours(0, 9, 12), hours(0, 11, 15, Weeks.EVEN)], "pattern_overlap"),
        ([hours(0, 9, 0), hours(0, 22, 23)], "pattern_overlap"),
        ([hours(0, 12, 9)], "pattern_hours"),
        ([hours(0, 9, 9)], "pattern_hours"),
        ([hours(0, 9, 12), hours(0, 12, 15)], ""),
        ([hours(0, 9, 12), hours(1, 9, 12)], ""),
        ([hours(0, 9, 12, Weeks.ODD), hours(0, 11, 15, Weeks.EVEN)], ""),
        ([hours(0, 18, 0)], ""),
    ],
)
def test_overlapping_rows_are_refused(
    expert: Expert, aino: User, rows: list[WeeklyHours], code: str
) -> None:
    if code:
        with pytest.raises(Refused) as refused:
            availability.replace(expert, rows, from_day=TODAY, by=aino, now=NOW)
        assert refused.value.code == code
    else:
        availability.replace(expert, rows, from_day=TODAY, by=aino, now=NOW)
    assert AvailabilityPattern.objects.exists() is not bool(code)


def test_hours_do_not_begin_in_the_past(expert: Expert, aino: User) -> None:
    with pytest.raises(Refused) as refused:
        availability.replace(expert, [], from_day=dt.date(2027, 2, 28), by=aino, now=NOW)
    assert refused.value.code == "past_day"


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.COORDINATOR, True),
        (Role.EXPERT, False),
        (Role.CLINIC_CONTACT, False),
        (Role.FINANCE, False),
        (Role.WORK_SUPERVISOR, False),
    ],
)
def test_who_else_may_enter(expert: Expert, role: Role, allowed: bool) -> None:
    unit = make_unit() if role is Role.CLINIC_CONTACT else None
    other = make_user("other@example.org", role, unit=unit)
    for write in (
        lambda: availability.replace(expert, [], from_day=TODAY, by=other, now=NOW),
        lambda: availability.add_absence(
            expert, starts_on=days(4), ends_on=days(5), by=other, now=NOW
        ),
    ):
        if allowed:
            write()
        else:
            with pytest.raises(Refused) as refused:
                write()
            assert refused.value.code == "not_yours"


def absences(expert: Expert) -> list[tuple[dt.date, dt.date]]:
    return list(expert.absences.values_list("starts_on", "ends_on"))


def test_absences_that_touch_become_one(expert: Expert, aino: User) -> None:
    for first, last in ((4, 6), (20, 22), (10, 12), (6, 10), (13, 13), (16, 16)):
        availability.add_absence(
            expert, starts_on=days(first), ends_on=days(last), by=aino, now=NOW
        )
    assert absences(expert) == [
        (days(4), days(13)),
        (days(16), days(16)),
        (days(20), days(22)),
    ]


def test_absences_of_two_people_stay_apart(expert: Expert, aino: User) -> None:
    Absence.objects.create(expert=make_expert("Eero"), starts_on=days(1), ends_on=days(30))
    availability.add_absence(expert, starts_on=days(4), ends_on=days(5), by=aino, now=NOW)
    assert absences(expert) == [(days(4), days(5))]


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (days(5), days(4), "absence_days"),
        (days(1, 2), days(28, 2), "past_day"),
        (days(4), dt.date(2039, 3, 4), "absence_long"),
    ],
)
def test_days_that_cannot_be(
    expert: Expert, aino: User, first: dt.date, last: dt.date, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        availability.add_absence(expert, starts_on=first, ends_on=last, by=aino, now=NOW)
    assert refused.value.code == code
    assert absences(expert) == []


def test_taking_an_absence_back_keeps_the_days_gone_by(expert: Expert, aino: User) -> None:
    begun = Absence.objects.create(expert=expert, starts_on=days(20, 2), ends_on=days(10))
    ahead = Absence.objects.create(expert=expert, starts_on=days(20), ends_on=days(22))
    over = Absence.objects.create(expert=expert, starts_on=days(1, 1), ends_on=days(2, 1))
    availability.remove_absence(ahead, by=aino, now=NOW)
    availability.remove_absence(begun, by=aino, now=NOW)
    availability.remove_absence(ahead, by=aino, now=NOW)  # twice is no error
    with pytest.raises(Refused) as refused:
        availability.remove_absence(over, by=aino, now=NOW)
    assert refused.value.code == "past_day"
    assert absences(expert) == [(days(1, 1), days(2, 1)), (days(20, 2), days(28, 2))]
