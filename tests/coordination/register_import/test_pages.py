"""The pages of the register import: who gets in, what they show, what a click does."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from coordination.models import RegisterImport
from coordination.models.register_import import RegisterImportState as State
from coordination.services import register_imports
from experts.models import Expert
from tests.coordination.register_import.helpers import FEW_ROWS, NOW, REGISTER, edited, few
from tests.coordination.workbook.makers import workbook

pytestmark = pytest.mark.django_db

URL = "/register-import/"


@pytest.fixture
def coordinator(cast: Any, client: Client) -> Client:
    client.force_login(cast.coordinator)
    return client


def _post(client: Client, content: bytes, key: uuid.UUID | None = None) -> Any:
    file = SimpleUploadedFile("rekisteri.xlsx", content)
    return client.post(URL, {"key": str(key or uuid.uuid4()), "file": file})


@pytest.fixture
def ready(coordinator: Client) -> RegisterImport:
    """A few rows, read; one has an error."""
    return _read(coordinator, edited(few).getvalue())


@pytest.fixture
def whole(coordinator: Client) -> RegisterImport:
    """The whole register, read."""
    Expert.objects.all().update(payroll_number="")  # the cast has some of the register's numbers
    return _read(coordinator, REGISTER.read_bytes())


def _read(client: Client, content: bytes) -> RegisterImport:
    _post(client, content)
    upload = RegisterImport.objects.get()
    register_imports.work(upload.pk, now=NOW)
    return RegisterImport.objects.get()


def _url(upload: RegisterImport, part: str = "") -> str:
    return f"{URL}{upload.key}/{part}"


def test_upload_leads_to_its_page_which_shows_the_work(coordinator: Client) -> None:
    response = _post(coordinator, REGISTER.read_bytes())
    upload = RegisterImport.objects.get()
    assert response.headers["Location"] == _url(upload)
    page = coordinator.get(_url(upload)).content.decode()
    assert "Tiedostoa luetaan." in page
    part = coordinator.get(_url(upload, "progress/"))
    assert "<progress" in part.content.decode()
    assert "HX-Refresh" not in part.headers


def test_when_the_work_is_done_the_page_is_loaded_anew(
    coordinator: Client, ready: RegisterImport
) -> None:
    assert coordinator.get(_url(ready, "progress/")).headers["HX-Refresh"] == "true"


def test_the_preview_shows_what_to_mend_and_each_filter(
    coordinator: Client, whole: RegisterImport, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):  # for some four hundred rows
        page = coordinator.get(_url(whole)).content.decode()
    assert "Tarkoititko Tampere?" in page
    assert "Tallenna 282 riviä" in page
    warnings = coordinator.get(_url(whole, "?show=warning")).content.decode()
    assert "loppiainen" in warnings.lower()
    new = coordinator.get(_url(whole, "?show=new&page=2")).content.decode()
    assert "Perehdytykset" in new
    waits = coordinator.get(_url(whole, "?show=waits")).content.decode()
    assert "odottaa: Kangasalan terveyskeskus" in waits


def test_the_problems_as_a_file(coordinator: Client, ready: RegisterImport) -> None:
    response = coordinator.get(_url(ready, "problems.csv"))
    text = response.content.decode()
    assert text.startswith("\ufeffVälilehti;Rivi;Sarake;Taso;Mitä korjataan")
    assert "Kokemusasiantuntijat;44;Kotikunta;virhe;" in text
    assert not any(
        line.split(";")[0].startswith(("=", "+", "-", "@")) for line in text.splitlines()
    )


def test_confirming_needs_the_decision_about_errors(
    coordinator: Client, ready: RegisterImport
) -> None:
    refused = coordinator.post(_url(ready, "confirm/"))
    assert refused.status_code == 422
    assert "Joillakin riveillä on virheitä." in refused.content.decode()
    done = coordinator.post(_url(ready, "confirm/"), {"skip_errors": "on"})
    assert done.status_code == 302
    again = coordinator.post(_url(ready, "confirm/"), {"skip_errors": "on"})
    assert again.status_code == 302
    register_imports.work(ready.pk, now=NOW)
    page = coordinator.get(_url(ready)).content.decode()
    assert f"{FEW_ROWS} riviä tallennettiin." in page
    assert Expert.objects.filter(name="Taisto Demonen").count() == 1


def test_dropping(coordinator: Client, ready: RegisterImport) -> None:
    assert coordinator.post(_url(ready, "drop/")).status_code == 302
    ready.refresh_from_db()
    assert ready.state == State.DROPPED
    assert "hylättiin" in coordinator.get(_url(ready)).content.decode()


def test_a_file_that_is_no_workbook_is_told_on_its_page(coordinator: Client) -> None:
    _post(coordinator, b"Nimi;Puhelin")
    upload = RegisterImport.objects.get()
    register_imports.work(upload.pk, now=NOW)
    assert "ei ole Excel-työkirja" in coordinator.get(_url(upload)).content.decode()


def test_no_file_is_told_at_the_field(coordinator: Client) -> None:
    response = coordinator.post(URL, {"key": str(uuid.uuid4())})
    assert response.status_code == 422


def test_who_may_not_and_who_does_not_see(cast: Any, client: Client, ready: RegisterImport) -> None:
    client.force_login(cast.administrator)
    for part in ("", "progress/", "problems.csv"):
        assert client.get(_url(ready, part)).status_code == 404
    for part in ("confirm/", "drop/"):
        assert client.post(_url(ready, part)).status_code == 404
    client.force_login(cast.aino.user)
    assert client.get(URL).status_code == 403
    assert client.get(_url(ready)).status_code == 403
    client.logout()
    assert client.get(URL).status_code == 302


def test_somebody_elses_key_is_not_taken_over(
    cast: Any, client: Client, ready: RegisterImport
) -> None:
    client.force_login(cast.administrator)
    response = _post(client, workbook({"Yksiköt": [["Yksikkö"]]}).getvalue(), key=ready.key)
    assert response.status_code in {302, 422}
    ready.refresh_from_db()
    assert ready.uploaded_by == cast.coordinator
