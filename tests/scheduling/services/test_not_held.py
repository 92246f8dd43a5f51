"""Sessions nobody was ever coming to end by themselves a week after they are over."""

import datetime as dt
from typing import Any

import pytest

from coordination.models import OutboxMessage
from scheduling.models import Session, SessionState
from scheduling.queries import history, today
from scheduling.services import assignments, not_held, offers, sessions
from tests.cast import Cast
from tests.scheduling.makers import DAY, HOUR, NOW, claim_seat, make_session

pytestmark = pytest.mark.django_db


def over(cast: Cast, days: float, **fields: Any) -> Session:
    """A session that ended so many days before NOW."""
    session = make_session(cast.sastamala, "2027-03-01 09:30", **fields)
    ends_at = NOW - dt.timedelta(days=days)
    Session.objects.filter(pk=session.pk).update(starts_at=ends_at - 2 * HOUR, ends_at=ends_at)
    session.refresh_from_db()
    return session


def states() -> list[str]:
    return list(Session.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(("days", "state"), [(6.99, "open"), (7, "cancelled"), (90, "cancelled")])
def test_a_week_after_it_is_over(ready: Cast, days: float, state: str) -> None:
    session = over(ready, days)

    assert not_held.end(now=NOW) == (state == "cancelled")
    assert not_held.end(now=NOW) == 0

    session.refresh_from_db()
    assert session.state == state
    assert session.was_not_held == (state == "cancelled")


def test_who_came_or_said_so_keeps_it_open(ready: Cast) -> None:
    for expert, hours in ((ready.aino.expert, 0), (ready.eero.expert, 5)):
        session = make_session(ready.sastamala, f"2027-03-02 {9 + hours:02}:30", hours=2)
        row = claim_seat(session, expert=expert, by=None, now=NOW)
        if hours:
            assignments.release(row, by=expert.user, now=NOW)

    assert not_held.end(now=NOW + 30 * DAY) == 1
    assert states() == ["open", "cancelled"]


@pytest.mark.parametrize("state", [SessionState.DRAFT, SessionState.HELD])
def test_other_states_stay(ready: Cast, state: str) -> None:
    over(ready, 30, state=state)
    assert not_held.end(now=NOW) == 0


def test_what_still_waits_is_ended_and_nobody_is_mailed(ready: Cast) -> None:
    session = make_session(ready.sastamala, "2027-03-03 09:30", seats=2)
    asked = assignments.propose(
        session, expert=ready.aino.expert, overrules={}, by=ready.coordinator, now=NOW
    )
    offer = offers.send(
        session,
        experts=[ready.eero.expert],
        expires_at=NOW + DAY,
        by=ready.coordinator,
        now=NOW,
    )[0]
    OutboxMessage.objects.all().delete()

    not_held.end(now=NOW + 30 * DAY)

    for row in (asked, offer):
        row.refresh_from_db()
    assert (asked.state, offer.state) == ("cancelled", "superseded")
    assert not OutboxMessage.objects.exists()


def test_the_fill_rate_goes_on_counting_it(ready: Cast) -> None:
    """Else seats nobody took would vanish, and every old week would look full."""
    over(ready, 8, seats=3)
    cancelled = over(ready, 8.5, seats=5)
    sessions.cancel(cancelled, by=ready.coordinator, now=NOW)
    before = today.fill_rate(now=NOW)

    not_held.end(now=NOW)

    after = today.fill_rate(now=NOW)
    assert [week.seats for week in after.weeks] == [week.seats for week in before.weeks]
    assert sum(week.seats for week in after.weeks) == 3


def test_it_is_called_what_it_was(ready: Cast, client: Any) -> None:
    ended, cancelled = over(ready, 8), over(ready, 8.5)
    sessions.cancel(cancelled, by=ready.coordinator, now=NOW)
    not_held.end(now=NOW)
    client.force_login(ready.coordinator)

    pages = [
        client.get(f"/sessions/{session.pk}/").content.decode() for session in (ended, cancelled)
    ]

    assert ["Ei pidetty: ketään ei ollut tulossa" in page for page in pages] == [True, False]
    ended.refresh_from_db()
    assert [event.text for event in history.of_session(ended)] == [
        "Ei pidetty: ketään ei ollut tulossa"
    ]
