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
from coordination.web import menu, panels
from experts.models import Expert

menu.register(
    menu.MenuItem(
        key="fees",
        label=pgettext_lazy("menu", "Fee lines"),
        url_name="billing:lines",
        permission=Permission.VIEW_MONEY,
        order=20,
        icon="money",
    )
)
menu.register(
    menu.MenuItem(
        key="batches",
        label=pgettext_lazy("menu", "Pay batches"),
        url_name="billing:batches",
        permission=Permission.VIEW_MONEY,
        order=30,
        icon="document",
    )
)
menu.register(
    menu.MenuItem(
        key="fee-rules",
        label=pgettext_lazy("menu", "Fee rules"),
        url_name="billing:rules",
        permission=Permission.VIEW_MONEY,
        order=40,
        icon="list",
    )
)
menu.register(
    menu.MenuItem(
        key="closeouts",
        label=_("To be recorded"),
        url_name="billing:closeouts",
        permission=Permission.CLOSE_OUT,
        order=45,
        icon="check",
    )
)
menu.register(
    menu.MenuItem(
        key="earnings",
        label=_("My fees"),
        url_name="billing:earnings",
        permission=Permission.VIEW_OWN_EARNINGS,
        order=40,
        icon="money",
    )
)


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


panels.register(
    panels.Panel(
        key="money-to-approve",
        page="finance_home",
        permission=Permission.APPROVE_FEES,
        order=10,
        context=to_approve,
        template="billing/panels/to_approve.html",
    )
)
panels.register(
    panels.Panel(
        key="money-blockers",
        page="finance_home",
        permission=Permission.VIEW_MONEY,
        order=20,
        context=blockers,
        template="billing/panels/blockers.html",
    )
)
panels.register(
    panels.Panel(
        key="money-to-lock",
        page="finance_home",
        permission=Permission.EXPORT_PAY,
        order=30,
        context=to_lock,
        template="billing/panels/to_lock.html",
    )
)
panels.register(
    panels.Panel(
        key="own-earnings",
        page="expert_home",
        permission=Permission.VIEW_OWN_EARNINGS,
        order=80,
        context=own_earnings,
        template="billing/panels/own_earnings.html",
    )
)
