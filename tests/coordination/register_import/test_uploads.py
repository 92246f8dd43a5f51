"""Uploads: read and written by workers that may be killed, by people who click twice."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest

from coordination.errors import Refused
from coordination.models import RegisterImport
from coordination.models.register_import import RegisterImportState as State
from coordination.services import register_imports
from experts.models import Expert
from tests.coordination.register_import.helpers import MENDED, NOW, REGISTER, edited, few
from tests.coordination.workbook.makers import workbook

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
SMALL = {
    "Kokemusasiantuntijat": [
        ["Nimi", "Sähköposti", "Tila", "Koulutus valmis"],
        ["Aino Uusi", "aino.uusi@example.fi", "aktiivinen", "1.2.2024"],
    ]
}


def _upload(by: Any, content: bytes | None = None, key: uuid.UUID | None = None) -> RegisterImport:
    return register_imports.upload(
        key=key or uuid.uuid4(),
        file_name="register.xlsx",
        content=content or workbook(SMALL).getvalue(),
        by=by,
        now=NOW,
    )


def _worked(upload: RegisterImport, now: dt.datetime = NOW) -> RegisterImport:
    register_imports.work(upload.pk, now=now)
    return RegisterImport.objects.get(pk=upload.pk)


def _confirmed(by: Any, content: bytes | None = None, *, skip: bool = False) -> RegisterImport:
    upload = _worked(_upload(by, content))
    register_imports.confirm(upload, skip_errors=skip, by=by, now=NOW)
    return upload


def test_read_then_confirmed_then_written_and_the_file_is_gone(cast: Any) -> None:
    upload = _worked(_upload(cast.coordinator))
    assert (upload.state, upload.errors) == (State.READY, 0)
    assert not Expert.objects.filter(name="Aino Uusi").exists()
    register_imports.confirm(upload, skip_errors=False, by=cast.coordinator, now=NOW)
    done = _worked(upload)
    assert (done.state, done.content, done.confirmed_by) == (State.DONE, None, cast.coordinator)
    assert Expert.objects.filter(name="Aino Uusi").count() == 1
    assert register_imports.progress(done) >= 0


def test_the_same_click_twice_uploads_once(cast: Any) -> None:
    key = uuid.uuid4()
    assert _upload(cast.coordinator, key=key).pk == _upload(cast.coordinator, key=key).pk


def test_two_confirmations_and_two_workers_write_once(cast: Any) -> None:
    upload = _confirmed(cast.coordinator)
    register_imports.confirm(upload, skip_errors=False, by=cast.coordinator, now=NOW)
    first, second = _worked(upload), _worked(upload, NOW + 5 * MINUTE)
    assert first.finished_at == second.finished_at == NOW
    assert Expert.objects.filter(name="Aino Uusi").count() == 1


def test_a_worker_that_was_thought_dead_comes_second_and_does_nothing(cast: Any) -> None:
    stale = _confirmed(cast.coordinator)
    stale.refresh_from_db()
    done = _worked(stale)
    register_imports._write(stale, now=NOW + 5 * MINUTE)
    stale.refresh_from_db()
    assert (stale.state, stale.finished_at) == (State.DONE, done.finished_at)


def test_errors_need_a_decision(cast: Any) -> None:
    upload = _worked(_upload(cast.coordinator, edited(few).getvalue()))
    assert upload.errors == 1
    with pytest.raises(Refused) as refused:
        register_imports.confirm(upload, skip_errors=False, by=cast.coordinator, now=NOW)
    assert refused.value.code == "has_errors"


def test_a_file_that_cannot_be_read_is_refused_with_its_reason(cast: Any) -> None:
    upload = _worked(_upload(cast.coordinator, b"Nimi;Puhelin"))
    assert (upload.state, upload.refusal_code) == (State.REFUSED, "not_a_workbook")
    assert upload.content is None
    assert upload.refusal


def test_a_killed_worker_is_found_by_the_sweep_and_nothing_is_lost(cast: Any) -> None:
    upload = _upload(cast.coordinator)
    RegisterImport.objects.filter(pk=upload.pk).update(claimed_at=NOW, attempts=1)  # and it died
    assert register_imports.sweep(now=NOW + MINUTE) == []
    assert _worked(upload, NOW + MINUTE).state == State.UPLOADED  # somebody seems to be at it
    later = NOW + 3 * MINUTE
    assert register_imports.sweep(now=later) == [upload.pk]
    assert _worked(upload, later).state == State.READY


def test_what_kills_every_worker_is_given_up(cast: Any) -> None:
    upload = _upload(cast.coordinator)
    RegisterImport.objects.filter(pk=upload.pk).update(claimed_at=NOW, attempts=3)
    assert register_imports.sweep(now=NOW + 3 * MINUTE) == []
    upload.refresh_from_db()
    assert (upload.state, upload.refusal_code) == (State.REFUSED, "given_up")


def test_a_message_that_was_lost_is_sent_again(cast: Any) -> None:
    upload = _upload(cast.coordinator)
    assert register_imports.sweep(now=NOW + MINUTE) == [upload.pk]


def test_what_changed_since_the_preview_is_looked_at_again(cast: Any) -> None:
    upload = _confirmed(cast.coordinator)
    cast.aino.expert.email = "aino.uusi@example.fi"
    cast.aino.expert.save()
    Expert.objects.create(name="Aino Uusi", email="muu@example.fi")
    again = _worked(upload)
    assert (again.state, again.errors) == (State.READY, 1)
    assert again.refusal
    assert again.confirmed_at is None


def test_nobody_confirmed_within_a_day(cast: Any) -> None:
    upload = _worked(_upload(cast.coordinator))
    register_imports.sweep(now=NOW + dt.timedelta(hours=23))
    upload.refresh_from_db()
    assert upload.state == State.READY
    register_imports.sweep(now=NOW + dt.timedelta(hours=25))
    upload.refresh_from_db()
    assert (upload.state, upload.content, upload.rows) == (State.DROPPED, None, [])


def test_results_are_forgotten_a_day_after(cast: Any) -> None:
    done = _worked(_confirmed(cast.coordinator))
    assert done.rows
    register_imports.sweep(now=NOW + dt.timedelta(hours=25))
    done.refresh_from_db()
    assert (done.state, done.rows, done.problems) == (State.DONE, [], [])


def test_dropping_deletes_the_file_and_cannot_be_done_once_confirmed(cast: Any) -> None:
    upload = _worked(_upload(cast.coordinator))
    register_imports.drop(upload, now=NOW)
    upload.refresh_from_db()
    assert (upload.state, upload.content) == (State.DROPPED, None)
    with pytest.raises(Refused):
        register_imports.drop(_confirmed(cast.coordinator), now=NOW)


def test_a_mended_register_through_the_upload(cast: Any) -> None:
    Expert.objects.all().update(payroll_number="")  # the cast has some of the register's numbers
    content = edited(*MENDED).getvalue()
    done = _worked(_confirmed(cast.coordinator, content))
    assert done.state == State.DONE
    assert {row["outcome"] for row in done.rows} == {"new"}


def test_others_do_not_see_it(cast: Any) -> None:
    upload = _upload(cast.coordinator)
    visible = RegisterImport.objects.visible_to
    assert list(visible(cast.coordinator)) == [upload]
    assert list(visible(cast.administrator)) == []
    assert list(visible(cast.aino.user)) == []


def test_bytes_come_back_as_they_went(cast: Any) -> None:
    content = REGISTER.read_bytes()
    stored = RegisterImport.objects.get(pk=_upload(cast.coordinator, content).pk)
    assert io.BytesIO(bytes(stored.content or b"")).read() == content
