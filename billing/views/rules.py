"""Fee rules."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from billing.forms import FeeRuleForm
from billing.models import FeeRule
from billing.services import fee_rules
from coordination import clock
from coordination.access import UserRequest, requires
from coordination.errors import Refused
from coordination.permissions import Permission


@requires(Permission.VIEW_MONEY)
@require_GET
def index(request: UserRequest) -> HttpResponse:
    """All rules, the one in force first in each form of work."""
    rules = FeeRule.objects.select_related("kind").order_by(
        "kind__order", "kind__code", "-starts_on"
    )
    return render(
        request,
        "billing/rules.html",
        {
            "title": _("Fee rules"),
            "rules": rules,
            "today": clock.today(),
            "may_change": request.user.access.can(Permission.MANAGE_FEE_RULES),
        },
    )


@requires(Permission.MANAGE_FEE_RULES)
@require_http_methods(["GET", "POST"])
def new(request: UserRequest) -> HttpResponse:
    """A new rate from a day on."""
    form = FeeRuleForm(
        request.POST if request.method == "POST" else None,
        initial={"kind": request.GET.get("kind")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            fee_rules.set_rule(**form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refused:
            form.add_error("starts_on", str(refused))
        else:
            messages.success(request, _("The fee rule was saved."))
            return redirect("billing:rules")
    status = 422 if form.is_bound else 200
    return render(
        request,
        "billing/rule_new.html",
        {"title": _("New fee rule"), "form": form},
        status=status,
    )


@requires(Permission.MANAGE_FEE_RULES)
@require_http_methods(["GET", "POST"])
def remove(request: UserRequest, pk: int) -> HttpResponse:
    """Take out a rule nothing was paid with."""
    rule = get_object_or_404(FeeRule.objects.select_related("kind"), pk=pk)
    if request.method == "POST":
        try:
            fee_rules.remove_unused(rule, by=request.user, now=clock.now())
            messages.success(request, _("The fee rule was removed."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("billing:rules")
    return render(
        request,
        "web/confirm.html",
        {
            "title": _("Remove the fee rule?"),
            "sentences": [_("The rule before it goes on. No fee has been made with this one.")],
            "yes": _("Remove"),
            "danger": True,
            "back_url": reverse("billing:rules"),
        },
    )
