"""How often work supervision is due: seen and changed by coordinators and administrators."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from coordination import clock, formats
from coordination.access import UserRequest, requires
from coordination.forms.fields import FinnishDateField
from coordination.permissions import Permission
from experts.models import SupervisionRule
from experts.queries import supervision
from experts.services import supervision_rules
from experts.views.common import do_or_say, posted, saved

_both = require_http_methods(["GET", "POST"])


class RuleForm(forms.Form):
    """Whichever comes first: the weeks or the shifts."""

    max_weeks = forms.IntegerField(
        label=gettext_lazy("At least every how many weeks"), min_value=1, max_value=104
    )
    max_sessions = forms.IntegerField(
        label=gettext_lazy("At least after how many shifts"), min_value=1, max_value=500
    )
    starts_on = FinnishDateField(
        label=gettext_lazy("Valid from"),
        help_text=gettext_lazy("Today or a later day. The rule before it holds until then."),
    )


@requires(Permission.MANAGE_SUPERVISION_RULE)
@_both
def index(request: UserRequest) -> HttpResponse:
    """The rule of today, those that were and that come, and a new one."""
    today = clock.today()
    now_in_force = supervision.rule_on(today)
    first = {
        "max_weeks": now_in_force.max_weeks,
        "max_sessions": now_in_force.max_sessions,
        "starts_on": today,
    }
    form = RuleForm(posted(request), initial=first)

    def save() -> None:
        supervision_rules.set_rule(**form.cleaned_data, by=request.user, now=clock.now())

    if form.is_valid() and saved(request, form, save, _("The rule has been saved.")):
        return redirect("experts:supervision_rules")
    context = {
        "title": _("How often work supervision is due"),
        "form": form,
        "rule": now_in_force,
        "rules": SupervisionRule.objects.all(),
        "today": today,
        "may_arrange": request.user.access.can(Permission.MANAGE_SUPERVISION),
    }
    status = 422 if form.is_bound else 200
    return render(request, "experts/supervision/rules.html", context, status=status)


@requires(Permission.MANAGE_SUPERVISION_RULE)
@_both
def remove(request: UserRequest, rule_id: int) -> HttpResponse:
    """Take out a rule that has not begun."""
    rule = get_object_or_404(SupervisionRule, pk=rule_id)
    url = reverse("experts:supervision_rules")
    if request.method == "POST":
        return do_or_say(
            request,
            lambda: supervision_rules.remove_coming(rule, by=request.user, now=clock.now()),
            _("The rule has been removed."),
            url,
        )
    sentence = _("The rule that would begin on %(day)s is removed. The one before it goes on.")
    context = {
        "title": _("Remove the rule?"),
        "sentences": [sentence % {"day": formats.day(rule.starts_on)}],
        "yes": _("Remove"),
        "danger": True,
        "back_url": url,
    }
    return render(request, "web/confirm.html", context)
