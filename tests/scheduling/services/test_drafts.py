"""Drafts: what waited for a paper opens by itself; what somebody meant as a draft stays one."""

import datetime as dt
import uuid
from typing import Any

from coordination.models import InsurancePolicy
from scheduling import jobs
from scheduling.models import Booking, Session, SessionState, SkippedOccurrence
from scheduling.services import bookings, sessions
from tests.cast import SINCE, Cast
from tests.scheduling.makers import NOW, local, make_session
from tests.scheduling.pages.world import details

DAY = dt.timedelta(days=1)


def accepted(cast: Cast, *, now: dt.datetime = NOW, **fields: Any) -> Booking:
    made = bookings.request(details(cast, **fields), key=uuid.uuid4(), by=cast.sari, now=NOW)
    return bookings.accept(made, by=cast.coordinator, now=now)


def _states() -> set[str]:
    return set(Session.objects.values_list("state", flat=True))


def test_drafts_open_the_night_after_their_paper_has_come(ready: Cast) -> None:
    InsurancePolicy.objects.all().delete()
    accepted(ready)
    by_hand = make_session(ready.sastamala, state=SessionState.DRAFT)
    jobs.extend_series(now=NOW + DAY, period="1")
    assert _states() == {"draft"}
    InsurancePolicy.objects.create(
        unit=ready.sastamala.unit, insurer="Turva", policy_number="T-2", starts_on=SINCE
    )
    jobs.extend_series(now=NOW + 2 * DAY, period="2")
    assert list(Session.objects.exclude(state="open")) == [by_hand]


def test_publishing_all_opens_what_is_in_order_and_leaves_the_rest(ready: Cast) -> None:
    InsurancePolicy.objects.all().delete()
    booking = accepted(ready)
    InsurancePolicy.objects.create(
        unit=ready.sastamala.unit,
        insurer="Turva",
        policy_number="T-2",
        starts_on=SINCE,
        ends_on=dt.date(2027, 4, 30),
    )
    opened = sessions.publish_ready(booking.sessions.all(), now=NOW)
    states = booking.sessions.order_by("starts_at").values_list("starts_at", "state")
    assert [state for _at, state in states] == ["open"] * opened + ["draft"] * 3
    assert {at < local("2027-05-01 00:00") for at, state in states if state == "open"} == {True}


def test_days_that_pass_before_the_answer_are_kept_with_why(ready: Cast) -> None:
    accepted(ready, now=local("2027-03-20 09:00"))
    past = SkippedOccurrence.objects.filter(code="past")
    assert list(past.values_list("occurrence_on", flat=True)) == [
        dt.date(2027, 3, 11),
        dt.date(2027, 3, 18),
    ]
    assert not Session.objects.filter(starts_at__lt=local("2027-03-20 09:00")).exists()


def test_the_same_key_makes_one_session(ready: Cast) -> None:
    key = uuid.uuid4()
    values: dict[str, Any] = {
        "kind": ready.kinds["lobby_shift"],
        "unit": ready.sastamala.unit,
        "site": ready.sastamala.lobby,
        "starts_at": local("2027-03-04 09:30"),
        "ends_at": local("2027-03-04 13:30"),
        "publish": True,
        "by": ready.coordinator,
        "now": NOW,
    }
    first, second = (sessions.create(**values, key=key) for _ in range(2))
    assert first == second
    assert Session.objects.count() == 1
