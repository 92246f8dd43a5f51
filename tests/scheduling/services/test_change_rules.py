"""A change may not let in what making the session would have kept out."""

import datetime as dt
from typing import Any

import pytest

from coordination.errors import Refused
from coordination.models import Agreement, InsurancePolicy, OutboxMessage
from coordination.models.messages import Haste
from experts.models import AvailabilityPattern
from scheduling.models import Assignment, Offer, OfferState, Overrule, Session, SessionState
from scheduling.services import answers, assignments, offers, sessions
from scheduling.services.changes import Changes
from tests.cast import Cast
from tests.scheduling.makers import DAY, HOUR, NOW, claim_seat, local, make_session


def _group(cast: Cast, **fields: Any) -> Session:
    defaults = {"kind": cast.kinds["group_session"], "responsible_professional": "S. Sosiaali"}
    return make_session(cast.sastamala, **{**defaults, **fields})


def _seat(cast: Cast, session: Session) -> Assignment:
    return claim_seat(session, expert=cast.aino.expert, by=None, now=NOW)


def _code(cast: Cast, session: Session, **values: Any) -> str:
    """What a refused change says; the preview says the same."""
    with pytest.raises(Refused) as previewed:
        sessions.preview_change(session, now=NOW, **values)
    with pytest.raises(Refused) as refused:
        sessions.change(session, by=cast.coordinator, now=NOW, **values)
    assert str(previewed.value) == str(refused.value)
    return refused.value.code


