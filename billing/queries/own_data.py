"""What billing adds to "everything about me": fee lines, and the batches they were paid in."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from billing.models import BatchState, FeeBasis, FeeLine, FeeLineState
from coordination import formats
from experts.models import Expert
from experts.queries import own_data
from experts.queries.own_data import Coded, coded
from experts.queries.own_data_words import Word
from scheduling.queries.naming import unit_name

WORDS: dict[str, Word] = {
    "fees": _("My fees"),
    "pay_batches": _("Pay batches with my fees"),
    "line": _("Fee line"),
    "session_on": _("Day"),
    "basis": _("Paid by"),
    "rate": _("Euros an hour or a session"),
    "minutes": _("Minutes"),
    "amount": _("Euros"),
    "income_type": _("Income type"),
    "payer": _("Payer"),
    "cost_centre": _("Cost centre"),
    "project": _("Project"),
    "approved_at": _("Approved"),
    "batch": _("Pay batch"),
    "exported_at": _("Sent to payroll"),
    "reverses_line": _("Takes back line"),
    "corrects_line": _("Corrects line"),
    "number": _("Number"),
    "period_on": _("Pay period"),
    "lines": _("Fee lines"),
    "locked_at": _("Locked"),
}


def register() -> None:
    """Called once, when the program starts."""
    own_data.register("fees", fees, words=WORDS)
    own_data.register("pay_batches", pay_batches)


def fees(expert: Expert) -> list[dict[str, Any]]:
    """Every line, reversed ones too, with everything that led to the amount. One query."""
    rows = FeeLine.objects.filter(expert=expert).order_by("session_on", "pk")
    return [
        {
            "line": row.pk,
            "session_on": row.session_on,
            "kind": Coded(row.kind.code, row.kind.name),
            "unit": Coded(row.unit.name, unit_name(row.unit)),
            "basis": coded(FeeBasis, row.basis),
            "rate": _euros(row.rate),
            "minutes": row.minutes,
            "amount": _euros(row.amount),
            "income_type": row.income_type,
            "payer": row.payer_name,
            "cost_centre": row.cost_centre,
            "project": row.project.code if row.project else None,
            "state": coded(FeeLineState, row.state),
            "approved_at": row.approved_at,
            "batch": row.batch.number if row.batch else None,
            "exported_at": row.batch.exported_at if row.batch else None,
            "reverses_line": row.reverses_id,
            "corrects_line": row.corrects_id,
        }
        for row in rows.select_related("kind", "unit", "project", "batch")
    ]


def _euros(amount: Decimal) -> Coded:
    """Text with all digits for programs, an amount of money for people."""
    return Coded(str(amount), formats.money(amount))


def pay_batches(expert: Expert) -> list[dict[str, Any]]:
    """Each batch with one's own lines and sum in it; the others' are not one's data. One query."""
    rows = (
        FeeLine.objects.filter(expert=expert, batch__isnull=False)
        .order_by("batch__period_on", "batch__number")
        .values(
            *("batch__number", "batch__period_on", "batch__state"),
            *("batch__locked_at", "batch__exported_at"),
        )
        .annotate(lines=Count("pk"), sum=Sum("amount"))
    )
    return [
        {
            "number": row["batch__number"],
            "period_on": row["batch__period_on"],
            "state": coded(BatchState, row["batch__state"]),
            "lines": row["lines"],
            "amount": _euros(row["sum"]),
            "locked_at": row["batch__locked_at"],
            "exported_at": row["batch__exported_at"],
        }
        for row in rows
    ]
