"""A session's own life: made, published, moved, held, closed, counted."""

import datetime as dt
from typing import Any

import pytest

from coordination.errors import Refused
from coordination.models import OutboxMessage, User
from experts.models import Absence, DiaryEntry
from scheduling.models import Assignment, AssignmentState, Session, SessionState, Tally
from scheduling.services import assignments, offers, sessions, tallies
from scheduling.services.changes import Changes
from tests.cast import Cast
from tests.scheduling.makers import DAY, HOUR, NOW, claim_seat, local, mails, make_session


@pytest.fixture
def session(ready: Cast) -> Session:
    return make_session(ready.sastamala, seats=2)


def _seat(cast: Cast, session: Session, name: str = "aino") -> Assignment:
    expert = getattr(cast, name).expert
    return claim_seat(session, expert=expert, by=None, now=NOW)


def _made(cast: Cast, **fields: Any) -> Session:
    values: dict[str, Any] = {
        "kind": cast.kinds["lobby_shift"],
        "unit": cast.sastamala.unit,
        "site": cast.sastamala.lobby,
        "starts_at": local("2027-03-04 09:30"),
        "ends_at": local("2027-03-04 13:30"),
        "by": cast.coordinator,
        "now": NOW,
    }
    return sessions.create(**{**values, **fields})


def test_a_session_is_a_draft_until_it_is_published(ready: Cast) -> None:
    made = _made(ready)
    assert (made.state, made.zone_name) == (SessionState.DRAFT, "Europe/Helsinki")
    assert sessions.publish(made, by=ready.coordinator, now=NOW).state == SessionState.OPEN
    assert _made(ready, publish=True).state == SessionState.OPEN


def test_a_group_without_its_professional_is_not_published(ready: Cast) -> None:
    with pytest.raises(Refused) as refused:
        _made(ready, kind=ready.kinds["group_session"], publish=True)
    assert refused.value.code == "not_allowed"
    assert not Session.objects.exists()


def test_moving_tells_before_and_after_and_moves_the_diary(ready: Cast, session: Session) -> None:
    mine = _seat(ready, session)
    OutboxMessage.objects.all().delete()
    sequence = DiaryEntry.objects.get().sequence
    later: Changes = {"starts_at": session.starts_at + HOUR, "ends_at": session.ends_at + HOUR}
    preview = sessions.preview_change(session, now=NOW, **later)
    assert ([a.pk for a in preview.told], preview.unfit) == ([mine.pk], {})
    sessions.change(session, **later, by=ready.coordinator, now=NOW)
    entry = DiaryEntry.objects.get()
    assert (entry.starts_at, entry.sequence) == (later["starts_at"], sequence + 1)
    assert sorted(mails()) == sorted(
        [("session_changed", ready.aino.user.email), ("session_changed", ready.sari.email)]
    )
    body = OutboxMessage.objects.get(to_email=ready.aino.user.email).body
    assert "to 4.3. klo 10.30–14.30" in body
    assert "to 4.3. klo 9.30–13.30" in body


def test_who_no_longer_fits_is_said_before_saving_and_released_only_by_name(
    ready: Cast, session: Session
) -> None:
    mine, other = _seat(ready, session), _seat(ready, session, "eero")
    away = dt.date(2027, 3, 5)
    Absence.objects.create(expert=ready.aino.expert, starts_on=away, ends_on=away)
    next_day: Changes = {"starts_at": session.starts_at + DAY, "ends_at": session.ends_at + DAY}
    preview = sessions.preview_change(session, now=NOW, **next_day)
    assert {pk: [r.code for r in found] for pk, found in preview.unfit.items()} == {
        mine.pk: ["absent"]
    }
    with pytest.raises(Refused) as refused:
        sessions.change(session, **next_day, by=ready.coordinator, now=NOW)
    assert refused.value.code == "no_longer_fits"
    session.refresh_from_db()
    assert session.starts_at == local("2027-03-04 09:30")
    sessions.change(session, **next_day, release={mine.pk}, by=ready.coordinator, now=NOW)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.state, other.state) == (AssignmentState.CANCELLED, AssignmentState.CONFIRMED)
    assert mails("assignment_cancelled") == [("assignment_cancelled", ready.aino.user.email)]
    occupied = DiaryEntry.objects.filter(occupies=True)
    assert list(occupied.values_list("expert", "starts_at")) == [
        (ready.eero.expert.pk, next_day["starts_at"])
    ]


