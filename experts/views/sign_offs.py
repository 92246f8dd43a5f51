"""Signing off several people at once, as after a register import: the same four points for each."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.access import UserRequest, requires
from coordination.permissions import Permission
from experts.forms.register import SignOffForm
from experts.models import Expert
from experts.queries import sign_offs as waiting_people
from experts.services import readiness
from experts.views.common import posted


class SeveralForm(SignOffForm):
    """Who, and the four points that hold for every one of them."""

    people = forms.ModelMultipleChoiceField(
        Expert.objects.none(),
        label=gettext_lazy("People"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )
    field_order = ("people",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = waiting_people.waiting()
        for name in (
            "own_experience",
            "enough_training",
            "works_independently",
            "looks_after_self",
        ):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _(
                "Confirm this for everybody you chose, or leave those out for whom it does not hold."
            )

    def chosen(self) -> list[Expert]:
        return list(self.cleaned_data.pop("people"))


@requires(Permission.MANAGE_REGISTER)
@require_http_methods(["GET", "POST"])
def several(request: UserRequest) -> HttpResponse:
    """People who are active and have not been signed off; two coordinators at once sign each off once."""
    form = SeveralForm(posted(request))
    if form.is_valid():
        people = form.chosen()
        count = readiness.sign_off_several(people, form.points(), by=request.user, now=clock.now())
        said = ngettext("%(count)s person signed off.", "%(count)s people signed off.", count)
        messages.success(request, said % {"count": count})
        return redirect("experts:sign_offs")
    return render(
        request,
        "experts/sign_offs.html",
        {"title": _("Sign-off before the first shift"), "form": form},
        status=422 if form.is_bound else 200,
    )
