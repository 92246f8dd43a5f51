"""The coordinator's pages of the register: what they show, save, refuse and log."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.models import PersonalDataView
from coordination.spreadsheets import safe_text
from experts.models import (
    Expert,
    Orientation,
    SignOff,
    SupervisionAttendance,
    SupervisionSession,
    Training,
)
from tests.cast import Cast, make_user
from tests.experts.makers import make_expert, make_shift

UNPROCESSABLE = 422


@pytest.fixture
def kaisa(cast: Cast, client: Client) -> Client:
    client.force_login(cast.coordinator)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"experts:{name}", args=args)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# -- list ---------------------------------------------------------------------------------------


def test_the_list_tells_who_and_what_is_missing(cast: Cast, kaisa: Client) -> None:
    page = text(kaisa, url("list"))
    assert "Aino Testilä" in page
    assert "Kokemusasiantuntijakoulutusta ei ole suoritettu." in page


def test_a_filter_in_the_address_narrows_and_is_kept(cast: Cast, kaisa: Client) -> None:
    page = text(kaisa, url("list") + "?q=eero&status=active")
    assert "Eero Kokeilu" in page
    assert "Aino Testilä" not in page
    assert f"{url('export')}?q=eero&amp;status=active" in page


def test_wrong_values_in_the_address_show_everybody(cast: Cast, kaisa: Client) -> None:
    page = text(kaisa, url("list") + "?status=x&kind=x&unit=999999&page=77&municipality=Atlantis")
    assert "Aino Testilä" in page


def test_when_nobody_fits_the_page_says_what_to_do(cast: Cast, kaisa: Client) -> None:
    page = text(kaisa, url("list") + "?q=zzz")
    assert "Kukaan ei vastaa tätä rajausta." in page


def test_the_list_has_pages(cast: Cast, kaisa: Client) -> None:
    Expert.objects.bulk_create(Expert(name=f"Onni Näyte {n:03}") for n in range(60))
    first = text(kaisa, url("list") + "?q=onni")
    assert "Onni Näyte 003" in first
    assert "Onni Näyte 055" not in first
    assert "Onni Näyte 055" in text(kaisa, url("list") + "?q=onni&page=2")


@pytest.mark.parametrize("name", ["list", "supervisions", "orientation"])
def test_as_many_queries_for_three_rows_as_for_thirty(cast: Cast, kaisa: Client, name: str) -> None:
    def count() -> int:
        kaisa.get(url(name))  # what is cached once per process is no part of it
        with CaptureQueriesContext(connection) as queries:
            kaisa.get(url(name))
        return len(queries)

    for number in range(3):
        _person_with_everything(cast, number)
    few = count()
    for number in range(3, 30):
        _person_with_everything(cast, number)
    assert count() == few


def _person_with_everything(cast: Cast, number: int) -> None:
    user = make_user(email=f"onni{number}@example.org")
    expert = make_expert(f"Onni Näyte {number}", user=user)
    Training.objects.create(expert=expert, name="K")
    day, unit = dt.date(2026, 1, 1), cast.nokia.unit
    Orientation.objects.create(unit=unit, expert=expert, oriented_on=day)
    Orientation.objects.create(unit=unit, professional_name=f"N {number}", oriented_on=day)
    starts_at = dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC) + dt.timedelta(days=number)
    make_shift(expert, starts_at)
    for state in ("planned", "held"):
        session = SupervisionSession.objects.create(
            form="group",
            state=state,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=1),
            supervisor=cast.tuula,
        )
        SupervisionAttendance.objects.create(session=session, expert=expert)


# -- the file -----------------------------------------------------------------------------------


def export(client: Client, query: str = "") -> list[list[str]]:
    response = client.get(url("export") + query)
    assert response["Content-Disposition"].startswith("attachment")
    content = response.content.decode()
    assert content.startswith("\ufeff")
    return list(csv.reader(io.StringIO(content[1:]), delimiter=";"))


def test_the_file_has_the_people_of_the_list(cast: Cast, kaisa: Client) -> None:
    Expert.objects.filter(pk=cast.aino.expert.pk).update(weekly_hours="7.5", phone="+358401")
    header, row = export(kaisa, "?q=aino")
    assert header[:4] == ["Nimi", "Tila", "Sähköposti", "Puhelin"]
    assert row[:4] == ["Aino Testilä", "aktiivinen", "aino.testila@example.org", "'+358401"]
    assert "7,5" in row


def test_no_cell_is_a_formula(cast: Cast, kaisa: Client) -> None:
    Expert.objects.create(name='=HYPERLINK("http://evil.example")', home_municipality="@SUM(1)")
    row = next(row for row in export(kaisa) if "HYPERLINK" in row[0])
    assert row[0].startswith("'=")
    assert "'@SUM(1)" in row
    assert [safe_text(text) for text in ("-1", "+1", "\tx", "\rx", "x-1", "")] == [
        *("'-1", "'+1", "'\tx", "'\rx", "x-1", ""),
    ]


def test_everybody_in_the_file_sees_that_it_was_taken(cast: Cast, kaisa: Client) -> None:
    export(kaisa, "?q=aino")
    seen = PersonalDataView.objects.values_list("subject_id", "viewer", "page")
    assert list(seen) == [(cast.aino.expert.pk, cast.coordinator.pk, "experts:export")]


# -- one person ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "logged"),
    [
        ("detail", "experts:detail"),
        ("edit", "experts:edit"),
        ("load", "experts:load"),
        ("papers", "experts:papers"),
        ("availability", "experts:availability"),
        ("absences", "experts:availability"),
        ("status", "experts:detail"),
        ("sign_off", "experts:detail"),
        ("training_new", "experts:detail"),
        ("orientation_new", "experts:detail"),
    ],
)
def test_each_look_at_a_personal_page_is_logged(
    cast: Cast, kaisa: Client, page: str, logged: str
) -> None:
    for _ in range(2):  # once an hour
        text(kaisa, url(page, cast.aino.expert.pk))
    seen = PersonalDataView.objects.values_list("subject_kind", "subject_id", "page")
    assert list(seen) == [("expert", cast.aino.expert.pk, logged)]


def test_the_page_shows_who_has_looked(cast: Cast, kaisa: Client) -> None:
    text(kaisa, url("detail", cast.aino.expert.pk))
    page = text(kaisa, url("detail", cast.aino.expert.pk))
    assert "Kaisa Koordinaattori: sivu rekisterissä" in page


# -- forms --------------------------------------------------------------------------------------

CONTACT = {"name": "Venla Harjoitus", "language": "fi", "languages": ["fi", "sv"]}


def post(client: Client, address: str, data: dict[str, Any]) -> tuple[int, str]:
    response = client.post(address, data)
    return response.status_code, response.content.decode()


def test_a_new_person(cast: Cast, kaisa: Client) -> None:
    status, _page = post(
        kaisa,
        url("new"),
        CONTACT
        | {"status": "in_training", "phone": "040 123 4567", "home_municipality": "tammerfors"},
    )
    made = Expert.objects.get(name="Venla Harjoitus")
    assert status == 302
    assert (made.status, made.phone, made.home_municipality, made.languages) == (
        *("in_training", "+358401234567", "Tampere", ["fi", "sv"]),
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "id_name_error"),
        ({"home_municipality": "Tamperre"}, "Tarkoititko: Tampere?"),
        ({"phone": "soita"}, "suuntanumeroineen"),
        ({"email": "aino.testila@example.org"}, "Jollakulla toisella rekisterissä"),
        ({"status": "ended"}, "id_status_error"),
    ],
)
def test_a_form_with_errors_keeps_what_was_typed(
    cast: Cast, kaisa: Client, wrong: dict[str, str], says: str
) -> None:
    before = Expert.objects.count()
    data = CONTACT | {"status": "applicant", "wishes": "Aamuisin mieluiten"} | wrong
    status, page = post(kaisa, url("new"), data)
    assert status == UNPROCESSABLE
    assert says in page
    assert "Aamuisin mieluiten" in page
    assert Expert.objects.count() == before


def test_the_consent_switch_is_the_persons_own(cast: Cast, kaisa: Client) -> None:
    aino = cast.aino.expert
    assert "themes_shown_to_units" not in text(kaisa, url("edit", aino.pk))
    post(kaisa, url("edit", aino.pk), CONTACT | {"themes_shown_to_units": "on", "themes": "x"})
    aino.refresh_from_db()
    assert (aino.themes, aino.themes_shown_to_units) == ("x", False)
    paper_only = make_expert("Venla Harjoitus")
    data = CONTACT | {"themes_shown_to_units": "on", "themes": "x"}
    post(kaisa, url("edit", paper_only.pk), data)
    paper_only.refresh_from_db()
    assert paper_only.themes_for_units == "x"


def test_the_load_is_saved(cast: Cast, kaisa: Client) -> None:
    aino, kind = cast.aino.expert, cast.kinds["lobby_shift"]
    data = {
        "kinds": [kind.pk],
        "weekly_hours": "7,5",
        "monthly_sessions": "6",
        "excluded_units": [cast.nokia.unit.pk],
    }
    status, _page = post(kaisa, url("load", aino.pk), data)
    aino.refresh_from_db()
    assert status == 302
    assert (float(aino.weekly_hours or 0), aino.monthly_sessions, aino.max_km) == (7.5, 6, None)
    assert list(aino.kinds.all()) == [kind]
    assert list(aino.excluded_units.all()) == [cast.nokia.unit]


@pytest.mark.parametrize("number", ["131052-308T", "010101A123N", "131052+308t"])
def test_a_personal_identity_code_is_not_taken(cast: Cast, kaisa: Client, number: str) -> None:
    status, page = post(kaisa, url("load", cast.aino.expert.pk), {"payroll_number": number})
    assert status == UNPROCESSABLE
    assert "Tämä näyttää henkilötunnukselta." in page
    cast.aino.expert.refresh_from_db()
    assert cast.aino.expert.payroll_number == "1001"


def test_a_form_of_work_no_longer_in_use_is_not_lost(cast: Cast, kaisa: Client) -> None:
    aino, kind = cast.aino.expert, cast.kinds["panel"]
    aino.kinds.add(kind)
    kind.is_active = False
    kind.save()
    post(kaisa, url("load", aino.pk), {"kinds": [kind.pk]})
    assert list(aino.kinds.all()) == [kind]


def test_status_offers_only_what_the_table_allows(cast: Cast, kaisa: Client) -> None:
    aino = cast.aino.expert
    page = text(kaisa, url("status", aino.pk))
    assert 'value="on_break"' in page
    assert 'value="applicant"' not in page
    assert post(kaisa, url("status", aino.pk), {"to": "applicant"})[0] == UNPROCESSABLE
    assert post(kaisa, url("status", aino.pk), {"to": "on_break"})[0] == 302
    aino.refresh_from_db()
    assert aino.status == "on_break"


def test_papers_seen(cast: Cast, kaisa: Client) -> None:
    aino = cast.aino.expert
    data = {"extract_seen_on": "4.3.2026", "extract_seen_by": "Kaisa", "tax_card_seen_on": "x"}
    status, page = post(kaisa, url("papers", aino.pk), data)
    assert (status, "4.3.2026" in page) == (UNPROCESSABLE, True)
    status, _page = post(kaisa, url("papers", aino.pk), data | {"tax_card_seen_on": ""})
    aino.refresh_from_db()
    assert (status, aino.extract_seen_on) == (302, dt.date(2026, 3, 4))
    status, page = post(kaisa, url("papers", aino.pk), data | {"tax_card_seen_on": "1.1.2099"})
    assert (status, "tulevana päivänä" in page) == (UNPROCESSABLE, True)


def test_a_training_recorded_mended_removed(cast: Cast, kaisa: Client) -> None:
    aino = cast.aino.expert
    data = {"name": "Koulutus", "level": "basic", "completed_on": "4.3.2025"}
    assert post(kaisa, url("training_new", aino.pk), data)[0] == 302
    training = aino.trainings.get()
    wrong = data | {"valid_until": "1.1.2025"}
    assert post(kaisa, url("training", aino.pk, training.pk), wrong)[0] == UNPROCESSABLE
    right = data | {"valid_until": "1.1.2028", "hours": "100"}
    assert post(kaisa, url("training", aino.pk, training.pk), right)[0] == 302
    training.refresh_from_db()
    assert (training.valid_until, training.hours) == (dt.date(2028, 1, 1), 100)
    assert "Koulutus" in text(kaisa, url("training_remove", aino.pk, training.pk))
    assert aino.trainings.exists()  # asking removes nothing
    kaisa.post(url("training_remove", aino.pk, training.pk))
    assert not aino.trainings.exists()


def test_sign_off_needs_all_four_and_can_be_withdrawn(cast: Cast, kaisa: Client) -> None:
    aino = cast.aino.expert
    points = dict.fromkeys(("own_experience", "enough_training", "works_independently"), "on")
    status, page = post(kaisa, url("sign_off", aino.pk), points)
    assert (status, "Kaikki neljä kohtaa on vahvistettava." in page) == (UNPROCESSABLE, True)
    assert post(kaisa, url("sign_off", aino.pk), points | {"looks_after_self": "on"})[0] == 302
    assert SignOff.objects.get(expert=aino).signed_by == cast.coordinator
    kaisa.post(url("sign_off_withdraw", aino.pk))
    assert SignOff.objects.get(expert=aino).withdrawn_at is not None
    response = kaisa.post(url("sign_off_withdraw", aino.pk), follow=True)
    assert "Voimassa olevaa hyväksyntää ei ole." in response.content.decode()


def test_an_orientation_recorded_and_removed(cast: Cast, kaisa: Client) -> None:
    aino, unit = cast.aino.expert, cast.sastamala.unit
    data = {"unit": unit.pk, "on": "4.3.2026", "given_by": "Kerttu"}
    assert post(kaisa, url("orientation_new", aino.pk), data)[0] == 302
    orientation = aino.orientations.get()
    assert (orientation.unit, orientation.given_by) == (unit, "Kerttu")
    kaisa.post(url("orientation_remove", aino.pk, orientation.pk))
    assert not aino.orientations.exists()


def test_coverage_of_a_unit(cast: Cast, kaisa: Client) -> None:
    unit = cast.sastamala.unit
    assert "0 %" in text(kaisa, url("orientation"))
    data = {"name": "Kerttu Keksitty", "on": "4.3.2026"}
    assert post(kaisa, url("orientation_unit", unit.pk), data)[0] == 302
    assert "25 %" in text(kaisa, url("orientation"))
    page = text(kaisa, url("orientation_unit", unit.pk))
    assert "4 nimeltä tunnetusta ammattilaisesta on perehdytetty 1 (25 %)." in page
    made = Orientation.objects.get()
    kaisa.post(url("professional_remove", unit.pk, made.pk))
    assert not Orientation.objects.exists()


@pytest.mark.parametrize(
    "make", [lambda cast: cast.sari, lambda cast: cast.finance, lambda cast: cast.aino.user]
)
def test_nothing_of_the_register_for_others(
    cast: Cast, client: Client, make: Callable[[Cast], Any]
) -> None:
    client.force_login(make(cast))
    assert client.get(url("detail", cast.aino.expert.pk)).status_code == 403
    assert not PersonalDataView.objects.exists()