def test_moving_into_another_shift_of_a_person_is_refused(ready: Cast, session: Session) -> None:
    _seat(ready, session)
    other = make_session(ready.sastamala, "2027-03-05 09:30")
    claim_seat(other, expert=ready.aino.expert, by=None, now=NOW)
    with pytest.raises(Refused) as refused:
        sessions.change(
            session,
            starts_at=session.starts_at + DAY,
            ends_at=session.ends_at + DAY,
            by=ready.coordinator,
            now=NOW,
        )
    assert refused.value.code == "no_longer_fits"


def test_offers_move_with_the_session(ready: Cast, session: Session) -> None:
    away = dt.date(2027, 3, 5)
    Absence.objects.create(expert=ready.onni.expert, starts_on=away, ends_on=away)
    sent = offers.send(
        session,
        experts=[ready.eero.expert, ready.onni.expert],
        expires_at=NOW + DAY,
        by=ready.coordinator,
        now=NOW,
    )
    OutboxMessage.objects.all().delete()
    sessions.change(
        session,
        starts_at=session.starts_at + DAY,
        ends_at=session.ends_at + DAY,
        by=ready.coordinator,
        now=NOW,
    )
    for offer in sent:
        offer.refresh_from_db()
    assert [offer.state for offer in sent] == ["sent", "superseded"]
    assert ("session_changed", ready.eero.user.email) in mails()
    assert mails("offer_filled") == [("offer_filled", ready.onni.user.email)]


def test_notes_alone_disturb_nobody(ready: Cast, session: Session) -> None:
    _seat(ready, session)
    OutboxMessage.objects.all().delete()
    changed = sessions.change(session, notes="Kahvit", by=ready.coordinator, now=NOW)
    assert (changed.notes, mails()) == ("Kahvit", [])


def test_fewer_seats_move_people_to_the_first_ones(ready: Cast, session: Session) -> None:
    first, second = _seat(ready, session), _seat(ready, session, "eero")
    with pytest.raises(Refused) as refused:
        sessions.change(session, seats=1, by=ready.coordinator, now=NOW)
    assert refused.value.code == "seats_taken"
    assignments.cancel(first, by=ready.coordinator, now=NOW)
    sessions.change(session, seats=1, by=ready.coordinator, now=NOW)
    second.refresh_from_db()
    assert second.seat == 1


def test_a_session_is_not_moved_to_the_past(ready: Cast, session: Session) -> None:
    with pytest.raises(Refused) as refused:
        sessions.change(
            session, starts_at=NOW - 5 * HOUR, ends_at=NOW - HOUR, by=ready.coordinator, now=NOW
        )
    assert refused.value.code == "in_the_past"


def test_closing_marks_who_came_and_who_did_not(ready: Cast) -> None:
    session = make_session(ready.sastamala, seats=3)
    came, stayed = _seat(ready, session), _seat(ready, session, "eero")
    asked = assignments.propose(
        session, expert=ready.onni.expert, overrules={}, by=ready.coordinator, now=NOW
    )
    after = session.ends_at + HOUR
    closed = sessions.close(
        session,
        actual_starts_at=session.starts_at,
        actual_ends_at=session.ends_at - HOUR,
        not_present={stayed.pk},
        by=ready.sari,
        now=after,
    )
    assert (closed.state, closed.closed_by, closed.closed_at) == ("closed", ready.sari, after)
    for assignment in (came, stayed, asked):
        assignment.refresh_from_db()
    assert [a.state for a in (came, stayed, asked)] == ["held", "no_show", "cancelled"]
    occupied = DiaryEntry.objects.filter(occupies=True)
    assert list(occupied.values_list("source", flat=True)) == [f"assignment:{came.pk}"]
    with pytest.raises(Refused) as refused:
        sessions.close(
            session,
            actual_starts_at=session.starts_at,
            actual_ends_at=session.ends_at,
            by=ready.sari,
            now=after,
        )
    assert refused.value.code == "wrong_state"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"actual_ends_at": local("2027-03-04 09:30")}, "actual_times"),
        ({"actual_ends_at": local("2027-03-04 16:00")}, "actual_times"),
        ({"actual_starts_at": local("2027-03-03 09:30")}, "actual_times"),
        ({"not_present": {0}}, "unknown_assignment"),
        ({"now": local("2027-03-04 09:00")}, "not_yet"),
    ],
)
def test_a_closeout_that_cannot_be_is_refused(
    ready: Cast, session: Session, fields: dict[str, Any], code: str
) -> None:
    _seat(ready, session)
    values: dict[str, Any] = {
        "actual_starts_at": session.starts_at,
        "actual_ends_at": session.ends_at,
        "by": ready.sari,
        "now": local("2027-03-04 15:00"),
    }
    with pytest.raises(Refused) as refused:
        sessions.close(session, **{**values, **fields})
    assert refused.value.code == code
    session.refresh_from_db()
    assert session.state == SessionState.OPEN