def test_a_session_is_not_moved_past_the_papers_of_its_unit(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    _seat(ready, session)
    last = dt.date(2027, 3, 31)
    InsurancePolicy.objects.filter(unit=ready.sastamala.unit).update(ends_on=last)
    Agreement.objects.filter(unit=ready.sastamala.unit).update(ends_on=last)
    april: Changes = {"starts_at": local("2027-04-08 09:30"), "ends_at": local("2027-04-08 13:30")}
    assert _code(ready, session, **april) == "not_allowed"
    session.refresh_from_db()
    assert session.starts_at == local("2027-03-04 09:30")


def test_a_confirmed_group_keeps_its_responsible_professional(ready: Cast) -> None:
    session = _group(ready)
    _seat(ready, session)
    assert _code(ready, session, responsible_professional=" ") == "not_allowed"
    session.refresh_from_db()
    assert session.responsible_professional == "S. Sosiaali"


def test_an_empty_lobby_shift_does_not_become_a_group_without_a_professional(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    assert _code(ready, session, kind=ready.kinds["group_session"]) == "not_allowed"


def test_a_draft_may_lack_what_publishing_will_ask_for(ready: Cast) -> None:
    session = _group(ready, state=SessionState.DRAFT)
    changed = sessions.change(session, responsible_professional="", by=ready.coordinator, now=NOW)
    assert (changed.state, changed.responsible_professional) == ("draft", "")


def test_what_was_missing_before_stops_nobody_from_mending_something_else(ready: Cast) -> None:
    session = _group(ready)
    Session.objects.filter(pk=session.pk).update(responsible_professional="")
    InsurancePolicy.objects.filter(unit=ready.sastamala.unit).delete()
    session.refresh_from_db()
    changed = sessions.change(
        session, responsible_professional="S. Sosiaali", by=ready.coordinator, now=NOW
    )
    assert changed.responsible_professional == "S. Sosiaali"


def test_what_a_move_newly_asks_needs_a_why_that_is_kept(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    mine = _seat(ready, session)
    AvailabilityPattern.objects.filter(expert=ready.aino.expert).update(ends_time=dt.time(15))
    evening: Changes = {
        "starts_at": local("2027-03-04 16:00"),
        "ends_at": local("2027-03-04 18:00"),
    }
    preview = sessions.preview_change(session, now=NOW, **evening)
    assert {pk: [r.code for r in found] for pk, found in preview.unfit.items()} == {
        mine.pk: ["outside_availability"]
    }
    assert _refusal(ready, session, **evening) == "needs_why"
    why = {mine.pk: {"outside_availability": "Sovittu puhelimessa"}}
    sessions.change(session, overrules=why, by=ready.coordinator, now=NOW, **evening)
    stored = Overrule.objects.get()
    assert (stored.assignment_id, stored.code, stored.why, stored.by) == (
        mine.pk,
        "outside_availability",
        "Sovittu puhelimessa",
        ready.coordinator,
    )


def _refusal(cast: Cast, session: Session, **values: Any) -> str:
    with pytest.raises(Refused) as refused:
        sessions.change(session, by=cast.coordinator, now=NOW, **values)
    return refused.value.code


def test_what_was_asked_before_is_not_asked_again_until_the_time_changes(ready: Cast) -> None:
    AvailabilityPattern.objects.filter(expert=ready.aino.expert).update(ends_time=dt.time(9))
    session = make_session(ready.sastamala)
    why = {"outside_availability": "Sovittu puhelimessa"}
    mine = claim_seat(
        session, expert=ready.aino.expert, overrules=why, by=ready.coordinator, now=NOW
    )
    assert not sessions.preview_change(session, now=NOW, site=ready.sastamala.room).unfit
    later: Changes = {"starts_at": session.starts_at + HOUR, "ends_at": session.ends_at + HOUR}
    assert _refusal(ready, session, **later) == "needs_why"
    again = {mine.pk: {"outside_availability": "Sovittu uudestaan"}}
    sessions.change(session, overrules=again, by=ready.coordinator, now=NOW, **later)
    assert list(mine.overrules.values_list("why", flat=True)) == ["Sovittu uudestaan"]


def _offer(cast: Cast, session: Session, until: dt.datetime) -> Offer:
    return offers.send(
        session, experts=[cast.eero.expert], expires_at=until, by=cast.coordinator, now=NOW
    )[0]


def test_an_offer_ends_before_the_moved_session_begins(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    offer = _offer(ready, session, local("2027-03-03 12:00"))
    earlier: Changes = {
        "starts_at": local("2027-03-02 09:30"),
        "ends_at": local("2027-03-02 13:30"),
    }
    sessions.change(session, by=ready.coordinator, now=NOW, **earlier)
    offer.refresh_from_db()
    assert (offer.state, offer.expires_at) == (OfferState.SENT, earlier["starts_at"])


def test_an_offer_is_gone_when_its_session_is_moved_to_this_very_hour(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    offer = _offer(ready, session, local("2027-03-03 12:00"))
    sessions.change(
        session, starts_at=NOW - HOUR, ends_at=NOW + HOUR, by=ready.coordinator, now=NOW
    )
    offer.refresh_from_db()
    assert offer.state == OfferState.SUPERSEDED


def test_an_offer_that_would_need_a_why_now_is_taken_back(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    offer = _offer(ready, session, local("2027-03-03 12:00"))
    AvailabilityPattern.objects.filter(expert=ready.eero.expert).update(ends_time=dt.time(15))
    sessions.change(
        session,
        starts_at=local("2027-03-04 16:00"),
        ends_at=local("2027-03-04 18:00"),
        by=ready.coordinator,
        now=NOW,
    )
    offer.refresh_from_db()
    assert offer.state == OfferState.SUPERSEDED


@pytest.mark.parametrize(("moved_by", "still_good"), [(HOUR, True), (DAY, False)])
def test_a_mailed_link_does_not_answer_for_a_wholly_new_time(
    ready: Cast, moved_by: dt.timedelta, still_good: bool
) -> None:
    session = make_session(ready.sastamala, seats=2)
    offer = _offer(ready, session, local("2027-03-03 12:00"))
    asked = assignments.propose(
        session, expert=ready.aino.expert, overrules={}, by=ready.coordinator, now=NOW
    )
    links = [answers.link_for_offer(offer), answers.link_for_assignment(asked)]
    sessions.change(
        session,
        starts_at=session.starts_at + moved_by,
        ends_at=session.ends_at + moved_by,
        by=ready.coordinator,
        now=NOW,
    )
    for link, person in zip(links, (ready.eero, ready.aino), strict=True):
        mail = OutboxMessage.objects.get(kind="session_changed", to_email=person.user.email)
        assert mail.haste == (
            Haste.NEWS if still_good else Haste.ASK
        )  # who is asked anew hears soon
        if still_good:
            assert answers.read(_token(link), now=NOW).expert_id == person.expert.pk
            assert "/a/" not in mail.body
            continue
        with pytest.raises(Refused) as refused:
            answers.read(_token(link), now=NOW)
        assert "uusimmasta" in str(refused.value)
        new = mail.body.split("/a/")[1].split("/")[0]
        found = answers.read(new, now=NOW)
        assert found.expert_id == person.expert.pk


def _token(link: str) -> str:
    return link.split("/a/")[1].strip("/")
