"""Offers are judged as people are now; their sender hears only of seats that are still free."""

import datetime as dt

import pytest

from coordination.errors import Refused
from coordination.queries import readiness
from experts.models import Expert
from experts.models.expert import ExpertStatus
from scheduling import eligibility
from scheduling.models import Offer, OfferState, SessionState
from scheduling.services import assignments, offers, sessions
from tests.cast import Cast
from tests.scheduling.makers import DAY, NOW, claim_seat, mails, make_session


def test_who_went_on_a_break_since_the_page_was_opened_is_not_asked(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    seen = Expert.objects.get(pk=ready.eero.expert.pk)
    Expert.objects.filter(pk=seen.pk).update(status=ExpertStatus.ON_BREAK)
    with pytest.raises(Refused) as refused:
        offers.send(session, experts=[seen], expires_at=NOW + DAY, by=ready.coordinator, now=NOW)
    assert refused.value.code == "not_allowed"
    assert not Offer.objects.exists()


@pytest.mark.parametrize("what", ["free", "full", "cancelled"])
def test_the_sender_hears_that_offers_ran_out_only_while_a_seat_is_free(
    ready: Cast, what: str
) -> None:
    session = make_session(ready.sastamala)
    offer = offers.send(
        session, experts=[ready.eero.expert], expires_at=NOW + DAY, by=ready.coordinator, now=NOW
    )[0]
    if what == "full":
        claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
        Offer.objects.filter(pk=offer.pk).update(state=OfferState.SENT)
    if what == "cancelled":
        type(session).objects.filter(pk=session.pk).update(state=SessionState.CANCELLED)
    offers.expire_due(now=NOW + DAY + dt.timedelta(minutes=1))
    offer.refresh_from_db()
    assert offer.state == OfferState.EXPIRED
    assert bool(mails("offers_ran_out")) == (what == "free")


def test_a_paper_nobody_has_given_a_level_is_an_error_and_not_a_yes(
    ready: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(ready.sastamala)
    monkeypatch.setattr(readiness, "missing_for_units", lambda requests: [["no_fire_plan"]])
    with pytest.raises(KeyError):
        eligibility.session_reasons(session, now=NOW)
    with pytest.raises(KeyError):
        assignments.propose(session, expert=ready.aino.expert, overrules={}, by=None, now=NOW)


def test_a_form_of_work_is_only_where_its_kind_can_be(ready: Cast) -> None:
    with pytest.raises(Refused) as refused:
        sessions.create(
            kind=ready.kinds["individual_meeting"],
            unit=ready.sastamala.unit,
            place_kind="school",
            starts_at=NOW + DAY,
            ends_at=NOW + DAY + dt.timedelta(hours=1),
            publish=True,
            by=ready.coordinator,
            now=NOW,
        )
    assert refused.value.code == "place_kind"
