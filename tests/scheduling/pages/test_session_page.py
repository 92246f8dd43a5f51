"""The coordinator's session page: candidates, choosing, asking several, acting for people."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coordination.models import PersonalDataView
from experts.models import AvailabilityPattern, Orientation
from scheduling.models import (
    Assignment,
    AssignmentState,
    Offer,
    Overrule,
    Session,
    SessionPriority,
    SessionState,
)
from scheduling.services import assignments
from tests.cast import Cast
from tests.scheduling.makers import NOW, make_experts, make_session

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def kaisa(ready: Cast, sign_in: SignIn) -> Client:
    return sign_in(ready.coordinator)


def test_choosing_who_fits_proposes_the_seat_at_once(ready: Cast, kaisa: Client) -> None:
    session = make_session(ready.sastamala)

    response = kaisa.post(f"/sessions/{session.pk}/assign/{ready.aino.expert.pk}/", follow=True)

    made = Assignment.objects.get()
    assert (made.expert, made.state, made.proposed_by) == (
        ready.aino.expert,
        AssignmentState.PROPOSED,
        ready.coordinator,
    )
    assert "Aino Testilä saa viestin" in text_of(response)


def test_a_second_press_changes_nothing_and_says_why(ready: Cast, kaisa: Client) -> None:
    session = make_session(ready.sastamala)
    address = f"/sessions/{session.pk}/assign/{ready.aino.expert.pk}/"
    kaisa.post(address)

    response = kaisa.post(address, follow=True)

    assert Assignment.objects.count() == 1
    assert response.redirect_chain == [(f"/sessions/{session.pk}/", 302)]
    assert 'data-tone="amber"' in text_of(response)


def test_who_must_be_asked_about_is_not_chosen_by_one_press(ready: Cast, kaisa: Client) -> None:
    Orientation.objects.filter(expert=ready.eero.expert).delete()
    session = make_session(ready.sastamala)

    response = kaisa.post(f"/sessions/{session.pk}/assign/{ready.eero.expert.pk}/")

    assert response.status_code == 200
    assert not Assignment.objects.exists()


def test_overruling_needs_a_word_for_each_reason_and_keeps_what_was_typed(
    ready: Cast, kaisa: Client
) -> None:
    eero = ready.eero.expert
    Orientation.objects.filter(expert=eero).delete()
    AvailabilityPattern.objects.filter(expert=eero, weekday=3).delete()
    session = make_session(ready.sastamala)
    address = f"/sessions/{session.pk}/assign/{eero.pk}/"
    typed = {f"why_{eero.pk}_not_oriented": "Perehdytys samana aamuna"}

    response = kaisa.post(address, {"why": "1", **typed})

    assert response.status_code == 422
    assert "Perehdytys samana aamuna" in text_of(response)
    assert not Assignment.objects.exists()

    typed[f"why_{eero.pk}_outside_availability"] = "Sovittu puhelimessa"
    kaisa.post(address, {"why": "1", **typed})

    assert dict(Overrule.objects.values_list("code", "why")) == {
        "not_oriented": "Perehdytys samana aamuna",
        "outside_availability": "Sovittu puhelimessa",
    }
    assert set(Overrule.objects.values_list("by", flat=True)) == {ready.coordinator.pk}


def test_who_is_blocked_cannot_be_chosen(ready: Cast, kaisa: Client) -> None:
    ready.onni.expert.excluded_units.add(ready.sastamala.unit)
    session = make_session(ready.sastamala)
    address = f"/sessions/{session.pk}/assign/{ready.onni.expert.pk}/"

    kaisa.post(address, {"why": "1"})

    assert "ei voi ottaa tätä vuoroa" in text_of(kaisa.get(address))
    assert not Assignment.objects.exists()


def test_looking_at_a_person_s_reasons_is_logged(ready: Cast, kaisa: Client) -> None:
    session = make_session(ready.sastamala)

    kaisa.get(f"/sessions/{session.pk}/assign/{ready.aino.expert.pk}/")

    seen = PersonalDataView.objects.get()
    assert (seen.subject_kind, seen.subject_id, seen.viewer, seen.page) == (
        "expert",
        ready.aino.expert.pk,
        ready.coordinator,
        "scheduling:candidates",
    )


def test_asking_several_makes_offers_until_the_local_time_that_was_typed(
    ready: Cast, kaisa: Client
) -> None:
    session = make_session(ready.sastamala)
    people = [ready.aino.expert.pk, ready.eero.expert.pk]

    kaisa.post(
        f"/sessions/{session.pk}/ask/",
        {"experts": people, "until_on": "3.3.2027", "until_time": "12"},
    )

    assert set(Offer.objects.values_list("expert", "expires_at")) == {
        (pk, dt.datetime(2027, 3, 3, 10, tzinfo=dt.UTC)) for pk in people
    }


def test_asking_in_spite_of_a_reason_asks_why_for_each_person(ready: Cast, kaisa: Client) -> None:
    eero = ready.eero.expert
    Orientation.objects.filter(expert=eero).delete()
    session = make_session(ready.sastamala)
    asked = {
        "experts": [ready.aino.expert.pk, eero.pk],
        "until_on": "3.3.2027",
        "until_time": "12.00",
    }

    page = text_of(kaisa.post(f"/sessions/{session.pk}/ask/", asked))

    assert not Offer.objects.exists()
    assert f'name="why_{eero.pk}_not_oriented"' in page
    assert page.count('name="experts"') == 2

    why = {"why": "1", f"why_{eero.pk}_not_oriented": "Kerttu perehdyttää"}
    kaisa.post(f"/sessions/{session.pk}/ask/", {**asked, **why})

    assert Offer.objects.count() == 2


def test_asking_nobody_says_what_to_do(ready: Cast, kaisa: Client) -> None:
    session = make_session(ready.sastamala)

    response = kaisa.post(
        f"/sessions/{session.pk}/ask/", {"until_on": "3.3.2027", "until_time": "12"}, follow=True
    )

    assert "Valitse ainakin yksi ihminen" in text_of(response)


def test_acting_for_a_person(ready: Cast, kaisa: Client) -> None:
    session = make_session(ready.sastamala)
    row = assignments.propose(session, expert=ready.aino.expert, overrules={}, by=None, now=NOW)

    def state() -> str:
        row.refresh_from_db()
        return row.state

    kaisa.post(f"/seats/{row.pk}/confirm/")
    assert state() == AssignmentState.CONFIRMED
    kaisa.post(f"/seats/{row.pk}/release/")
    assert state() == AssignmentState.RELEASED
    page = text_of(kaisa.post(f"/seats/{row.pk}/cancel/", follow=True))
    assert state() == AssignmentState.RELEASED
    assert 'data-tone="amber"' in page


def test_cancelling_says_first_who_hears_of_it(ready: Cast, kaisa: Client) -> None:
    session = make_session(ready.sastamala)
    assignments.propose(session, expert=ready.aino.expert, overrules={}, by=None, now=NOW)

    page = text_of(kaisa.get(f"/sessions/{session.pk}/cancel/"))

    assert "2 ihmistä saa viestin: Aino Testilä, Sari Sastamala." in page
    session.refresh_from_db()
    assert session.state == SessionState.OPEN

    kaisa.post(f"/sessions/{session.pk}/cancel/")
    session.refresh_from_db()
    assert session.state == SessionState.CANCELLED


def new_session(cast: Cast, **fields: str) -> dict[str, str]:
    return {
        "kind": "lobby_shift",
        "unit": str(cast.sastamala.unit.pk),
        "starts_on": "4.3.2027",
        "starts_time": "9.30",
        "ends_time": "1330",
        "where": f"site-{cast.sastamala.lobby.pk}",
        "seats": "2",
        "language": "fi",
        **fields,
    }


def test_a_new_session_stands_at_the_typed_local_time(ready: Cast, kaisa: Client) -> None:
    kaisa.post("/sessions/new/", new_session(ready))

    made = Session.objects.get()
    assert made.starts_at == dt.datetime(2027, 3, 4, 7, 30, tzinfo=dt.UTC)
    assert made.ends_at == dt.datetime(2027, 3, 4, 11, 30, tzinfo=dt.UTC)
    assert (made.state, made.seats, made.site) == (SessionState.OPEN, 2, ready.sastamala.lobby)


def test_a_new_session_can_be_a_draft(ready: Cast, kaisa: Client) -> None:
    kaisa.post("/sessions/new/", new_session(ready, draft="1"))

    assert Session.objects.get().state == SessionState.DRAFT


def test_the_priority_is_normal_until_somebody_chooses_another(ready: Cast, kaisa: Client) -> None:
    kaisa.post("/sessions/new/", new_session(ready))
    made = Session.objects.get()
    assert made.priority == SessionPriority.NORMAL
    assert "täytetään ensin" not in text_of(kaisa.get(f"/sessions/{made.pk}/"))

    kaisa.post(f"/sessions/{made.pk}/edit/", new_session(ready, priority="2"))

    made.refresh_from_db()
    assert made.priority == SessionPriority.HIGH
    assert "täytetään ensin" in text_of(kaisa.get(f"/sessions/{made.pk}/"))
    assert (
        kaisa.post(f"/sessions/{made.pk}/edit/", new_session(ready, priority="3")).status_code
        == 422
    )


def test_what_was_typed_is_not_lost_when_something_is_wrong(ready: Cast, kaisa: Client) -> None:
    wrong = new_session(ready, ends_time="8", notes="Kahvit tarjolla")

    response = kaisa.post("/sessions/new/", wrong)

    assert response.status_code == 422
    assert "Kahvit tarjolla" in text_of(response)
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"where": "at-home"}, "where"),
        ({"kind": "group_session", "where": "ROOM"}, "responsible_professional"),
        ({"where": "OTHER"}, "where"),
        ({"seats": "0"}, "seats"),
        ({"starts_time": "25"}, "starts_time"),
        ({"ends_time": "22.00", "starts_time": "8"}, "ends_time"),
    ],
)
def test_forms_name_the_field_that_is_wrong(
    ready: Cast, kaisa: Client, fields: dict[str, str], field: str
) -> None:
    rooms = {"ROOM": ready.sastamala.room.pk, "OTHER": ready.nokia.lobby.pk}
    fields = {name: f"site-{rooms[v]}" if v in rooms else v for name, v in fields.items()}

    response = kaisa.post("/sessions/new/", new_session(ready, **fields))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_saving_a_form_unchanged_changes_nothing(ready: Cast, kaisa: Client) -> None:
    session = make_session(ready.sastamala, notes="Hei")
    form = kaisa.get(f"/sessions/{session.pk}/edit/").context["form"]
    shown = {bound.name: bound.value() for bound in form}
    before: dict[str, Any] = dict(Session.objects.values().get())

    response = kaisa.post(
        f"/sessions/{session.pk}/edit/",
        {name: form[name].field.prepare_value(value) for name, value in shown.items() if value},
    )

    assert response.status_code == 302
    after: dict[str, Any] = dict(Session.objects.values().get())
    assert {k for k in before if before[k] != after[k]} <= {"edited_by_hand"}


def test_a_clinic_sees_its_session_without_candidates(ready: Cast, sign_in: SignIn) -> None:
    session = make_session(ready.sastamala)
    assignments.propose(session, expert=ready.aino.expert, overrules={}, by=None, now=NOW)
    address = f"/sessions/{session.pk}/"

    before = text_of(sign_in(ready.sari).get(address))
    assignments.confirm(session.assignments.get(), by=None, now=NOW)
    after = text_of(sign_in(ready.sari).get(address))

    assert "Testilä" not in before
    assert "Aino Testilä" in after
    assert "Onni" not in after
    assert sign_in(ready.ilkka).get(address).status_code == 404


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_clinic_reads_a_comers_own_words_only_with_consent(
    ready: Cast, sign_in: SignIn, is_shown: bool
) -> None:
    aino = ready.aino.expert
    aino.themes, aino.themes_shown_to_units = "toipuminen vertaisten kanssa", is_shown
    aino.save()
    session = make_session(ready.sastamala)
    asked = assignments.propose(session, expert=aino, overrules={}, by=None, now=NOW)
    client, address = sign_in(ready.sari), f"/sessions/{session.pk}/"

    before = text_of(client.get(address))
    assignments.confirm(asked, by=None, now=NOW)
    after = text_of(client.get(address))

    assert "toipuminen" not in before
    assert ("toipuminen vertaisten kanssa" in after) is is_shown


def test_queries_of_the_page_do_not_grow_with_candidates(ready: Cast, kaisa: Client) -> None:
    session = make_session(ready.nokia)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            kaisa.get(f"/sessions/{session.pk}/")
        return len(found)

    queries()
    few = queries()
    make_experts(40, units=[ready.nokia.unit], kinds=ready.kinds.values())

    assert queries() == few


def test_a_session_says_when_it_is_staffed(ready: Cast, kaisa: Client) -> None:
    session = make_session(ready.sastamala)

    def badge() -> str:
        lead = text_of(kaisa.get(f"/sessions/{session.pk}/")).split("<h1>")[1]
        return lead.split("</span>")[0].rsplit(">", 1)[1]

    assert badge() == "avoin"
    row = assignments.propose(session, expert=ready.aino.expert, overrules={}, by=None, now=NOW)
    assert badge() == "odottaa vastausta"
    assignments.confirm(row, by=None, now=NOW)
    assert badge() == "täynnä"


def test_a_draft_is_published_before_anybody_is_chosen(ready: Cast, kaisa: Client) -> None:
    session = make_session(ready.sastamala, state=SessionState.DRAFT)
    address = f"/sessions/{session.pk}/"
    assert "Valitse<" not in text_of(kaisa.get(address))

    kaisa.post(f"{address}publish/")

    assert "Valitse<" in text_of(kaisa.get(address))


@pytest.mark.parametrize(
    ("on", "shown"),
    [("2027-03-08", "8.3.2027"), ("2027-02-22", "1.3.2027"), ("rubbish", None), ("", None)],
)
def test_the_board_s_week_fills_in_the_day(
    ready: Cast, kaisa: Client, on: str, shown: str | None
) -> None:
    page = kaisa.get(f"/sessions/new/?on={on}&unit={ready.nokia.unit.pk}&kind=panel")

    form = page.context["form"]
    field = form.fields["starts_on"]
    assert field.prepare_value(form["starts_on"].value()) == shown
    assert form["unit"].value() == str(ready.nokia.unit.pk)
