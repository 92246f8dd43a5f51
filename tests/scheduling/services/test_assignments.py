"""Asked, confirmed, declined, given up, taken off: what each does to the seat, the diary and the mail."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from coordination.errors import Refused
from coordination.models import OutboxMessage
from experts.models import DiaryEntry, Expert
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from scheduling.services import assignments, offers, sessions
from tests.cast import Cast
from tests.scheduling.makers import DAY, HOUR, NOW, claim_seat, mails, make_session


@pytest.fixture
def session(ready: Cast) -> Session:
    return make_session(ready.sastamala)


def _ask(cast: Cast, session: Session, **fields: Any) -> Assignment:
    values = {"expert": cast.aino.expert, "overrules": {}, "by": cast.coordinator, "now": NOW}
    return assignments.propose(session, **{**values, **fields})


def _occupied(expert: Expert) -> list[str]:
    entries = DiaryEntry.objects.filter(expert=expert, occupies=True)
    return list(entries.values_list("source", flat=True))


def test_asking_sends_a_link_and_leaves_the_diary_alone(ready: Cast, session: Session) -> None:
    asked = _ask(ready, session)
    assert (asked.state, asked.seat, asked.proposed_by) == ("proposed", 1, ready.coordinator)
    assert len(asked.answer_nonce) == 22
    assert _occupied(ready.aino.expert) == []
    message = OutboxMessage.objects.get()
    assert (message.kind, message.to_email) == ("assignment_proposed", ready.aino.user.email)
    assert "/a/" in message.body
    assert asked.answer_nonce not in message.subject


def test_subject_says_when_and_where_in_finnish(ready: Cast, session: Session) -> None:
    asked = _ask(ready, session)
    assignments.confirm(asked, by=ready.coordinator, now=NOW)
    subject = OutboxMessage.objects.get(kind="assignment_confirmed").subject
    assert subject == "Vuoro vahvistettu: to 4.3. klo 9.30–13.30, Sastamala"


def test_confirming_fills_the_diary_and_tells_who_asked(ready: Cast, session: Session) -> None:
    asked = _ask(ready, session)
    done = assignments.confirm(asked, by=ready.aino.user, now=NOW)
    assert (done.state, done.answer_nonce, done.changed_by) == ("confirmed", "", ready.aino.user)
    entry = DiaryEntry.objects.get()
    assert entry.source == f"assignment:{asked.pk}"
    assert (entry.starts_at, entry.ends_at) == (session.starts_at, session.ends_at)
    assert (entry.unit, entry.site) == (session.unit, session.site)
    assert mails("assignment_confirmed") == []  # the expert said it: no mail to who acted
    assert mails("assignment_confirmed_staff") == [
        ("assignment_confirmed_staff", ready.coordinator.email)
    ]


def test_a_coordinator_who_confirms_for_a_person_tells_that_person(
    ready: Cast, session: Session
) -> None:
    assignments.confirm(_ask(ready, session), by=ready.coordinator, now=NOW)
    assert mails("assignment_confirmed") == [("assignment_confirmed", ready.aino.user.email)]
    assert mails("assignment_confirmed_staff") == []


def test_declining_frees_the_seat_and_asks_no_reason(ready: Cast, session: Session) -> None:
    assignments.decline(_ask(ready, session), by=ready.aino.user, now=NOW)
    assert mails("assignment_declined_staff") == [
        ("assignment_declined_staff", ready.coordinator.email)
    ]
    assert _ask(ready, session, expert=ready.eero.expert).seat == 1


def test_a_taken_seat_and_a_missing_one_are_refused(ready: Cast) -> None:
    session = make_session(ready.sastamala, seats=2)
    _ask(ready, session, seat=2)
    for seat, code in ((2, "taken"), (3, "no_such_seat"), (0, "no_such_seat")):
        with pytest.raises(Refused) as refused:
            _ask(ready, session, expert=ready.eero.expert, seat=seat)
        assert refused.value.code == code
    assert _ask(ready, session, expert=ready.eero.expert).seat == 1
    with pytest.raises(Refused) as refused:
        _ask(ready, session, expert=ready.onni.expert)
    assert refused.value.code == "full"


def test_the_same_person_has_one_seat(ready: Cast) -> None:
    session = make_session(ready.sastamala, seats=2)
    _ask(ready, session)
    with pytest.raises(Refused) as refused:
        _ask(ready, session)
    assert refused.value.code == "not_allowed"


@pytest.mark.parametrize(
    ("ahead", "urgent"), [(dt.timedelta(hours=23), True), (dt.timedelta(hours=25), False)]
)
def test_releasing_tells_the_coordinators_without_a_reason(
    ready: Cast, session: Session, ahead: dt.timedelta, urgent: bool
) -> None:
    mine = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    OutboxMessage.objects.all().delete()
    now = session.starts_at - ahead
    given_up = assignments.release(mine, by=ready.aino.user, now=now)
    assert given_up.state == AssignmentState.RELEASED
    assert _occupied(ready.aino.expert) == []
    assert mails() == [("assignment_released_staff", ready.coordinator.email)]
    assert OutboxMessage.objects.get().subject.startswith("Kiireellinen") is urgent


def test_what_is_over_cannot_be_released(ready: Cast, session: Session) -> None:
    mine = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    with pytest.raises(Refused) as refused:
        assignments.release(mine, by=ready.aino.user, now=session.ends_at)
    assert refused.value.code == "in_the_past"


def test_a_release_can_be_taken_back_while_the_seat_is_free(ready: Cast, session: Session) -> None:
    mine = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    mine = assignments.release(mine, by=ready.aino.user, now=NOW)
    back = assignments.take_back_release(mine, by=ready.aino.user, now=NOW)
    assert (back.state, _occupied(ready.aino.expert)) == ("confirmed", [f"assignment:{mine.pk}"])
    assert [kind for kind, _to in mails()].count("assignment_taken_back_staff") == 1
    assignments.release(back, by=ready.aino.user, now=NOW + HOUR)
    claim_seat(session, expert=ready.eero.expert, by=None, now=NOW + HOUR)
    with pytest.raises(Refused) as refused:
        assignments.take_back_release(back, by=ready.aino.user, now=NOW + HOUR)
    assert refused.value.code == "full"


def test_a_release_taken_back_finds_another_free_seat(ready: Cast) -> None:
    session = make_session(ready.sastamala, seats=2)
    mine = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    assignments.release(mine, by=ready.aino.user, now=NOW)
    assert claim_seat(session, expert=ready.eero.expert, by=None, now=NOW).seat == 1
    back = assignments.take_back_release(mine, by=ready.aino.user, now=NOW)
    assert (back.state, back.seat) == ("confirmed", 2)


def test_a_release_cannot_be_taken_back_into_a_busy_diary(ready: Cast, session: Session) -> None:
    mine = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    assignments.release(mine, by=ready.aino.user, now=NOW)
    other = make_session(ready.nokia)
    claim_seat(other, expert=ready.aino.expert, by=None, now=NOW)
    with pytest.raises(Refused) as refused:
        assignments.take_back_release(mine, by=ready.aino.user, now=NOW)
    assert refused.value.code == "diary_overlap"


def test_taking_somebody_off_tells_them(ready: Cast, session: Session) -> None:
    mine = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    assignments.cancel(mine, by=ready.coordinator, now=NOW)
    assert mails("assignment_cancelled") == [("assignment_cancelled", ready.aino.user.email)]
    assert _occupied(ready.aino.expert) == []


MOVES = {
    "confirm": assignments.confirm,
    "decline": assignments.decline,
    "release": assignments.release,
    "take_back_release": assignments.take_back_release,
    "cancel": assignments.cancel,
}
ALLOWED = {
    ("proposed", "confirm"),
    ("proposed", "decline"),
    ("proposed", "cancel"),
    ("confirmed", "release"),
    ("confirmed", "cancel"),
    ("released", "take_back_release"),
}


@pytest.mark.parametrize("move", sorted(MOVES))
@pytest.mark.parametrize("state", AssignmentState.values)
def test_every_move_from_every_state(ready: Cast, session: Session, state: str, move: str) -> None:
    """Allowed ones are done, all others are refused with a sentence and change nothing."""
    mine = _ask(ready, session)
    Assignment.objects.filter(pk=mine.pk).update(state=state)
    if (state, move) in ALLOWED:
        MOVES[move](mine, by=ready.coordinator, now=NOW)
        return
    with translation.override("fi"), pytest.raises(Refused) as refused:
        MOVES[move](mine, by=ready.coordinator, now=NOW)
    assert refused.value.code == "wrong_state"
    assert str(refused.value)
    mine.refresh_from_db()
    assert mine.state == state


def test_offers_go_to_the_first_and_the_others_hear_of_it(ready: Cast, session: Session) -> None:
    people = [ready.aino.expert, ready.eero.expert, ready.onni.expert]
    sent = offers.send(session, experts=people, expires_at=NOW + DAY, by=ready.coordinator, now=NOW)
    assert (
        offers.send(session, experts=people, expires_at=NOW + DAY, by=ready.coordinator, now=NOW)
        == []
    )
    offers.decline(sent[2], by=ready.onni.user, now=NOW)
    made = offers.accept(sent[1], by=ready.eero.user, now=NOW)
    assert (made.expert, made.state) == (ready.eero.expert, AssignmentState.CONFIRMED)
    for offer in sent:
        offer.refresh_from_db()
    assert [offer.state for offer in sent] == ["superseded", "accepted", "declined"]
    assert [offer.answer_nonce for offer in sent] == ["", "", ""]
    assert mails("offer_filled") == [("offer_filled", ready.aino.user.email)]
    assert mails("offer_accepted_staff") == [("offer_accepted_staff", ready.coordinator.email)]
    with pytest.raises(Refused) as refused:
        offers.accept(sent[0], by=ready.aino.user, now=NOW)
    assert refused.value.code == "wrong_state"


def test_offers_expire_and_the_sender_hears_when_none_is_left(
    ready: Cast, session: Session
) -> None:
    sent = offers.send(
        session,
        experts=[ready.aino.expert, ready.eero.expert],
        expires_at=NOW + HOUR,
        by=ready.coordinator,
        now=NOW,
    )
    assert offers.expire_due(now=NOW + HOUR - dt.timedelta(seconds=1)) == 0
    with pytest.raises(Refused) as refused:
        offers.accept(sent[0], by=ready.aino.user, now=NOW + HOUR)
    assert refused.value.code == "link_expired"
    assert offers.expire_due(now=NOW + HOUR) == 2
    assert offers.expire_due(now=NOW + HOUR) == 0
    assert mails("offers_ran_out") == [("offers_ran_out", ready.coordinator.email)]


@pytest.mark.parametrize(
    ("after", "code"),
    [(dt.timedelta(0), "expires_too_early"), (dt.timedelta(days=4), "expires_too_late")],
)
def test_an_offer_ends_between_now_and_the_session(
    ready: Cast, session: Session, after: dt.timedelta, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        offers.send(
            session,
            experts=[ready.aino.expert],
            expires_at=NOW + after,
            by=ready.coordinator,
            now=NOW,
        )
    assert refused.value.code == code


def test_choosing_somebody_ends_the_offers(ready: Cast, session: Session) -> None:
    [offer] = offers.send(
        session,
        experts=[ready.eero.expert],
        expires_at=NOW + DAY,
        by=ready.coordinator,
        now=NOW,
    )
    _ask(ready, session)
    offer.refresh_from_db()
    assert offer.state == "superseded"


def test_a_cancelled_session_tells_everybody_once(ready: Cast) -> None:
    session = make_session(ready.sastamala, seats=3)
    claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    _ask(ready, session, expert=ready.eero.expert)
    offers.send(
        session,
        experts=[ready.onni.expert],
        expires_at=NOW + DAY,
        by=ready.coordinator,
        now=NOW,
    )
    OutboxMessage.objects.all().delete()
    sessions.cancel(session, by=ready.coordinator, now=NOW)
    assert sorted(mails()) == sorted(
        [
            ("session_cancelled", ready.aino.user.email),
            ("session_cancelled", ready.eero.user.email),
            ("offer_filled", ready.onni.user.email),
            ("session_cancelled_unit", ready.sari.email),
        ]
    )
    assert _occupied(ready.aino.expert) == []
    session.refresh_from_db()
    assert (session.state, session.cancelled_at) == (SessionState.CANCELLED, NOW)
