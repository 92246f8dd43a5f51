"""Lists of the register, of what is missing, of what runs out, of orientation, of looks."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from coordination.models import ActivityKind, UnitContact, User
from coordination.permissions import Role
from coordination.services import traces
from coordination.workbook.weekly import WeeklyHours, Weeks
from experts.models import Expert, ExpertStatus, Orientation, Training
from experts.queries import due_panel, hours, looks, readiness, register
from experts.queries.missing import lacks
from experts.queries.orientation import coverage
from experts.queries.register import Wanted
from experts.services import expert_rows
from experts.services import readiness as recorded
from tests.experts.makers import NOW, local, make_expert, make_shift, make_unit, make_user

pytestmark = pytest.mark.django_db
TODAY = dt.date(2027, 3, 1)


@pytest.fixture
def coordinator() -> User:
    return make_user("kaisa@example.org", Role.COORDINATOR, name="Kaisa Koordinaattori")


def names(wanted: Wanted, user: User) -> list[str]:
    return [expert.name for expert in register.find(wanted, user=user, today=TODAY)]


# -- the register ------------------------------------------------------------------------------


def test_each_filter_narrows(coordinator: User) -> None:
    unit, kind = make_unit(), ActivityKind.objects.all()[0]
    aino = make_expert(home_municipality="Sastamala", languages=["fi", "sv"], phone="+358401")
    aino.kinds.add(kind)
    Orientation.objects.create(unit=unit, expert=aino, oriented_on=TODAY)
    Orientation.objects.create(unit=unit, expert=aino, oriented_on=dt.date(2027, 2, 1))
    for number in range(10):
        make_shift(aino, local(2027, 2, 1 + number, 9))
    make_expert("Eero Kokeilu", email="eero@example.org", languages=["fi"])
    make_expert("Onni Näyte", status=ExpertStatus.ENDED)
    everybody = ["Aino Testilä", "Eero Kokeilu"]
    assert names(Wanted(), coordinator) == everybody
    assert names(Wanted(language="fi"), coordinator) == everybody
    for wanted in (
        Wanted(language="sv"),
        Wanted(municipality="sastamala"),
        Wanted(kind_id=kind.pk),
        Wanted(unit_id=unit.pk),
        Wanted(is_due=True),
        Wanted(text="testilä aino"),
        Wanted(text="358401"),
    ):
        assert names(wanted, coordinator) == ["Aino Testilä"], wanted
    assert names(Wanted(text="EERO@"), coordinator) == ["Eero Kokeilu"]
    assert names(Wanted(status="ended"), coordinator) == ["Onni Näyte"]
    assert names(Wanted(text="aino eero"), coordinator) == []


def test_the_register_is_for_those_who_keep_it() -> None:
    expert = make_expert(user=make_user("aino@example.org", Role.EXPERT))
    make_expert("Eero Kokeilu")
    assert expert.user is not None
    assert names(Wanted(), expert.user) == ["Aino Testilä"]
    for role in (Role.FINANCE, Role.WORK_SUPERVISOR, Role.ADMINISTRATOR):
        assert names(Wanted(), make_user(f"{role}@example.org", role)) == []


def test_lines_cost_the_same_for_one_and_for_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [make_expert(f"Onni Näyte {number}") for number in range(6)]
    with django_assert_num_queries(11):
        register.lines(people[:1], today=TODAY)
    with django_assert_num_queries(11):
        assert len(register.lines(people, today=TODAY)) == 6


# -- what is missing ---------------------------------------------------------------------------


def missing(expert: Expert, today: dt.date = TODAY) -> list[str]:
    ready = readiness.load([expert], days=[today], today=today)[expert.pk]
    return [lack.code for lack in lacks(ready, today=today)]


def _complete() -> Expert:
    user = make_user("aino@example.org", Role.EXPERT)
    expert = make_expert(
        user=user,
        email="aino@example.org",
        payroll_number="1001",
        confidentiality_signed_on=dt.date(2026, 1, 1),
        tax_card_seen_on=dt.date(2027, 1, 2),
        extract_seen_on=dt.date(2026, 12, 1),
        extract_seen_by="Kaisa",
    )
    expert.kinds.add(ActivityKind.objects.all()[0])
    Training.objects.create(expert=expert, name="K", completed_on=dt.date(2025, 1, 1))
    recorded.sign_off(expert, recorded.FourPoints(True, True, True, True), by=None, now=NOW)
    recorded.orient(expert, unit=make_unit(), on=dt.date(2027, 1, 1), by=None, now=NOW)
    expert_rows.replace_patterns(
        expert, [WeeklyHours(0, dt.time(9), dt.time(15))], on=dt.date(2027, 1, 1)
    )
    return expert


def _no_kinds(expert: Expert) -> None:
    expert.kinds.clear()


def _training(**fields: Any) -> Callable[[Expert], object]:
    return lambda expert: expert.trainings.update(**fields)


def _set(**fields: Any) -> Callable[[Expert], object]:
    return lambda expert: Expert.objects.filter(pk=expert.pk).update(**fields)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda expert: expert.trainings.all().delete(), "training_missing"),
        (_training(valid_until=dt.date(2027, 2, 28)), "training_expired"),
        (_training(valid_until=dt.date(2027, 4, 30)), "training_ends"),
        (_training(valid_until=dt.date(2027, 5, 1)), None),
        (lambda expert: expert.sign_offs.update(withdrawn_at=NOW), "not_signed_off"),
        (lambda expert: expert.orientations.all().delete(), "not_oriented"),
        (lambda expert: expert.patterns.all().delete(), "no_hours"),
        (_no_kinds, "no_kinds"),
        (_set(confidentiality_signed_on=None), "confidentiality"),
        (_set(payroll_number=""), "payroll_number"),
        (_set(payroll_number="", is_volunteer=True), None),
        (_set(tax_card_seen_on=dt.date(2026, 12, 31)), "tax_card"),
        (_set(tax_card_seen_on=None, is_volunteer=True), None),
        (_set(extract_seen_on=None, extract_seen_by=""), "extract_missing"),
        (_set(extract_seen_on=dt.date(2026, 4, 30)), "extract_old"),
        (_set(extract_seen_on=dt.date(2026, 5, 1)), None),
        (_set(extract_seen_on=dt.date(2025, 1, 1)), "extract_old"),
        (_set(user=None), "no_account"),
        (_set(user=None, email=""), "no_email"),
    ],
)
def test_one_lack_at_a_time(spoil: Callable[[Expert], object], code: str | None) -> None:
    expert = _complete()
    assert missing(expert) == []
    spoil(expert)
    assert missing(Expert.objects.get(pk=expert.pk)) == ([code] if code else [])


def test_supervision_that_is_late_is_said_in_words() -> None:
    expert = _complete()
    make_shift(expert, local(2027, 1, 4, 9))
    ready = readiness.load([expert], days=[TODAY], today=TODAY)[expert.pk]
    with translation.override("fi"):
        assert [str(lack.text) for lack in lacks(ready, today=TODAY)] == [
            "Työnohjauksen määräaika on tänään."
        ]
    later = dt.date(2027, 3, 4)
    ready = readiness.load([expert], days=[later], today=later)[expert.pk]
    with translation.override("fi"):
        assert [str(lack.text) for lack in lacks(ready, today=later)] == [
            "Työnohjaus on 3 päivää myöhässä."
        ]


# -- panels ------------------------------------------------------------------------------------


def test_the_longest_late_come_first_and_only_people_at_work() -> None:
    for name, day, status in (
        ("A", dt.date(2027, 1, 2), ExpertStatus.ACTIVE),
        ("B", dt.date(2027, 1, 1), ExpertStatus.ACTIVE),
        ("C", dt.date(2026, 12, 1), ExpertStatus.ON_BREAK),
        ("D", dt.date(2027, 2, 1), ExpertStatus.ACTIVE),
    ):
        expert = make_expert(name, status=status)
        make_shift(expert, local(day.year, day.month, day.day, 9))
    found = due_panel.due_people(today=TODAY)
    assert [(row.expert.name, row.due.days_late) for row in found] == [("B", 3), ("A", 2)]


def test_what_runs_out_within_sixty_days() -> None:
    aino, eero = make_expert(), make_expert("Eero", extract_seen_on=dt.date(2026, 3, 15))
    onni = make_expert("Onni", status=ExpertStatus.ENDED)
    days = {aino: dt.date(2027, 4, 30), eero: dt.date(2027, 5, 1), onni: TODAY}
    for expert, day in days.items():
        Training.objects.create(
            expert=expert, name="K", completed_on=dt.date(2025, 1, 1), valid_until=day
        )
    found = [
        (row.expert.name, row.what, row.on)
        for row in due_panel.running_out(Expert.objects.active(), today=TODAY)
    ]
    assert found == [
        ("Eero", "extract", dt.date(2027, 3, 15)),
        ("Aino Testilä", "training", dt.date(2027, 4, 30)),
    ]


def test_a_training_that_another_outlasts_does_not_run_out() -> None:
    expert = make_expert()
    for valid_until in (TODAY, None):
        Training.objects.create(
            expert=expert, name="K", completed_on=dt.date(2025, 1, 1), valid_until=valid_until
        )
    assert due_panel.running_out(Expert.objects.active(), today=TODAY) == []


def test_applicants_the_newest_first() -> None:
    for name in ("A", "B"):
        make_expert(name, status=ExpertStatus.APPLICANT)
    make_expert("C")
    assert [expert.name for expert in due_panel.people().applicants] == ["B", "A"]


# -- orientation -------------------------------------------------------------------------------


def test_coverage_counts_professionals_known_by_name(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    here, there = make_unit(), make_unit("Nokia")
    for name, ends_on in (("Kerttu Keksitty", None), ("Tuija Tukeva", None), ("X", TODAY)):
        UnitContact.objects.create(
            unit=here,
            kind="contact",
            name=name,
            starts_on=dt.date(2027, 1, 1),
            ends_on=ends_on and dt.date(2027, 2, 1),
        )
    make_user("sari@example.org", Role.CLINIC_CONTACT, name="Sari Sastamala", unit=here)
    for name in ("kerttu  keksitty", "Uusi Ihminen"):
        for day in (dt.date(2027, 2, 1), dt.date(2027, 1, 5)):
            recorded.orient_professional(name, unit=here, on=day, by=None, now=NOW)
    recorded.orient(make_expert(), unit=here, on=dt.date(2027, 2, 1), by=None, now=NOW)
    ended = make_expert("Onni", status=ExpertStatus.ENDED)
    recorded.orient(ended, unit=here, on=dt.date(2027, 2, 1), by=None, now=NOW)
    with django_assert_num_queries(5):
        known, empty = coverage([here, there], today=TODAY)
    assert [(person.name, person.oriented_on) for person in known.professionals] == [
        ("Sari Sastamala", None),
        ("Tuija Tukeva", None),
        ("Kerttu Keksitty", dt.date(2027, 2, 1)),
        ("Uusi Ihminen", dt.date(2027, 2, 1)),
    ]
    assert (known.oriented, known.percent) == (2, 50)
    assert (known.experts_oriented, known.experts_active) == (1, 1)
    assert (empty.professionals, empty.percent) == ([], None)


# -- weekly hours as they are shown ------------------------------------------------------------


def rows(expert: Expert, today: dt.date = TODAY) -> list[tuple[Any, ...]]:
    found = hours.shown(Expert.objects.get(pk=expert.pk), today=today)
    return [(row.hours.weekday, row.clock, row.is_even, row.from_day, row.until) for row in found]


def test_hours_that_hold_and_those_that_come() -> None:
    expert = make_expert()
    old, new = WeeklyHours(0, dt.time(9), dt.time(15)), WeeklyHours(0, dt.time(10), dt.time(0))
    expert_rows.replace_patterns(expert, [old], on=dt.date(2027, 1, 1))
    assert rows(expert) == [(0, "9.00–15.00", False, None, None)]
    expert = Expert.objects.get()
    expert_rows.replace_patterns(expert, [new], on=dt.date(2027, 3, 15))
    assert rows(expert) == [
        (0, "9.00–15.00", False, None, dt.date(2027, 3, 14)),
        (0, "10.00–24.00", False, dt.date(2027, 3, 15), None),
    ]
    assert hours.latest(Expert.objects.get()) == [new]


def test_every_other_week_is_one_row_over_long_years() -> None:
    expert = make_expert()
    even = WeeklyHours(2, dt.time(13), dt.time(16), Weeks.EVEN)
    expert_rows.replace_patterns(expert, [even], on=dt.date(2026, 11, 22))
    assert expert.patterns.count() > 1  # 2026 and 2032 have 53 weeks
    assert rows(expert, dt.date(2026, 11, 22)) == [(2, "13.00–16.00", True, None, None)]
    assert hours.latest(Expert.objects.get()) == [even]


# -- looks -------------------------------------------------------------------------------------


def test_looks_are_told_newest_first_with_names(coordinator: User) -> None:
    expert = make_expert()
    for page, hour in (("experts:detail", 0), ("experts:detail", 2), ("something:new", 3)):
        traces.looked_at(
            subject_kind=looks.SUBJECT,
            subject_id=expert.pk,
            viewer=coordinator,
            page=page,
            now=NOW + dt.timedelta(hours=hour),
        )
    with translation.override("fi"):
        told = [looks.told(view) for view in looks.views_of(expert)]
        assert [(look.viewer, str(look.page)) for look in told] == [
            ("Kaisa Koordinaattori", "muut tiedot"),
            ("Kaisa Koordinaattori", "sivu rekisterissä"),
            ("Kaisa Koordinaattori", "sivu rekisterissä"),
        ]
        coordinator.delete()
        gone = looks.told(looks.views_of(expert)[0])
        assert gone.viewer == "poistettu tunnus"
