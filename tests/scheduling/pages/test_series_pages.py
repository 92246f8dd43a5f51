"""The pages of a series, as a coordinator uses them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coordination.models import InsurancePolicy, User
from experts.models import Absence
from scheduling.models import PreferredPerson, Series, SessionState, SkippedOccurrence
from tests.cast import SINCE, Cast
from tests.scheduling.makers import NOW, claim_seat, local
from tests.scheduling.services.test_drafts import accepted
from tests.scheduling.services.test_series_changes import make_series, walls

SignIn = Callable[[User], Client]


@pytest.fixture
def kaisa(ready: Cast, sign_in: SignIn) -> Client:
    ready.coordinator.language = "fi"
    ready.coordinator.save()
    return sign_in(ready.coordinator)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def filled(row: Series, client: Client, **fields: Any) -> dict[str, Any]:
    """The form as the page shows it, with some fields typed anew."""
    form = client.get(f"/series/{row.pk}/change/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in shown.items() if value not in (None, False)}
    for name in ("starts_time", "ends_time"):
        if isinstance(shown[name], dt.time):
            data[name] = f"{shown[name]:%H.%M}"
    if isinstance(shown["ends_on"], dt.date):
        data["ends_on"] = f"{shown['ends_on']:%d.%m.%Y}"
    return {**data, **fields}


def test_the_list_tells_each_rule_in_words(ready: Cast, kaisa: Client) -> None:
    make_series(ready)
    make_series(ready, recurrence="FREQ=MONTHLY;BYDAY=1TU", ends_on=None)
    page = text_of(kaisa.get("/series/"))
    assert "Joka viikko: torstai, 10.00–12.00, 4.3.2027–27.5.2027" in page
    assert "Joka kuukausi: ensimmäinen tiistai, 10.00–12.00, 4.3.2027–" in page


def test_the_list_s_queries_do_not_grow(ready: Cast, kaisa: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            kaisa.get("/series/")
        return len(seen)

    make_series(ready)
    queries()
    one = queries()
    for _ in range(4):
        make_series(ready, unit=ready.nokia.unit, site=ready.nokia.lobby)
    assert queries() == one


def test_filters_live_in_the_address(ready: Cast, kaisa: Client) -> None:
    going = make_series(ready)
    over = make_series(ready, unit=ready.nokia.unit, site=ready.nokia.lobby)
    Series.objects.filter(pk=over.pk).update(
        starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2027, 2, 1)
    )

    def listed(address: str) -> list[int]:
        return [row.pk for row, _rule in kaisa.get(address).context["lines"]]

    assert listed("/series/?state=going") == [going.pk]
    assert listed("/series/?state=ended") == [over.pk]
    assert listed(f"/series/?unit={ready.nokia.unit.pk}") == [over.pk]


def test_a_skipped_day_of_a_series_without_a_booking_is_added_back(
    ready: Cast, kaisa: Client
) -> None:
    row = make_series(ready)
    skipped = SkippedOccurrence.objects.get()
    assert "Helatorstai" in text_of(kaisa.get(f"/series/{row.pk}/"))
    answer = kaisa.post(f"/skipped/{skipped.pk}/add/")
    assert answer["Location"] == f"/series/{row.pk}/"
    assert row.sessions.filter(occurrence_on=dt.date(2027, 5, 6)).exists()


def test_a_change_is_shown_first_and_then_done(ready: Cast, kaisa: Client) -> None:
    row = make_series(ready)
    typed = filled(row, kaisa, since="2027-04-01", starts_time="13", ends_time="15")
    page = kaisa.post(f"/series/{row.pk}/change/", typed)
    assert page.status_code == 200
    assert "8 vuoroa muuttuu" in text_of(page)
    assert Series.objects.count() == 1
    seen = page.context["preview"].digest
    answer = kaisa.post(f"/series/{row.pk}/change/", {**typed, "save": "1", "seen": seen})
    goes_on = Series.objects.latest("pk")
    assert answer["Location"] == f"/series/{goes_on.pk}/"
    assert walls(goes_on)[0] == "1.4. 13.00"


def test_saving_without_having_looked_shows_it_first(ready: Cast, kaisa: Client) -> None:
    row = make_series(ready)
    typed = filled(row, kaisa, starts_time="13", ends_time="15", save="1")
    page = kaisa.post(f"/series/{row.pk}/change/", typed)
    assert page.status_code == 422
    assert page.context["preview"].changed
    row.refresh_from_db()
    assert row.starts_time == dt.time(10)


def test_another_weekday_names_who_could_not_come(ready: Cast, kaisa: Client) -> None:
    row = make_series(ready)
    session = row.sessions.get(occurrence_on=dt.date(2027, 4, 8))
    claim_seat(session, expert=ready.aino.expert, by=None, now=NOW)
    away = dt.date(2027, 4, 6)
    Absence.objects.create(expert=ready.aino.expert, starts_on=away, ends_on=away)
    typed = filled(row, kaisa, weekdays=["1"])
    page = kaisa.post(f"/series/{row.pk}/change/", typed)
    assert "Aino Testilä" in text_of(page)
    seen = {"save": "1", "seen": page.context["preview"].digest}
    refused = kaisa.post(f"/series/{row.pk}/change/", {**typed, **seen})
    assert refused.status_code == 422
    kaisa.post(f"/series/{row.pk}/change/", {**typed, **seen, "take_off": "1"})
    session.refresh_from_db()
    assert session.starts_at == local("2027-04-06 10:00")
    assert not session.assignments.filter(state="confirmed").exists()


def test_saving_the_form_as_it_is_changes_nothing_and_says_so(ready: Cast, kaisa: Client) -> None:
    row = make_series(ready)
    page = kaisa.post(f"/series/{row.pk}/change/", filled(row, kaisa))
    assert page.status_code == 422
    assert "Mikään ei muuttuisi." in text_of(page)


def test_ending_says_how_many_are_cancelled_before_it_is_done(ready: Cast, kaisa: Client) -> None:
    row = make_series(ready)
    page = kaisa.post(f"/series/{row.pk}/end/", {"last_on": "1.4.2027"})
    assert "7 vuoroa" in text_of(page)
    row.refresh_from_db()
    assert row.ended_at is None
    kaisa.post(f"/series/{row.pk}/end/", {"last_on": "1.4.2027", "seen": page.context["seen"]})
    row.refresh_from_db()
    assert row.ends_on == dt.date(2027, 4, 1)
    assert row.sessions.filter(state=SessionState.CANCELLED).count() == 7


def test_all_drafts_are_published_by_one_press(ready: Cast, kaisa: Client) -> None:
    InsurancePolicy.objects.all().delete()
    booking = accepted(ready)
    row = Series.objects.get()
    assert "Julkaise 11 luonnosta" in text_of(kaisa.get(f"/series/{row.pk}/"))
    assert "Julkaise 11 luonnosta" in text_of(kaisa.get(f"/bookings/{booking.pk}/"))
    kaisa.post(f"/series/{row.pk}/publish/")
    assert row.sessions.filter(state="draft").count() == 11
    InsurancePolicy.objects.create(
        unit=ready.sastamala.unit, insurer="Turva", policy_number="T-2", starts_on=SINCE
    )
    kaisa.post(f"/bookings/{booking.pk}/publish/")
    assert row.sessions.filter(state="open").count() == 11


def test_who_is_asked_first_is_a_list_in_order_with_days(ready: Cast, kaisa: Client) -> None:
    row = make_series(ready)
    for person in (ready.aino, ready.eero):
        kaisa.post(f"/series/{row.pk}/prefer/", {"expert": person.expert.pk})
    kaisa.post(
        f"/series/{row.pk}/prefer/",
        {"expert": ready.eero.expert.pk, "starts_on": "1.5.2027", "ends_on": "1.4.2027"},
    )
    second = PreferredPerson.objects.get(expert=ready.eero.expert)
    assert (second.order, second.starts_on) == (2, None)
    kaisa.post(f"/preferred/{second.pk}/up/")
    assert [p.expert for p in row.preferred.all()] == [ready.eero.expert, ready.aino.expert]
    kaisa.post(f"/preferred/{second.pk}/remove/")
    assert [p.expert for p in row.preferred.all()] == [ready.aino.expert]
