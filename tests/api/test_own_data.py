"""Everything about me: all five floors add their part, in the file and on the page, and nobody else is in it."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from api.services import tokens as keys
from billing.models import FeeBasis, FeeLine, FeeRule
from billing.services import batches, closeout, fee_lines
from coordination.models import PersonalDataView
from coordination.services import traces
from experts.models import Absence, DiaryKind, Expert, SupervisionAttendance, SupervisionSession
from experts.queries import own_data
from experts.services import diary, register
from scheduling.feeds import tokens
from scheduling.models import Assignment, Session
from scheduling.models.tallies import COUNTS
from scheduling.services import assignments, offers, tallies
from tests.cast import SINCE, Cast
from tests.scheduling.makers import DAY, HOUR, NOW, local, make_ready, make_session

OTHERS = ("Eero", "eero", "Kokeilu", "Onni", "Kerttu", "Ilmari", "Tuija", "Pirjo", "Sari", "1002")
"""Other experts, the unit's people, another's payroll number."""


@pytest.fixture(autouse=True)
def _later(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def held(cast: Cast, **fields: Any) -> Session:
    """A session that Aino (seat 1) and Eero (seat 2) held, counted and closed out."""
    session = make_session(
        cast.sastamala,
        seats=2,
        responsible_professional="Pirjo Pätevä",
        support_person="Tuija Tukeva",
        **fields,
    )
    for one in (cast.aino, cast.eero):
        made = assignments.propose(
            session, expert=one.expert, overrules={}, by=cast.coordinator, now=NOW
        )
        assignments.confirm(made, by=one.user, now=NOW + HOUR)
    return session


@pytest.fixture
def lived(cast: Cast, time_machine: Any) -> Session:
    """Aino and Eero have done and got the same things; each has something of every kind."""
    kind = cast.kinds["lobby_shift"]
    people = (cast.aino, cast.eero)
    make_ready(
        [cast.aino.expert, cast.eero.expert, cast.onni.expert],
        units=[cast.sastamala.unit],
        kinds=[kind],
    )
    for one in people:
        one.expert.refresh_from_db()
    FeeRule.objects.create(kind=kind, basis=FeeBasis.HOUR, amount=Decimal("25.00"), starts_on=SINCE)
    supervision = SupervisionSession.objects.create(
        form="group",
        starts_at=NOW - DAY,
        ends_at=NOW - DAY + HOUR,
        outside_supervisor="Olli Ohjaaja",
    )
    for one in people:
        Absence.objects.create(expert=one.expert, starts_on=SINCE, ends_on=SINCE)
        SupervisionAttendance.objects.create(session=supervision, expert=one.expert)
        diary.occupy(
            one.expert,
            source=f"supervision:{one.expert.pk}",
            kind=DiaryKind.SUPERVISION,
            starts_at=NOW - DAY,
            ends_at=NOW - DAY + HOUR,
            zone_name="Europe/Helsinki",
            now=NOW,
        )
        register.change_own(
            one.expert, {"wishes": f"{one.expert.name}n toive"}, by=one.user, now=NOW
        )
        tokens.issue(one.expert, instead_of=None, by=one.user, now=NOW)
        keys.make(one.user, name=f"{one.expert.name}n avain", now=NOW)
        traces.looked_at(
            subject_kind="expert",
            subject_id=one.expert.pk,
            viewer=cast.coordinator,
            page="experts:detail",
            now=NOW,
        )
    session = held(cast)
    other = make_session(cast.sastamala, "2027-03-11 09:30", seats=1)
    offers.send(
        other,
        experts=[cast.aino.expert, cast.eero.expert],
        expires_at=NOW + 2 * DAY,
        by=cast.coordinator,
        now=NOW,
    )
    after = local("2027-03-05 12:00")
    time_machine.move_to(after, tick=False)
    for assignment in session.assignments.all():
        tallies.save(
            assignment,
            counts=dict.fromkeys(COUNTS, 0) | {"client_before": 3},
            by=assignment.expert.user,
            now=after,
        )
    closeout.close_out(
        session,
        actual_starts_at=session.starts_at,
        actual_ends_at=session.ends_at,
        not_present=set(),
        by=cast.coordinator,
        now=after,
    )
    fee_lines.approve(
        list(FeeLine.objects.values_list("pk", flat=True)), by=cast.finance, now=after
    )
    batch = batches.lock(period_on=dt.date(2027, 3, 1), by=cast.finance, now=after)
    batches.export(batch, by=cast.finance, now=after)
    return session


def get(cast: Cast, name: str) -> tuple[str, Any]:
    client = Client()
    client.force_login(cast.aino.user)
    response = client.get(reverse(f"experts:{name}"))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return response.content.decode(), response


@pytest.fixture
def data(cast: Cast, lived: Session) -> Any:
    return json.loads(get(cast, "own_data")[0])


def test_my_shifts_with_every_step_and_what_i_counted(data: Any, lived: Session) -> None:
    (shift,) = data["shifts"]
    assert (shift["kind"], shift["unit"]) == ("lobby_shift", "Sastamalan poliklinikka")
    assert (shift["starts_at"], shift["time_zone"]) == (
        *("2027-03-04T07:30:00+00:00", "Europe/Helsinki"),
    )
    steps = [(step["state"], step["by_me"]) for step in shift["steps"]]
    assert steps == [("proposed", False), ("confirmed", True), ("held", False)]
    assert shift["counted"]["client_before"] == 3


def test_my_offers_and_calendar_addresses_without_what_opens_them(
    cast: Cast, data: Any, lived: Session
) -> None:
    (offer,) = data["offers"]
    assert (offer["state"], offer["answered_at"]) == ("sent", None)
    (address,) = data["calendar_addresses"]
    assert address == {
        "calendar": "own",
        "created_at": "2027-03-01T08:00:00+00:00",
        "ended_at": None,
        "last_fetched_at": None,
        "last_reader": None,
    }
    text, _ = get(cast, "own_data")
    for row in cast.aino.expert.feed_tokens.all():
        assert row.token_hash not in text
    nonces = list(cast.aino.expert.offers.values_list("answer_nonce", flat=True))
    assert [len(nonce) > 10 and nonce not in text for nonce in nonces] == [True]


def test_my_fees_and_my_part_of_the_batch(data: Any, lived: Session) -> None:
    (fee,) = data["fees"]
    assert (fee["amount"], fee["minutes"], fee["rate"]) == ("100.00", 240, "25.00")
    assert (fee["session_on"], fee["state"], fee["batch"]) == (
        *("2027-03-04", "exported", "2027-03-1"),
    )
    (batch,) = data["pay_batches"]
    assert (batch["number"], batch["lines"], batch["amount"]) == ("2027-03-1", 1, "100.00")


def test_messages_looks_keys_and_changes_of_mine(data: Any, lived: Session) -> None:
    assert {message["to_email"] for message in data["messages"]} == {data["account"]["email"]}
    assert len(data["messages"]) >= 2
    (look,) = data["looks_at_my_data"]
    assert look["by"] == "Kaisa Koordinaattori"
    (key,) = data["api_keys"]
    assert set(key) == {"name", "created_at", "last_used_at", "revoked_at"}
    assert data["changes_of_my_details"][-1]["changed"] == {"wishes": "Aino Testilän toive"}


def test_a_message_to_somebody_who_now_has_my_old_address_is_not_mine(
    cast: Cast, lived: Session
) -> None:
    cast.eero.user.email = "vaihdettu@example.org"
    cast.eero.user.save()
    cast.eero.expert.email = ""
    cast.eero.expert.save()
    cast.aino.expert.email = "eero.kokeilu@example.org"
    cast.aino.expert.save()
    text, _ = get(cast, "own_data")
    assert {row["to_email"] for row in json.loads(text)["messages"]} == {cast.aino.user.email}


@pytest.mark.parametrize("name", ["own_data", "own_data_in_words"])
def test_nothing_about_other_people_is_in_it(cast: Cast, lived: Session, name: str) -> None:
    cast.eero.user.email = "toinen@example.org"
    cast.eero.user.save()
    text, _ = get(cast, name)
    assert "Aino" in text
    body = text.split("<main", 1)[-1]
    assert [name for name in OTHERS if name in body.replace("Sastamala", "")] == []


def test_the_page_says_all_that_the_file_has_in_words(cast: Cast, lived: Session) -> None:
    text, response = get(cast, "own_data_in_words")
    parts = {part.key: part for part in response.context["parts"]}
    data = own_data.parts(cast.aino.expert, now=NOW)
    assert set(parts) == set(data) - {"made_at"}
    for key, value in data.items():
        if isinstance(value, list):
            assert len(parts[key].rows) == len(value), key
    for expected in ("Omat vuorot", "Palkkiot", "100,00", "aulatapaaminen", "to 4.3.2027 klo 9.30"):
        assert expected.lower() in text.lower(), expected


def test_every_part_and_column_has_a_word(cast: Cast, lived: Session) -> None:
    """A column nobody named would stand on the page as the program calls it."""

    def unnamed(part: str, value: Any) -> list[str]:
        rows = value if isinstance(value, list) else [value]
        found = []
        for row in rows:
            for name, inner in row.items() if isinstance(row, dict) else ():
                if own_data.word(part, name) == name:
                    found.append(f"{part}.{name}")
                found += unnamed(name, inner)
        return found

    data = own_data.parts(cast.aino.expert, now=NOW)
    del data["made_at"]
    assert {key for key in data if own_data.word(key) == key} == set()
    assert {name for key, value in data.items() for name in unnamed(key, value)} == set()
    assert all(data[key] for key in data if key != "units_never_offered")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_is_in_the_language_of_the_person(
    cast: Cast, lived: Session, language: str
) -> None:
    cast.aino.user.language = language
    cast.aino.user.save()
    text, _ = get(cast, "own_data_in_words")
    word = {"sv": "Mina pass", "en": "My shifts"}[language]
    assert word in text


def test_as_many_queries_for_thirty_shifts_as_for_three(
    cast: Cast, lived: Session, django_assert_max_num_queries: Any
) -> None:
    def count() -> int:
        with django_assert_max_num_queries(60) as seen:
            own_data.everything(Expert.objects.get(pk=cast.aino.expert.pk), now=NOW)
        return len(seen.captured_queries)

    few = count()
    for number in range(30):
        session = make_session(cast.sastamala, f"2027-05-{number + 1:02} 09:30")
        Assignment.objects.create(
            session=session, expert=cast.aino.expert, seat=1, proposed_at=NOW, changed_at=NOW
        )
        PersonalDataView.objects.create(
            subject_kind="expert",
            subject_id=cast.aino.expert.pk,
            viewer=cast.coordinator,
            page=f"p{number}",
            seen_at=NOW,
        )
    assert count() == few


def test_a_message_is_there_without_its_text(cast: Cast, lived: Session) -> None:
    text, _ = get(cast, "own_data")
    assert "/answers/" not in text
