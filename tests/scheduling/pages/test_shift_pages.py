"""An expert's own pages: answer, give up, take back, count; and answering from the mail."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine as tm
from django.test import Client

from billing.models import FeeRule
from scheduling.models import Assignment, AssignmentState, OfferState, Tally
from scheduling.services import answers, assignments, offers, sessions, tallies
from tests.cast import Cast
from tests.scheduling.makers import DAY, NOW, claim_seat, make_session

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


@pytest.fixture
def proposal(ready: Cast) -> Assignment:
    session = make_session(ready.sastamala, support_person="Tuija Tukeva", support_phone="040 1")
    return assignments.propose(
        session, expert=ready.aino.expert, overrules={}, by=ready.coordinator, now=NOW
    )


@pytest.fixture
def shift(proposal: Assignment) -> Assignment:
    return assignments.confirm(proposal, by=None, now=NOW)


def state_of(row: Assignment) -> str:
    row.refresh_from_db()
    return row.state


def test_the_home_tells_when_where_and_who(ready: Cast, sign_in: SignIn, shift: Assignment) -> None:
    page = text_of(sign_in(ready.aino.user).get("/me/"))

    for told in (
        "to 4.3. klo 9.30–13.30",
        "3 päivän päästä · 4 h",
        "Aula, 1. kerros",
        'href="tel:0401"',
        "https://www.openstreetmap.org/?mlat=",
        "Hälytyspainike on oven vieressä.",
        f"/shifts/{shift.pk}/release/",
    ):
        assert told in page


@pytest.mark.parametrize(
    ("answer", "state"),
    [("yes", AssignmentState.CONFIRMED), ("no", AssignmentState.DECLINED), ("", "declined")],
)
def test_a_proposal_is_answered(
    sign_in: SignIn, ready: Cast, proposal: Assignment, answer: str, state: str
) -> None:
    sign_in(ready.aino.user).post(f"/shifts/{proposal.pk}/answer/", {"answer": answer})

    assert state_of(proposal) == state


def test_giving_up_asks_once_wants_no_reason_and_can_be_undone(
    sign_in: SignIn, ready: Cast, shift: Assignment
) -> None:
    aino = sign_in(ready.aino.user)

    asked = text_of(aino.get(f"/shifts/{shift.pk}/release/"))
    assert "Haluatko perua tämän vuoron?" in asked
    assert "Syytä ei tarvitse kertoa." in asked
    assert "<textarea" not in asked
    assert '<input type="text"' not in asked

    thanked = text_of(aino.post(f"/shifts/{shift.pk}/release/", follow=True))
    assert "Kiitos, että kerroit. Me hoidamme loput." in thanked
    assert state_of(shift) == AssignmentState.RELEASED

    aino.post(f"/shifts/{shift.pk}/released/")
    assert state_of(shift) == AssignmentState.CONFIRMED


def test_taking_back_what_somebody_else_has_says_so(
    sign_in: SignIn, ready: Cast, shift: Assignment
) -> None:
    assignments.release(shift, by=ready.aino.user, now=NOW)
    claim_seat(shift.session, expert=ready.eero.expert, by=None, now=NOW)

    page = text_of(sign_in(ready.aino.user).post(f"/shifts/{shift.pk}/released/", follow=True))

    assert state_of(shift) == AssignmentState.RELEASED
    assert 'data-tone="amber"' in page


def test_counting_takes_numbers_and_can_be_mended(
    sign_in: SignIn, ready: Cast, shift: Assignment, time_machine: tm.TimeMachineFixture
) -> None:
    aino, address = sign_in(ready.aino.user), f"/shifts/{shift.pk}/tally/"
    assert "paikalla" not in text_of(aino.post(address, {"client_before": "3"}, follow=True))
    assert not Tally.objects.exists(), "the shift has not begun"

    time_machine.move_to(shift.session.ends_at + dt.timedelta(minutes=5))
    aino.post(address, {"client_before": "3", "relative_after": ""})
    aino.post(address, {"client_before": "4", "guided_onward": "2"})

    tally = Tally.objects.get()
    assert (tally.client_before, tally.relative_after, tally.guided_onward) == (4, 0, 2)
    assert tally.counted_by == ready.aino.user


def test_nobody_is_asked_to_count_what_no_longer_changes(
    sign_in: SignIn, ready: Cast, shift: Assignment, time_machine: tm.TimeMachineFixture
) -> None:
    """Fourteen days after it was recorded the numbers stand; then no page offers to count."""
    after = shift.session.ends_at
    sessions.close(
        shift.session,
        actual_starts_at=shift.session.starts_at,
        actual_ends_at=after,
        by=ready.coordinator,
        now=after,
    )
    pages = (
        (ready.aino.user, "/shifts/past/"),
        (ready.aino.user, f"/shifts/{shift.pk}/"),
        (ready.coordinator, f"/sessions/{shift.session_id}/"),
    )

    def offered() -> list[bool]:
        address = f'href="/shifts/{shift.pk}/tally/"'
        return [address in text_of(sign_in(who).get(page)) for who, page in pages]

    time_machine.move_to(after + tallies.OPEN_FOR - dt.timedelta(minutes=1))
    assert offered() == [True, True, True]
    time_machine.move_to(after + tallies.OPEN_FOR + dt.timedelta(minutes=1))
    assert offered() == [False, False, False]


@pytest.mark.parametrize("wrong", ["-1", "1000", "kaksi"])
def test_a_wrong_count_is_named(
    sign_in: SignIn,
    ready: Cast,
    shift: Assignment,
    time_machine: tm.TimeMachineFixture,
    wrong: str,
) -> None:
    time_machine.move_to(shift.session.ends_at)

    response = sign_in(ready.aino.user).post(
        f"/shifts/{shift.pk}/tally/", {"client_before": wrong, "client_after": "2"}
    )

    assert response.status_code == 422
    assert 'value="2"' in text_of(response)
    assert not Tally.objects.exists()


def test_a_group_counts_participants_and_peer_leaders(
    sign_in: SignIn, ready: Cast, time_machine: tm.TimeMachineFixture
) -> None:
    session = make_session(
        ready.sastamala,
        kind=ready.kinds["group_session"],
        responsible_professional="Kerttu Keksitty",
    )
    row = claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    time_machine.move_to(session.ends_at)

    page = sign_in(ready.aino.user).get(f"/shifts/{row.pk}/tally/")

    assert list(page.context["form"].fields) == [
        "participants",
        "peer_leaders",
        "guided_onward",
        "follow_up_agreed",
    ]


# -- from the mail -----------------------------------------------------------------------------


def test_a_link_shows_on_get_and_acts_on_post_once(client: Client, proposal: Assignment) -> None:
    link = answers.link_for_assignment(proposal)

    assert client.get(link).status_code == 200
    assert state_of(proposal) == AssignmentState.PROPOSED

    thanked = text_of(client.post(link, {"answer": "yes"}))
    assert "Vuoro on sinun. Kiitos." in thanked
    assert state_of(proposal) == AssignmentState.CONFIRMED

    again = client.post(link, {"answer": "no"})
    assert again.status_code == 410
    assert state_of(proposal) == AssignmentState.CONFIRMED


def test_no_from_the_mail(client: Client, proposal: Assignment) -> None:
    page = text_of(client.post(answers.link_for_assignment(proposal), {"answer": "no"}))

    assert "Sinun ei tarvitse tehdä muuta." in page
    assert state_of(proposal) == AssignmentState.DECLINED


def test_an_offer_from_the_mail_too_late(client: Client, ready: Cast) -> None:
    session = make_session(ready.sastamala)
    people = [ready.aino.expert, ready.eero.expert]
    first, second = offers.send(session, experts=people, expires_at=NOW + DAY, by=None, now=NOW)
    links = [answers.link_for_offer(offer) for offer in (first, second)]

    assert client.post(links[0], {"answer": "yes"}).status_code == 200
    late = client.post(links[1], {"answer": "yes"})

    assert late.status_code == 410
    assert "ehti täyttyä" in text_of(late)
    second.refresh_from_db()
    assert second.state == OfferState.SUPERSEDED


def test_a_link_whose_time_is_over(
    client: Client, ready: Cast, time_machine: tm.TimeMachineFixture
) -> None:
    session = make_session(ready.sastamala)
    offer = offers.send(
        session, experts=[ready.aino.expert], expires_at=NOW + DAY, by=None, now=NOW
    )[0]
    link = answers.link_for_offer(offer)
    time_machine.move_to(NOW + DAY)

    for response in (client.get(link), client.post(link, {"answer": "yes"})):
        assert response.status_code == 410
        assert "Vastausaika on päättynyt" in text_of(response)


def test_a_link_to_a_cancelled_session(client: Client, ready: Cast, proposal: Assignment) -> None:
    link = answers.link_for_assignment(proposal)
    sessions.cancel(proposal.session, by=ready.coordinator, now=NOW)

    response = client.get(link)

    assert response.status_code == 410


@pytest.mark.parametrize("token", ["x", "a.b.c", "WyJhIiwxLCJ4Il0.forged"])
def test_unknown_and_forged_links_look_the_same(db: None, client: Client, token: str) -> None:
    response = client.get(f"/a/{token}/")

    assert response.status_code == 404
    assert response["Cache-Control"] == "private, no-store"


def test_the_page_speaks_the_language_of_who_was_asked(client: Client, ready: Cast) -> None:
    ready.aino.expert.language = "sv"
    ready.aino.expert.save()
    session = make_session(ready.sastamala)
    row = assignments.propose(session, expert=ready.aino.expert, overrules={}, by=None, now=NOW)

    page = text_of(client.get(answers.link_for_assignment(row)))

    assert '<html lang="sv"' in page
    assert "Jag tar passet" in page


def test_who_is_asked_sees_how_far_and_how_much(client: Client, ready: Cast) -> None:
    FeeRule.objects.create(
        kind=ready.kinds["lobby_shift"],
        basis="hour",
        amount=Decimal("25.00"),
        starts_on=dt.date(2026, 1, 1),
    )
    session = make_session(ready.nokia)
    row = assignments.propose(session, expert=ready.aino.expert, overrules={}, by=None, now=NOW)
    link = answers.link_for_assignment(row)

    page = text_of(client.get(link))
    assert "34 km kotikunnastasi" in page
    assert "Palkkio noin 100,00 € ennen veroa" in page

    ready.aino.expert.is_volunteer = True
    ready.aino.expert.save()
    assert "Palkkio" not in text_of(client.get(link))
