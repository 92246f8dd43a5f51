"""What billing puts into the menu and onto the homes."""

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.models import PayBatch
from billing.queries import earnings, lines
from coordination import clock
from coordination.permissions import Permission
from coordination.web.menu import MenuItem
from coordination.web.menu import register as to_menu
from coordination.web.panels import Panel
from coordination.web.panels import register as to_page
from experts.models import Expert

P = Permission
for item in (
    MenuItem(
        *("fees", pgettext_lazy("menu", "Fee lines"), "billing:lines", P.VIEW_MONEY, 20, "money"),
    ),
    MenuItem(
        *("batches", pgettext_lazy("menu", "Pay batches"), "billing:batches"),
        *(P.VIEW_MONEY, 30, "document"),
    ),
    MenuItem(
        *("fee-rules", pgettext_lazy("menu", "Fee rules"), "billing:rules"),
        *(P.VIEW_MONEY, 40, "list"),
    ),
    MenuItem("closeouts", _("To be recorded"), "billing:closeouts", P.CLOSE_OUT, 45, "check"),
    MenuItem("earnings", _("My fees"), "billing:earnings", P.VIEW_OWN_EARNINGS, 40, "money"),
):
    to_menu(item)


def blockers(request: HttpRequest, now: dt.datetime) -> dict[str, Any]:
    """What keeps money from being right, each with the way to mend it."""
    return {
        "no_rule": lines.without_rule(),
        "no_agreement": lines.without_agreement().select_related("unit", "expert")[:20],
        "nameless": Expert.objects.filter(
            pk__in=lines.without_payroll_number().values("expert")
        ).order_by("name")[:20],
        "not_closed": lines.not_closed(now=now).count(),
    }


def to_approve(request: HttpRequest, now: dt.datetime) -> dict[str, Any]:
    """Open lines by payer."""
    return {"totals": lines.totals_by_payer(lines.open_lines())}


def to_lock(request: HttpRequest, now: dt.datetime) -> dict[str, Any]:
    """Approved lines of past months that wait for a batch, and the newest batches."""
    this_month = clock.today(now).replace(day=1)
    period_on = this_month - relativedelta(months=1)
    return {
        "period_on": period_on,
        "totals": lines.totals_by_payer(lines.ready_for_batch(until=this_month)),
        "batches": PayBatch.objects.all()[:3],
    }


def own_earnings(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """This month's sum for the expert."""
    expert = Expert.objects.filter(user=request.user.pk).first()
    if expert is None:
        return None
    first = clock.today(now).replace(day=1)
    months = {month.first_on: month for month in earnings.by_month(expert)}
    return {"month": months.get(first, earnings.Month(first))}


for panel in (
    Panel(
        *("money-to-approve", "finance_home", P.APPROVE_FEES, 10),
        *(to_approve, "billing/panels/to_approve.html"),
    ),
    Panel(
        *("money-blockers", "finance_home", P.VIEW_MONEY, 20),
        *(blockers, "billing/panels/blockers.html"),
    ),
    Panel(
        *("money-to-lock", "finance_home", P.EXPORT_PAY, 30),
        *(to_lock, "billing/panels/to_lock.html"),
    ),
    Panel(
        *("own-earnings", "expert_home", P.VIEW_OWN_EARNINGS, 80),
        *(own_earnings, "billing/panels/own_earnings.html"),
    ),
):
    to_page(panel)
