"""The preview's page tells in words what a mended row brings about, before and after it is written."""

import uuid

import pytest
import time_machine as tm
from django.test import Client

from coordination.models import RegisterImport
from coordination.services import register_imports
from scheduling.models import Session
from tests.cast import Cast
from tests.coordination.workbook.makers import workbook
from tests.scheduling.makers import HOUR, NOW
from tests.scheduling.register_sheets.files import HEADERS, SHEET, shift, write

pytestmark = pytest.mark.django_db


def test_what_comes_of_a_row_and_who_would_not_fit(
    ready: Cast, client: Client, time_machine: tm.TimeMachineFixture
) -> None:
    write(shift(repeats="joka viikko"))
    cancelled = f"Peruutuksia: {Session.objects.count() // 2}"
    ready.aino.expert.sign_offs.all().delete()
    time_machine.move_to(NOW + HOUR)
    upload = register_imports.upload(
        key=uuid.uuid4(),
        file_name="register.xlsx",
        content=workbook({SHEET: [HEADERS, shift(repeats="joka toinen viikko")]}).getvalue(),
        by=ready.coordinator,
        now=NOW + HOUR,
    )
    register_imports.work(upload.pk, now=NOW + HOUR)
    client.force_login(ready.coordinator)
    page = f"/register-import/{upload.key}/"
    changed = client.get(page, {"show": "changed"}).content.decode()
    assert cancelled in changed
    assert "Ilmoituksen saajia: 2" in changed
    notes = client.get(page, {"show": "note"}).content.decode()
    assert "Aino Testilä saa vuoron, koska se on luvattu" in notes

    upload = RegisterImport.objects.get(pk=upload.pk)
    register_imports.confirm(upload, skip_errors=False, by=ready.coordinator, now=NOW + HOUR)
    register_imports.work(upload.pk, now=NOW + HOUR)
    done = client.get(page, {"show": "changed"}).content.decode()
    assert cancelled in done
