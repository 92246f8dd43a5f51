"""When supervision is due: eight weeks, ten shifts, whichever comes first, in Helsinki days."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from experts.models import (
    DiaryEntry,
    Expert,
    SupervisionAttendance,
    SupervisionRule,
    SupervisionSession,
)
from experts.queries.supervision import SupervisionDue, due, rule_on
from experts.services import diary
from tests.experts.makers import NOW, local, make_expert, make_shift

pytestmark = pytest.mark.django_db
TODAY = dt.date(2027, 6, 1)


def stand(expert: Expert, today: dt.date = TODAY) -> SupervisionDue:
    return due([expert], today=today)[expert.pk]


def supervised(
    expert: Expert, starts_at: dt.datetime, *, state: str = "held", attended: str = "attended"
) -> None:
    session = SupervisionSession.objects.create(
        form="group",
        state=state,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        outside_supervisor="Olli Ohjaaja",
    )
    SupervisionAttendance.objects.create(session=session, expert=expert, state=attended)


def shifts(expert: Expert, first: dt.date, count: int, *, every_days: int = 1) -> list[DiaryEntry]:
    days = [first + dt.timedelta(days=n * every_days) for n in range(count)]
    return [make_shift(expert, local(d.year, d.month, d.day, 9)) for d in days]


def test_who_has_not_begun_is_not_due() -> None:
    assert stand(make_expert()) == SupervisionDue(TODAY, None, 0, None)
    assert not stand(make_expert("Eero Kokeilu")).is_due


def test_weeks_run_from_the_last_supervision_attended() -> None:
    expert = make_expert()
    supervised(expert, local(2027, 3, 1, 9))
    supervised(expert, local(2027, 4, 6, 9))
    assert stand(expert) == SupervisionDue(TODAY, dt.date(2027, 4, 6), 0, dt.date(2027, 6, 1))


@pytest.mark.parametrize(
    ("today", "is_due", "days_late"),
    [
        (dt.date(2027, 5, 31), False, 0),
        (dt.date(2027, 6, 1), True, 0),
        (dt.date(2027, 6, 2), True, 1),
    ],
)
def test_on_the_day_one_is_due_and_the_day_after_late(
    today: dt.date, is_due: bool, days_late: int
) -> None:
    expert = make_expert()
    supervised(expert, local(2027, 4, 6, 9))
    found = stand(expert, today)
    assert (found.is_due, found.is_overdue, found.days_late) == (is_due, days_late > 0, days_late)


def test_before_the_first_supervision_weeks_run_from_the_first_shift() -> None:
    expert = make_expert()
    shifts(expert, dt.date(2027, 5, 3), 2)
    assert stand(expert) == SupervisionDue(TODAY, None, 2, dt.date(2027, 6, 28))


def test_the_tenth_shift_makes_it_due_on_its_day() -> None:
    expert = make_expert()
    supervised(expert, local(2027, 5, 1, 9))
    shifts(expert, dt.date(2027, 5, 3), 9)
    assert not stand(expert).is_due
    make_shift(expert, local(2027, 5, 20, 9))
    assert stand(expert) == SupervisionDue(TODAY, dt.date(2027, 5, 1), 10, dt.date(2027, 5, 20))
    make_shift(expert, local(2027, 5, 21, 9))
    assert stand(expert) == SupervisionDue(TODAY, dt.date(2027, 5, 1), 11, dt.date(2027, 5, 20))


def test_only_shifts_after_the_last_supervision_count() -> None:
    expert = make_expert()
    shifts(expert, dt.date(2027, 5, 3), 10)
    make_shift(expert, local(2027, 5, 20, 8), 1, source="before")
    supervised(expert, local(2027, 5, 20, 9))
    make_shift(expert, local(2027, 5, 20, 11), 1, source="right after")
    assert stand(expert).held_since == 1


def test_cancelled_shifts_and_other_entries_do_not_count() -> None:
    expert = make_expert()
    entries = shifts(expert, dt.date(2027, 5, 3), 3)
    diary.cancel(entries[0].source, now=NOW)
    DiaryEntry.objects.filter(pk=entries[1].pk).update(kind="training")
    assert stand(expert).held_since == 1


def test_a_shift_counts_from_the_day_after_it() -> None:
    expert = make_expert()
    make_shift(expert, local(2027, 5, 30, 22), 2)
    make_shift(expert, local(2027, 5, 31, 22), 2)  # ends at midnight
    make_shift(expert, local(2027, 6, 1, 9), 2)
    assert stand(expert).held_since == 2
    diary.move(
        f"assignment:{expert.pk}-202705311900",
        starts_at=local(2027, 5, 31, 23),
        ends_at=local(2027, 6, 1, 1),
        now=NOW,
    )
    assert stand(expert).held_since == 1  # that one is not over yet when the day begins


def test_a_day_is_a_helsinki_day() -> None:
    expert = make_expert()
    supervised(expert, local(2027, 3, 28, 0, 30))  # 27.3. in UTC, the night of the clock change
    assert stand(expert).last_on == dt.date(2027, 3, 28)
    assert stand(expert).due_on == dt.date(2027, 5, 23)


@pytest.mark.parametrize(
    ("state", "attended"),
    [("held", "not_present"), ("planned", "invited"), ("cancelled", "attended")],
)
def test_only_attended_held_sessions_count(state: str, attended: str) -> None:
    expert = make_expert()
    supervised(expert, local(2027, 5, 3, 9), state=state, attended=attended)
    assert stand(expert).last_on is None


def test_the_next_planned_session_is_told() -> None:
    expert = make_expert()
    supervised(expert, local(2027, 6, 20, 9), state="planned", attended="invited")
    supervised(expert, local(2027, 6, 10, 9), state="planned", attended="invited")
    supervised(
        make_expert("Eero Kokeilu"), local(2027, 6, 5, 9), state="planned", attended="invited"
    )
    assert stand(expert).next_on == dt.date(2027, 6, 10)


def test_the_rule_is_the_latest_that_has_begun() -> None:
    assert (rule_on(TODAY).max_weeks, rule_on(TODAY).max_sessions) == (8, 10)
    SupervisionRule.objects.create(starts_on=dt.date(2027, 1, 1), max_weeks=4, max_sessions=3)
    SupervisionRule.objects.create(starts_on=dt.date(2027, 7, 1), max_weeks=2, max_sessions=1)
    assert (rule_on(TODAY).max_weeks, rule_on(TODAY).max_sessions) == (4, 3)
    assert rule_on(dt.date(2027, 7, 1)).max_weeks == 2
    expert = make_expert()
    shifts(expert, dt.date(2027, 5, 24), 3)
    assert stand(expert).due_on == dt.date(2027, 5, 26)


def test_people_do_not_mix_and_queries_do_not_grow(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [make_expert(f"Onni Näyte {n}") for n in range(6)]
    for number, expert in enumerate(people):
        shifts(expert, dt.date(2027, 5, 3), number)
    with django_assert_num_queries(3):
        found = due(people, today=TODAY)
    assert [found[expert.pk].held_since for expert in people] == [0, 1, 2, 3, 4, 5]
    with django_assert_num_queries(3):
        due(people[:1], today=TODAY)
