"""Pay batches: lock what is approved, export it once, hand out the same bytes for ever."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from billing import exports
from billing.models import BatchExport, BatchState, FeeLine, FeeLineState, PayBatch
from billing.transitions import BATCH
from coordination import clock
from coordination.errors import Refused
from coordination.models import User
from coordination.transactions import one_transaction


def first_of_month(day: dt.date) -> dt.date:
    return day.replace(day=1)


NOT_BEGUN = _lazy("This month has not begun yet. Choose one that has.")


def has_begun(period_on: dt.date, *, now: dt.datetime) -> bool:
    """Whether the month has begun in the home zone: nothing of a later one has been held."""
    return first_of_month(period_on) <= clock.today(now)


@one_transaction
def lock(*, period_on: dt.date, by: User, now: dt.datetime) -> PayBatch:
    """Lock a batch with every approved line of sessions up to the end of the month `period_on`.

    Late lines of earlier months come along. Two people at once make one batch: the other gets
    Refused. Raises Refused `not_begun` for a month in the future, `empty` when nothing is
    approved, `locked_meanwhile`.
    """
    period_on = first_of_month(period_on)
    if not has_begun(period_on, now=now):
        raise Refused(NOT_BEGUN, code="not_begun")
    try:
        with transaction.atomic():
            batch = PayBatch.objects.create(
                number=_next_number(period_on), period_on=period_on, created_at=now
            )
            taken = _approved_until(period_on).update(batch=batch)
            if not taken:
                raise Refused(
                    _("There is nothing to lock: no line is approved and waiting."), code="empty"
                )
            batch.state, batch.locked_at, batch.locked_by = BatchState.LOCKED, now, by
            batch.save(update_fields=["state", "locked_at", "locked_by"])
    except IntegrityError as error:
        raise Refused(
            _("Somebody else locked this period just now. Look at the list of batches."),
            code="locked_meanwhile",
        ) from error
    return batch


def _next_number(period_on: dt.date) -> str:
    taken = PayBatch.objects.filter(period_on=period_on).count()
    return f"{period_on:%Y-%m}-{taken + 1}"


def _approved_until(period_on: dt.date) -> "exports.Lines":
    return FeeLine.objects.filter(
        state=FeeLineState.APPROVED,
        batch__isnull=True,
        session_on__lt=period_on + relativedelta(months=1),
    )


def _locked(batch: PayBatch) -> PayBatch:
    """Its row, which one exports at a time."""
    return PayBatch.objects.select_for_update().get(pk=batch.pk)


def export(batch: PayBatch, *, by: User, now: dt.datetime) -> list[BatchExport]:
    """Write the export files of a locked batch, once; a later call returns the same files.

    Raises Refused when the batch is not locked.
    """
    with transaction.atomic():
        row = _locked(batch)
        if row.state == BatchState.EXPORTED:
            return list(row.exports.order_by("format"))
        BATCH.check(row.state, BatchState.EXPORTED)
        files = exports.write_all(row, moment=now)
        made = [
            BatchExport.objects.create(
                batch=row,
                format=file.format,
                content=file.content,
                sha256=file.sha256,
                created_at=now,
            )
            for file in files
        ]
        row.lines.update(state=FeeLineState.EXPORTED)
        row.state, row.exported_at, row.exported_by = BatchState.EXPORTED, now, by
        row.save(update_fields=["state", "exported_at", "exported_by"])
    return sorted(made, key=lambda one: one.format)