def _close(session: Session, by: User, now: dt.datetime) -> None:
    sessions.close(
        session,
        actual_starts_at=session.starts_at,
        actual_ends_at=session.ends_at,
        by=by,
        now=now,
    )


def test_nobody_came_is_no_held_session(ready: Cast, session: Session) -> None:
    with pytest.raises(Refused) as refused:
        _close(session, ready.sari, session.ends_at)
    assert refused.value.code == "nobody_came"


def test_a_past_session_can_be_cancelled_without_a_word(ready: Cast, session: Session) -> None:
    _seat(ready, session)
    OutboxMessage.objects.all().delete()
    sessions.cancel(session, by=ready.coordinator, now=session.ends_at + HOUR)
    assert mails() == []


def test_a_tally_is_numbers_and_can_be_mended(ready: Cast, session: Session) -> None:
    mine = _seat(ready, session)
    with pytest.raises(Refused) as refused:
        tallies.save(mine, counts={"client_before": 1}, by=ready.aino.user, now=NOW)
    assert refused.value.code == "not_yet"
    after = session.ends_at
    tallies.save(
        mine, counts={"client_before": 3, "relative_after": 1}, by=ready.aino.user, now=after
    )
    tally = tallies.save(mine, counts={"client_before": 4}, by=ready.aino.user, now=after)
    assert Tally.objects.count() == 1
    assert (tally.encounters, tally.relative_after, tally.counted_by) == (4, 0, ready.aino.user)
    for counts, code in (({"names": 1}, "unknown_count"), ({"participants": -1}, "count")):
        with pytest.raises(Refused) as refused:
            tallies.save(mine, counts=counts, by=ready.aino.user, now=after)
        assert refused.value.code == code


def test_who_gave_the_shift_up_does_not_count(ready: Cast, session: Session) -> None:
    mine = assignments.release(_seat(ready, session), by=ready.aino.user, now=NOW)
    with pytest.raises(Refused) as refused:
        tallies.save(mine, counts={}, by=ready.aino.user, now=session.ends_at)
    assert refused.value.code == "wrong_state"


MOVES: dict[str, Any] = {
    "publish": lambda s, by, now: sessions.publish(s, by=by, now=now),
    "cancel": lambda s, by, now: sessions.cancel(s, by=by, now=now),
    "close": _close,
    "change": lambda s, by, now: sessions.change(s, notes="x", by=by, now=now),
}
ALLOWED = {
    ("draft", "publish"),
    ("draft", "cancel"),
    ("draft", "change"),
    ("open", "cancel"),
    ("open", "close"),
    ("held", "close"),
    ("open", "change"),
}


@pytest.mark.parametrize("move", sorted(MOVES))
@pytest.mark.parametrize("state", SessionState.values)
def test_every_move_from_every_state(ready: Cast, session: Session, state: str, move: str) -> None:
    _seat(ready, session)
    now = session.ends_at if move == "close" else NOW
    fields: dict[str, Any] = {"state": state}
    if state == SessionState.CLOSED:
        fields |= {
            "closed_at": NOW,
            "closed_by": ready.sari,
            "actual_starts_at": session.starts_at,
            "actual_ends_at": session.ends_at,
        }
    Session.objects.filter(pk=session.pk).update(**fields)
    if (state, move) in ALLOWED:
        MOVES[move](session, ready.coordinator, now)
        return
    with pytest.raises(Refused) as refused:
        MOVES[move](session, ready.coordinator, now)
    assert refused.value.code == "wrong_state"
    session.refresh_from_db()
    assert session.state == state


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("notes", "ovi on alakerrassa"),
        ("responsible_professional", "Tiina Toinen"),
        ("support_person", "Sirpa"),
        ("support_phone", "+358401112223"),
        ("professional_present", True),
        ("with_minors", True),
        ("language", "sv"),
        ("priority", 2),
    ],
)
def test_words_somebody_else_saved_meanwhile_are_not_overwritten_unseen(
    ready: Cast, name: str, value: object
) -> None:
    session = make_session(ready.sastamala)
    seen = session.sequence
    first: Changes = {name: value}  # type: ignore[misc]  # one of the fields of the form
    after = sessions.change(session, by=None, now=NOW, seen=seen, **first)
    with pytest.raises(Refused) as refused:
        sessions.change(session, by=None, now=NOW, seen=seen, notes="toisen sanat")
    assert refused.value.code == "changed_meanwhile"
    after.refresh_from_db()
    sessions.change(session, by=None, now=NOW, seen=after.sequence, notes="toisen sanat")
