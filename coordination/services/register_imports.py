"""Uploading, reading, confirming and writing a register. A worker may be killed anywhere and
nothing is lost or doubled.
"""

import datetime as dt
import io
import uuid

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from coordination import clock
from coordination.errors import Refused
from coordination.models import RegisterImport, User
from coordination.models.register_import import WORKING, RegisterImportState
from coordination.register_import import planning, results
from coordination.register_import.files import read_file
from coordination.register_import.planning import Rehearsal
from coordination.register_import.reading import Progress, Reading
from coordination.register_import.transitions import REGISTER_IMPORT
from coordination.transactions import one_transaction

KEEP_FOR = dt.timedelta(hours=24)
CLAIM_HOLDS_FOR = dt.timedelta(minutes=2)
MOST_ATTEMPTS = 3
_PROGRESS_KEPT = 3600


def upload(
    *, key: uuid.UUID, file_name: str, content: bytes, by: User, now: dt.datetime
) -> RegisterImport:
    """Keeps a file to be read by a worker; the same `key` again is the same upload."""
    if RegisterImport.objects.filter(key=key).exclude(uploaded_by=by).exists():
        key = uuid.uuid4()  # somebody else's: theirs stays theirs
    upload, _made = RegisterImport.objects.get_or_create(
        key=key,
        uploaded_by=by,
        defaults={
            "file_name": file_name[-200:],
            "content": content,
            "language": (translation.get_language() or "fi")[:2],
            "uploaded_at": now,
        },
    )
    return upload


def work(import_id: int, *, now: dt.datetime) -> None:
    """Does what the upload waits for, if no other worker is at it: reads it, or writes it."""
    if not _claim(import_id, now=now):
        return
    upload = RegisterImport.objects.get(pk=import_id)
    with translation.override(upload.language):
        if upload.state == RegisterImportState.UPLOADED:
            _read(upload, now=now)
        else:
            _write(upload, now=now)


def _claim(import_id: int, *, now: dt.datetime) -> bool:
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - CLAIM_HOLDS_FOR)
    waiting = RegisterImport.objects.filter(
        free, pk=import_id, state__in=WORKING, attempts__lt=MOST_ATTEMPTS
    )
    return bool(waiting.update(claimed_at=now, attempts=F("attempts") + 1))


def _read(upload: RegisterImport, *, now: dt.datetime) -> None:
    """Reads, checks and rehearses. A file that cannot be read is refused, with its reason."""
    try:
        found = _rehearsed(upload, now=now)
    except Refused as refused:
        _refuse(upload, refused, now=now)
        return
    with transaction.atomic():
        locked = _lock(upload)
        if locked.state != RegisterImportState.UPLOADED:
            return
        _make_ready(locked, found, refusal=_nothing_written(found.refusal))


