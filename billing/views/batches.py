"""Pay batches: look, lock, export, download."""

import datetime as dt
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing.models import BatchExport, FeeLine, PayBatch
from billing.models.batches import ExportFormat
from billing.queries import lines as line_queries
from billing.services import batches
from coordination import clock, formats
from coordination.access import UserRequest, requires
from coordination.errors import Refused
from coordination.permissions import Permission
from experts.services import looks

CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

LINES_ON_PAGE = 100


def _period(text: str) -> dt.date:
    """The first day of a month written `2027-03`; last month when it is written otherwise."""
    try:
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        first = dt.date.min
    if clock.in_our_years(first):
        return first
    return clock.today().replace(day=1) - relativedelta(months=1)


@requires(Permission.VIEW_MONEY)
@require_GET
def index(request: UserRequest) -> HttpResponse:
    """The batches made, and what waits to be locked."""
    made = PayBatch.objects.annotate(total=Sum("lines__amount"), count=Count("lines")).order_by(
        "-period_on", "-number"
    )
    page = Paginator(made, 24).get_page(request.GET.get("page"))
    period_on = _period(request.GET.get("period", ""))
    ready = line_queries.ready_for_batch(until=period_on + relativedelta(months=1))
    return render(
        request,
        "billing/batches.html",
        {
            "title": _("Pay batches"),
            "page": page,
            "period_on": period_on,
            "previous_on": period_on - relativedelta(months=1),
            "next_on": period_on + relativedelta(months=1),
            "totals": line_queries.totals_by_payer(ready),
            "nameless": line_queries.without_payroll_number().values("expert").distinct().count(),
            "may_export": request.user.access.can(Permission.EXPORT_PAY),
            "has_begun": batches.has_begun(period_on, now=clock.now()),
        },
    )


@requires(Permission.EXPORT_PAY)
@require_http_methods(["GET", "POST"])
def lock(request: UserRequest, period: str) -> HttpResponse:
    """Lock the batch of a month, after saying what is in it."""
    period_on = _period(period)
    ready = line_queries.ready_for_batch(until=period_on + relativedelta(months=1))
    now = clock.now()
    if request.method == "POST":
        try:
            batch = batches.lock(period_on=period_on, by=request.user, now=now)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("billing:batches")
        messages.success(request, _("Batch %(number)s is locked.") % {"number": batch.number})
        return redirect("billing:batch", number=batch.number)
    if not batches.has_begun(period_on, now=now):
        messages.error(request, str(batches.NOT_BEGUN))
        return redirect("billing:batches")
    summed = ready.aggregate(total=Sum("amount"), count=Count("pk"))
    count = summed["count"]
    running = clock.today(now) < period_on + relativedelta(months=1)
    said = ngettext("%(count)s line, %(total)s.", "%(count)s lines, %(total)s.", count)
    return render(
        request,
        "web/confirm.html",
        {
            "title": _("Lock the batch of %(month)s?") % {"month": formats.month(period_on)},
            "sentences": [
                said % {"count": count, "total": formats.money(summed["total"] or Decimal(0))},
                *([_("The month still runs: what is held later goes to another batch.")] * running),
                _(
                    "A locked batch no longer changes. What is wrong later is corrected in the next one."
                ),
            ],
            "yes": _("Lock the batch"),
            "back_url": reverse("billing:batches") + f"?period={period_on:%Y-%m}",
        },
    )


@requires(Permission.VIEW_MONEY)
@require_GET
def detail(request: UserRequest, number: str) -> HttpResponse:
    """One batch: sums by payer, its lines, its files."""
    batch = get_object_or_404(
        PayBatch.objects.select_related("locked_by", "exported_by"), number=number
    )
    lines = (
        line_queries.for_list(request.user)
        .filter(batch=batch)
        .order_by("expert__name", "session_on", "id")
    )
    page = Paginator(lines, LINES_ON_PAGE).get_page(request.GET.get("page"))
    seen = [line.expert_id for line in page.object_list]
    looks.note(seen, viewer=request.user, page="billing:lines", now=clock.now())
    return render(
        request,
        "billing/batch.html",
        {
            "title": _("Batch %(number)s") % {"number": batch.number},
            "batch": batch,
            "page": page,
            "totals": line_queries.totals_by_payer(lines),
            "total": lines.order_by().aggregate(total=Sum("amount"))["total"] or 0,
            "files": batch.exports.defer("content").order_by("format"),
            "may_export": request.user.access.can(Permission.EXPORT_PAY),
        },
    )


@requires(Permission.EXPORT_PAY)
@require_POST
def export(request: UserRequest, number: str) -> HttpResponse:
    """Make the files; a second press finds them made."""
    batch = get_object_or_404(PayBatch, number=number)
    try:
        batches.export(batch, by=request.user, now=clock.now())
        messages.success(request, _("The files are ready. Downloading again gives the same files."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("billing:batch", number=number)


@requires(Permission.EXPORT_PAY)
@require_GET
def download(request: UserRequest, number: str, form: str) -> HttpResponse:
    """The stored bytes of one file."""
    file = get_object_or_404(BatchExport, batch__number=number, format=form)
    seen = FeeLine.objects.filter(batch=file.batch_id).values_list("expert_id", flat=True)
    looks.note(seen, viewer=request.user, page="billing:download", now=clock.now())
    response = HttpResponse(
        bytes(file.content), content_type=CONTENT_TYPES[ExportFormat(file.format)]
    )
    response["Content-Disposition"] = f'attachment; filename="vuoro-{number}.{file.format}"'
    response["Cache-Control"] = "private, no-store"
    return response
