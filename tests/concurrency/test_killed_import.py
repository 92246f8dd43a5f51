"""kill -9 in the middle of a register import: nothing half-written, nothing lost, nothing twice."""

import datetime as dt
import uuid

from coordination import clock
from coordination.models import OutboxMessage, RegisterImport, Unit, User
from coordination.models.register_import import RegisterImportState as State
from coordination.permissions import Role
from coordination.register_import.tasks import work
from coordination.services import register_imports
from coordination.tasks import tick
from experts.models import DiaryEntry, Expert
from scheduling.models import Assignment, Session
from tests.cast import make_user
from tests.coordination.register_import.helpers import MENDED, edited
from tests.harness.worker import CeleryWorker


def _counts() -> dict[str, int]:
    models = (Unit, Expert, Session, Assignment, DiaryEntry, OutboxMessage)
    return {model.__name__: model.objects.count() for model in models}


def _kill_in_the_middle(worker: CeleryWorker, upload: RegisterImport, *, after: int) -> None:
    work.apply_async(kwargs={"import_id": upload.pk})
    worker.wait_for(lambda: register_imports.progress(upload) >= after, seconds=120)
    worker.kill()
    assert register_imports.progress(upload) < 100, "it was not in the middle"


def _start_again(worker: CeleryWorker, upload: RegisterImport, *, until: State) -> RegisterImport:
    """By the sweep alone, as when the message died with the worker."""
    silent = clock.now() - 2 * register_imports.CLAIM_HOLDS_FOR
    RegisterImport.objects.filter(pk=upload.pk).update(claimed_at=silent)
    worker.start()
    tick.delay()
    worker.wait_for(lambda: _now(upload).state == until, seconds=180)
    return _now(upload)


def _now(upload: RegisterImport) -> RegisterImport:
    return RegisterImport.objects.get(pk=upload.pk)


def _upload(by: User) -> RegisterImport:
    return register_imports.upload(
        key=uuid.uuid4(),
        file_name="register.xlsx",
        content=edited(*MENDED).getvalue(),
        by=by,
        now=clock.now(),
    )


def test_a_killed_import_leaves_nothing_and_is_taken_up_again(celery_worker: CeleryWorker) -> None:
    by = make_user(role=Role.COORDINATOR)
    empty = _counts()
    upload = _upload(by)

    # while it is read and rehearsed
    _kill_in_the_middle(celery_worker, upload, after=60)
    assert _counts() == empty
    killed = _now(upload)
    assert (killed.state, killed.attempts, killed.claimed_at is None) == (State.UPLOADED, 1, False)
    ready = _start_again(celery_worker, upload, until=State.READY)
    assert (ready.errors, ready.refusal, len(ready.rows)) == (0, "", 359)
    assert _counts() == empty

    # while it is written
    register_imports.confirm(ready, skip_errors=False, by=by, now=clock.now())
    _kill_in_the_middle(celery_worker, upload, after=30)
    assert _counts() == empty
    killed = _now(upload)
    assert (killed.state, killed.attempts, killed.claimed_at is None) == (State.CONFIRMED, 1, False)
    assert killed.content is not None
    done = _start_again(celery_worker, upload, until=State.DONE)
    assert (done.content, {row["outcome"] for row in done.rows}) == (None, {"new"})

    written = _counts()
    assert (written["Expert"], written["OutboxMessage"]) == (56, 0)
    assert written["Assignment"] > 80
    shifts = DiaryEntry.objects.filter(kind="shift")
    assert shifts.count() == written["Assignment"]
    # a worker that wakes late finds nothing to do
    register_imports.work(upload.pk, now=clock.now() + dt.timedelta(hours=1))
    assert _counts() == written