def _rehearsed(upload: RegisterImport, *, now: dt.datetime) -> Rehearsal:
    half = _progress_of(upload)
    return planning.rehearse(
        lambda: _reading(upload, lambda percent: half(percent // 2)),
        by=upload.uploaded_by,
        now=now,
        progress=lambda percent: half(50 + percent // 2),
    )


def _nothing_written(why: str) -> str:
    return _("Nothing was written: %(why)s") % {"why": why} if why else ""


def _reading(upload: RegisterImport, progress: Progress) -> Reading:
    content = io.BytesIO(bytes(upload.content or b""))
    return read_file(content, today=clock.today(upload.uploaded_at), progress=progress)


def _make_ready(upload: RegisterImport, found: Rehearsal, *, refusal: str = "") -> None:
    REGISTER_IMPORT.check(upload.state, RegisterImportState.READY)
    upload.state = RegisterImportState.READY
    upload.problems = [results.problem_to_json(problem) for problem in found.problems]
    upload.rows = [results.row_to_json(row) for row in found.rows]
    upload.errors = sum(problem.is_error for problem in found.problems)
    upload.refusal = refusal
    upload.claimed_at, upload.attempts = None, 0
    upload.confirmed_by, upload.confirmed_at = None, None
    upload.save()


def _refuse(upload: RegisterImport, refused: Refused, *, now: dt.datetime) -> None:
    with transaction.atomic():
        locked = _lock(upload)
        REGISTER_IMPORT.check(locked.state, RegisterImportState.REFUSED)
        locked.state = RegisterImportState.REFUSED
        locked.refusal_code, locked.refusal = refused.code, str(refused)[:500]
        _forget_file(locked, now=now)


def confirm(upload: RegisterImport, *, skip_errors: bool, by: User, now: dt.datetime) -> None:
    """Says that the register may be written, without its rows with errors if `skip_errors`.

    A second click changes nothing. Raises `Refused`: `has_errors` when there are errors and they
    are not to be left out, `wrong_state`.
    """
    with transaction.atomic():
        locked = _lock(upload)
        if locked.state in {RegisterImportState.CONFIRMED, RegisterImportState.DONE}:
            return
        REGISTER_IMPORT.check(locked.state, RegisterImportState.CONFIRMED)
        if locked.errors and not skip_errors:
            raise Refused(
                _(
                    "Some rows have errors. Mend the file and upload it again, or choose to leave"
                    " those rows out."
                ),
                code="has_errors",
            )
        locked.state = RegisterImportState.CONFIRMED
        locked.skip_errors = skip_errors
        locked.confirmed_by, locked.confirmed_at = by, now
        locked.save()
    cache.delete(_progress_key(upload))


@one_transaction
def _write(upload: RegisterImport, *, now: dt.datetime) -> None:
    """Reads the file anew, for much may have changed since the preview, and writes it in one
    transaction, which begins anew after a deadlock.
    """
    locked = _lock(upload)
    if locked.state != RegisterImportState.CONFIRMED:
        return
    planning.take_turns()
    reading = _reading(locked, lambda percent: None)
    errors = sum(problem.is_error for problem in reading.problems)
    if errors > locked.errors or (errors and not locked.skip_errors):
        sentence = _(
            "Something changed since you looked: there are new errors. Nothing was written; look "
            "again."
        )
        _make_ready(locked, _planned(reading), refusal=sentence)
        return
    try:
        with transaction.atomic():
            rows = planning.write(
                reading.register, by=locked.confirmed_by, now=now, progress=_progress_of(upload)
            )
    except Refused as refused:
        # what the attempt has noted in the register is not so: it is read once more
        again = _planned(_reading(locked, lambda percent: None))
        _make_ready(locked, again, refusal=_nothing_written(str(refused)))
        return
    REGISTER_IMPORT.check(locked.state, RegisterImportState.DONE)
    locked.state = RegisterImportState.DONE
    locked.rows = [results.row_to_json(row) for row in rows]
    _forget_file(locked, now=now)


def _planned(reading: Reading) -> Rehearsal:
    return Rehearsal(reading, planning.plan(reading.register))


def drop(upload: RegisterImport, *, now: dt.datetime) -> None:
    """Forgets an upload that is not to be written. Raises `Refused` `wrong_state` once it is
    confirmed.
    """
    with transaction.atomic():
        locked = _lock(upload)
        REGISTER_IMPORT.check(locked.state, RegisterImportState.DROPPED)
        locked.state = RegisterImportState.DROPPED
        locked.problems, locked.rows = [], []
        _forget_file(locked, now=now)


def sweep(*, now: dt.datetime) -> list[int]:
    """Drops what nobody confirmed within a day, forgets results after a day, gives up what broke too often.

    Returns the ids of uploads that want a worker: their message was lost, or their worker was killed.
    """
    old = RegisterImport.objects.filter(uploaded_at__lt=now - KEEP_FOR)
    for upload in old.filter(state__in=[RegisterImportState.UPLOADED, RegisterImportState.READY]):
        drop(upload, now=now)
    old.filter(finished_at__lt=now - KEEP_FOR).exclude(problems=[], rows=[]).update(
        problems=[], rows=[]
    )
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - CLAIM_HOLDS_FOR)
    working = RegisterImport.objects.filter(free, state__in=WORKING)
    for upload in working.filter(attempts__gte=MOST_ATTEMPTS):
        with translation.override(upload.language):
            why = _(
                "The file could not be read, though it was tried several times. Nothing was written."
            )
            _refuse(upload, Refused(why, code="given_up"), now=now)
    return list(working.filter(attempts__lt=MOST_ATTEMPTS).values_list("pk", flat=True))


def progress(upload: RegisterImport) -> int:
    """How far the worker is, in percent."""
    return int(cache.get(_progress_key(upload)) or 0)


def _progress_of(upload: RegisterImport) -> Progress:
    return lambda percent: cache.set(_progress_key(upload), percent, _PROGRESS_KEPT)


def _progress_key(upload: RegisterImport) -> str:
    return f"register-import:{upload.pk}"


def _lock(upload: RegisterImport) -> RegisterImport:
    return RegisterImport.objects.select_for_update(of=("self",)).get(pk=upload.pk)


def _forget_file(upload: RegisterImport, *, now: dt.datetime) -> None:
    upload.content = None
    upload.finished_at = now
    upload.claimed_at = None
    upload.save()
