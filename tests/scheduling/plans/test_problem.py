"""From the database to the planner's question."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts.models import Absence, Expert, Orientation
from experts.models.expert import ExpertStatus
from scheduling.models import PreferredPerson, Series, Session, SessionPriority, SessionState
from scheduling.planner.problem import Option, Person, Weights
from scheduling.services import plan_problem, plan_store
from tests.cast import Cast
from tests.scheduling.makers import NOW, claim_seat, make_session
from tests.scheduling.plans.makers import FIRST, make_people, make_sessions, run

BEFORE = dt.date(2027, 4, 1)


@pytest.fixture(autouse=True)
def _only_ours(cast: Cast) -> None:
    Expert.objects.update(status=ExpertStatus.ENDED, ended_on="2027-01-01")


def ask(**fields: object) -> plan_problem.Question:
    freed = fields.get("freed", ())
    sessions = plan_problem.plannable(FIRST, BEFORE, now=NOW, freed=freed)  # type: ignore[arg-type]  # ids
    values = {"days": 31, "weights": Weights(), "now": NOW, **fields}
    return plan_problem.make(sessions, **values)  # type: ignore[arg-type]  # as above


def person(question: plan_problem.Question, expert: Expert) -> Person:
    return next(p for p in question.problem.people if p.id == expert.pk)


def option(question: plan_problem.Question, session: int, expert: Expert) -> Option:
    found = question.problem.options
    return next(o for o in found if (o.session, o.person) == (session, expert.pk))


def test_sessions_to_come_with_a_free_seat_on_local_days(cast: Cast) -> None:
    [one] = make_people(cast, 1)
    place = cast.sastamala
    first = make_session(place, "2027-03-31 23:30", 1)
    draft = make_session(place, "2027-03-10 09:00", state=SessionState.DRAFT)
    make_session(place, "2027-04-01 00:00")
    make_session(place, "2027-03-11 09:00", state=SessionState.CANCELLED)
    make_session(place, "2027-03-01 09:00", 2)  # has begun: it is ten
    claim_seat(make_session(place, "2027-03-12 09:00"), expert=one, by=None, now=NOW)
    half = make_session(place, "2027-03-15 09:00", seats=2)
    claim_seat(half, expert=one, by=None, now=NOW)
    found = {s.id: s.seats for s in ask().problem.sessions}
    assert found == {first.pk: 1, draft.pk: 1, half.pk: 1}


def test_options_are_those_nothing_blocks_or_asks(cast: Cast) -> None:
    fits, away, stranger, overdue = make_people(cast, 4)
    [session] = make_sessions(cast, 1)
    Absence.objects.create(expert=away, starts_on="2027-03-08", ends_on="2027-03-08")
    Orientation.objects.filter(expert=stranger).delete()
    overdue.weekly_hours = Decimal("1.0")
    overdue.save()
    question = ask()
    assert {o.person for o in question.problem.options} == {fits.pk, overdue.pk}
    assert question.against == {session.pk: {"absent": 1, "not_oriented": 1}}
    assert person(question, overdue).week_minutes == 60


def test_a_session_that_lacks_something_is_nobodys(cast: Cast) -> None:
    make_people(cast, 2)
    [session] = make_sessions(cast, 1, kind=cast.kinds["group_session"])
    question = ask()
    assert question.problem.options == ()
    assert question.against == {session.pk: {"no_responsible_professional": 0}}
    assert [s.is_heavy for s in question.problem.sessions] == [True]


def test_what_is_agreed_takes_its_room(cast: Cast) -> None:
    one, two = make_people(cast, 2)
    Expert.objects.filter(pk=one.pk).update(weekly_hours=10, rest_hours=11)
    Expert.objects.filter(pk=two.pk).update(monthly_sessions=5)
    first, second = make_sessions(cast, 2, hours=4)
    held = claim_seat(first, expert=Expert.objects.get(pk=one.pk), by=None, now=NOW)
    question = ask()
    assert [s.id for s in question.problem.sessions] == [second.pk]
    known = person(question, one)
    assert (known.week_minutes, known.week_used) == (600, {202710: 240})
    assert known.month_used == {2027 * 12 + 3: 1}
    assert known.rest_minutes == 660
    assert known.agreed_minutes == 10 * 60 * 31 // 7
    assert person(question, two).agreed_minutes == 5 * 240 * 31 // 30
    # freed, it takes none, and may move
    question = ask(freed=[held.pk])
    known = person(question, one)
    assert (known.week_used, known.month_used, known.minutes_before) == ({}, {}, 0)
    assert question.problem.current == {(first.pk, one.pk)}
    assert {s.id: s.seats for s in question.problem.sessions} == {first.pk: 1, second.pk: 1}
    option(question, first.pk, two)


def test_who_is_asked_first_is_wished(cast: Cast) -> None:
    one, two = make_people(cast, 2)
    kind = cast.kinds["individual_meeting"]
    place = cast.sastamala
    series = Series.objects.create(
        kind=kind,
        unit=place.unit,
        site=place.lobby,
        starts_on=FIRST,
        starts_time=dt.time(9, 30),
        minutes=60,
    )
    PreferredPerson.objects.create(series=series, expert=two)
    session = make_session(
        place, "2027-03-09 09:30", 1, kind=kind, series=series, occurrence_on="2027-03-09"
    )
    plain = make_session(place, "2027-03-10 09:30", 1)
    question = ask()
    assert not option(question, session.pk, one).is_wished
    assert option(question, session.pk, two).is_wished
    assert option(question, plain.pk, one).is_wished
    found = {s.id: s.series for s in question.problem.sessions}
    assert found == {session.pk: series.pk, plain.pk: None}


def test_the_number_of_queries_does_not_depend_on_the_rows(cast: Cast) -> None:
    make_people(cast, 2)
    make_sessions(cast, 2)
    with CaptureQueriesContext(connection) as few:
        ask()
    more = make_people_more(cast)
    make_sessions(cast, 30)
    with CaptureQueriesContext(connection) as many:
        question = ask()
    assert len(question.problem.people) == 2 + more
    assert len(many) == len(few)


def make_people_more(cast: Cast) -> int:
    """Other names and addresses than the first ones have."""
    Expert.objects.update(email="")
    return len(make_people(cast, 12))


def test_a_problem_comes_back_from_the_database_as_it_was(cast: Cast) -> None:
    one, *_others = make_people(cast, 3)
    Expert.objects.filter(pk=one.pk).update(weekly_hours=10)
    sessions = make_sessions(cast, 4)
    claim_seat(sessions[0], expert=Expert.objects.get(pk=one.pk), by=None, now=NOW)
    problem = ask(pins=[(sessions[1].pk, one.pk)]).problem
    assert problem.pinned
    assert plan_store.unpack_problem(plan_store.pack_problem(problem)) == problem


def test_a_session_of_high_priority_is_filled_first(cast: Cast) -> None:
    """One person, two sessions at one time: the one that counts more gets them."""
    [one] = make_people(cast, 1)
    plain = make_session(cast.sastamala, "2027-03-09 09:30")
    first = make_session(cast.sastamala, "2027-03-09 10:30", priority=SessionPriority.HIGH)
    made = run(cast)
    assert [(s.session_id, s.expert_id) for s in made.planned.all()] == [(first.pk, one.pk)]
    Session.objects.filter(pk=plain.pk).update(priority=SessionPriority.HIGH)
    Session.objects.filter(pk=first.pk).update(priority=SessionPriority.NORMAL)
    assert [s.session_id for s in run(cast).planned.all()] == [plain.pk]
