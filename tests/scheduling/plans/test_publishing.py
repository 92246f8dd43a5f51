"""Publishing: each seat checked once more, each person told once, nothing forced, nothing twice."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.models import OutboxMessage
from experts.models import DiaryKind, Expert
from experts.models.expert import ExpertStatus
from experts.services import diary
from scheduling.models import (
    Assignment,
    AssignmentState,
    Overrule,
    PlanRun,
    PlanState,
    SeatOutcome,
)
from scheduling.queries import plans
from scheduling.services import assignments, plan_publish, plan_runs
from tests.cast import Cast
from tests.scheduling.makers import NOW, claim_seat, local, make_session
from tests.scheduling.plans.makers import make_people, make_sessions, run


@pytest.fixture(autouse=True)
def _only_ours(cast: Cast) -> None:
    Expert.objects.update(status=ExpertStatus.ENDED, ended_on="2027-01-01")


def publish(cast: Cast, made: PlanRun) -> PlanRun:
    plan_runs.ask_to_publish(made, by=cast.coordinator, now=NOW)
    plan_publish.work(made.pk, now=NOW)
    made.refresh_from_db()
    return made


def test_each_person_is_asked_once_in_one_message(cast: Cast) -> None:
    people, sessions = make_people(cast, 2), make_sessions(cast, 6)
    made = run(cast)
    assert (made.state, made.seats, made.filled) == (PlanState.DONE, 6, 6)
    assert OutboxMessage.objects.count() == 0
    assert publish(cast, made).state == PlanState.PUBLISHED
    asked = Assignment.objects.filter(state=AssignmentState.PROPOSED)
    assert {a.session_id for a in asked} == {s.pk for s in sessions}
    assert {a.proposed_by for a in asked} == {cast.coordinator}
    messages = OutboxMessage.objects.all()
    assert [m.kind for m in messages] == ["plan_published"] * 2
    assert {m.to_email for m in messages} == {p.email for p in people}
    for message in messages:
        own = asked.filter(expert__email=message.to_email)
        assert message.body.count("/a/") == own.count() == 3
    # a second press, a late worker
    plan_publish.work(made.pk, now=NOW)
    assert (asked.count(), messages.count()) == (6, 2)


def test_what_no_longer_fits_is_said_and_not_forced(cast: Cast) -> None:
    [person], _sessions = make_people(cast, 1), make_sessions(cast, 2)
    made = run(cast)
    person.status = ExpertStatus.ON_BREAK
    person.save()
    publish(cast, made)
    seats = list(made.planned.all())
    assert [seat.outcome for seat in seats] == [SeatOutcome.REFUSED] * 2
    assert all(person.name in seat.why for seat in seats)
    assert (Assignment.objects.count(), OutboxMessage.objects.count()) == (0, 0)


def test_who_is_freed_loses_a_seat_only_when_the_other_can_come(cast: Cast) -> None:
    one, two = make_people(cast, 2)
    [session] = make_sessions(cast, 1)
    held = claim_seat(session, expert=one, by=cast.coordinator, now=NOW)
    OutboxMessage.objects.all().delete()
    made = run(cast, free_people=[one.pk])
    seat = made.planned.get()
    assert (seat.expert, seat.was) == (one, held), "a move costs, so nobody is moved"
    seat.expert, seat.was = two, None
    seat.save()
    two.status = ExpertStatus.ON_BREAK
    two.save()
    publish(cast, made)
    held.refresh_from_db()
    assert held.state == AssignmentState.CONFIRMED
    assert made.planned.get().outcome == SeatOutcome.REFUSED
    assert OutboxMessage.objects.count() == 0


def test_who_is_moved_hears_of_both_in_one_message(cast: Cast) -> None:
    one, two = make_people(cast, 2)
    first, second = make_sessions(cast, 2)
    held = claim_seat(first, expert=one, by=cast.coordinator, now=NOW)
    OutboxMessage.objects.all().delete()
    made = run(cast, free_people=[one.pk])
    made.planned.all().delete()
    made.planned.create(session=first, expert=two)
    made.planned.create(session=second, expert=one)
    publish(cast, made)
    held.refresh_from_db()
    assert held.state == AssignmentState.CANCELLED
    coming = Assignment.objects.filter(state=AssignmentState.PROPOSED)
    assert set(coming.values_list("session", "expert")) == {
        (first.pk, two.pk),
        (second.pk, one.pk),
    }
    assert OutboxMessage.objects.count() == 2
    to_one = OutboxMessage.objects.get(to_email=one.email).body
    assert to_one.count("/a/") == 1
    assert "8.3." in to_one
    assert "9.3." in to_one


def test_who_gave_up_a_kept_seat_is_not_asked_again(cast: Cast) -> None:
    [one], [session] = make_people(cast, 1), make_sessions(cast, 1)
    held = claim_seat(session, expert=one, by=cast.coordinator, now=NOW)
    made = run(cast, free_people=[one.pk])
    assignments.release(held, by=None, now=NOW)
    publish(cast, made)
    assert made.planned.get().outcome == SeatOutcome.REFUSED
    assert not Assignment.objects.filter(state=AssignmentState.PROPOSED).exists()


def test_overdue_supervision_is_told_before_and_stored_as_seen(cast: Cast) -> None:
    [one], _sessions = make_people(cast, 1), make_sessions(cast, 1)
    # the first shift was held more than eight weeks ago, and there has been no supervision since
    diary.occupy(
        one,
        source="test:1",
        kind=DiaryKind.SHIFT,
        starts_at=local("2026-12-01 09:00"),
        ends_at=local("2026-12-01 13:00"),
        zone_name="Europe/Helsinki",
        now=NOW,
    )
    made = run(cast)
    assert made.filled == 1
    assert plans.overdue(made, now=NOW) == [one.name]
    publish(cast, made)
    overruled = Overrule.objects.get()
    assert (overruled.code, overruled.by) == ("supervision_overdue", cast.coordinator)


def test_what_goes_wrong_leaves_nothing_behind_and_can_be_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_people(cast, 1)
    make_sessions(cast, 3)
    made = run(cast)
    honest, calls = assignments.propose, []

    def broken(*args: Any, **kwargs: Any) -> Assignment:
        calls.append(args)
        if len(calls) == 2:
            raise LookupError
        return honest(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(assignments, "propose", broken)
        publish(cast, made)
    made.refresh_from_db()
    assert (made.state, made.is_publishing, made.error_code) == ("done", False, "LookupError")
    assert not Assignment.objects.exists()
    publish(cast, made)
    assert made.state == PlanState.PUBLISHED
    assert Assignment.objects.count() == 3


def test_what_is_asked_for_first_speaks_against_what_comes_after(cast: Cast) -> None:
    """The facts are read once for all seats; a seat that has been asked for counts for the next."""
    one, two = make_people(cast, 2)
    Expert.objects.filter(pk=two.pk).update(weekly_hours=5)
    cast.coordinator.language = "en"
    cast.coordinator.save()
    monday, tuesday = make_sessions(cast, 2, hours=4)
    beside = make_session(cast.sastamala, "2027-03-08 12:00")
    made = run(cast)
    made.planned.all().delete()
    for session, expert in ((monday, one), (beside, one), (monday, two), (tuesday, two)):
        made.planned.create(session=session, expert=expert)
    later = make_session(cast.sastamala, "2027-03-12 12:00")
    made.planned.create(session=later, expert=two)
    publish(cast, made)
    said = {(s.session_id, s.expert_id): s.why for s in made.planned.exclude(why="")}
    assert set(said) == {(monday.pk, two.pk), (beside.pk, one.pk), (later.pk, two.pk)}
    assert "All seats are taken" in said[monday.pk, two.pk]
    assert "has been asked for the same time" in said[beside.pk, one.pk]
    assert "would have 8 h that week, 5 h agreed" in said[later.pk, two.pk]


def test_a_seat_more_is_a_few_queries_more(cast: Cast) -> None:
    """Nothing is read of a person or a session again for each of their seats."""
    make_people(cast, 1)
    make_sessions(cast, 2)
    few = run(cast)
    with CaptureQueriesContext(connection) as two:
        publish(cast, few)
    make_sessions_in_april(cast, 6)
    more = run(cast, starts_on=dt.date(2027, 4, 1), ends_on=dt.date(2027, 4, 30))
    assert (few.filled, more.filled) == (2, 6)
    with CaptureQueriesContext(connection) as six:
        publish(cast, more)
    assert (len(six) - len(two)) / 4 <= 15


def make_sessions_in_april(cast: Cast, count: int) -> None:
    for day in range(5, 5 + count):
        make_session(cast.sastamala, f"2027-04-{day:02} 09:30", 2)
