"""What a coordinator records about one person: trainings, the sign-off, orientations."""

import dataclasses

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.access import UserRequest, requires
from coordination.permissions import Permission
from experts.forms.register import OrientationForm, SignOffForm, TrainingForm
from experts.models import Expert
from experts.services import readiness
from experts.views.common import do_or_say, expert_or_404, form_page, posted, saved

_both = require_http_methods(["GET", "POST"])


def _url(expert: Expert) -> str:
    return reverse("experts:detail", args=[expert.pk])


@requires(Permission.MANAGE_REGISTER)
@_both
def training_new(request: UserRequest, expert_id: int) -> HttpResponse:
    """Record a training."""
    expert = expert_or_404(request, expert_id, page="experts:detail")
    form = TrainingForm(posted(request))

    def save() -> None:
        readiness.add_training(expert, form.details(), by=request.user, now=clock.now())

    if form.is_valid() and saved(request, form, save, _("The training has been recorded.")):
        return redirect(_url(expert))
    return form_page(
        request,
        form,
        title=_("New training: %(name)s") % {"name": expert.name},
        back_url=_url(expert),
        back_label=expert.name,
        submit=_("Save"),
    )


@requires(Permission.MANAGE_REGISTER)
@_both
def training(request: UserRequest, expert_id: int, training_id: int) -> HttpResponse:
    """Mend a recorded training."""
    expert = expert_or_404(request, expert_id, page="experts:detail")
    found = get_object_or_404(expert.trainings, pk=training_id)
    fields = [field.name for field in dataclasses.fields(readiness.TrainingDetails)]
    initial = {name: getattr(found, name) for name in fields}
    form = TrainingForm(posted(request), initial=initial)

    def save() -> None:
        readiness.change_training(found, form.details(), by=request.user, now=clock.now())

    if form.is_valid() and saved(request, form, save, _("The changes have been saved.")):
        return redirect(_url(expert))
    return form_page(
        request,
        form,
        title=_("Training: %(name)s") % {"name": expert.name},
        back_url=_url(expert),
        back_label=expert.name,
        submit=_("Save"),
        remove_url=reverse("experts:training_remove", args=[expert.pk, found.pk]),
    )


@requires(Permission.MANAGE_REGISTER)
@_both
def training_remove(request: UserRequest, expert_id: int, training_id: int) -> HttpResponse:
    """Take away a training recorded by mistake."""
    expert = expert_or_404(request, expert_id, page="experts:detail")
    found = get_object_or_404(expert.trainings, pk=training_id)
    if request.method == "POST":
        return do_or_say(
            request,
            lambda: readiness.remove_training(found, by=request.user, now=clock.now()),
            _("The training has been removed."),
            _url(expert),
        )
    sentence = _("The training “%(training)s” of %(name)s is removed from the register.")
    context = {
        "title": _("Remove the training?"),
        "sentences": [sentence % {"training": found.name, "name": expert.name}],
        "yes": _("Remove"),
        "danger": True,
        "back_url": _url(expert),
    }
    return render(request, "web/confirm.html", context)


@requires(Permission.MANAGE_REGISTER)
@_both
def sign_off(request: UserRequest, expert_id: int) -> HttpResponse:
    """Confirm the four points."""
    expert = expert_or_404(request, expert_id, page="experts:detail")
    form = SignOffForm(posted(request))

    def save() -> None:
        readiness.sign_off(expert, form.points(), by=request.user, now=clock.now())

    if form.is_valid() and saved(request, form, save, _("The person has been signed off.")):
        return redirect(_url(expert))
    return form_page(
        request,
        form,
        title=_("Sign-off: %(name)s") % {"name": expert.name},
        lead=_("Before the first shift a coordinator confirms these four. No reasons are kept."),
        back_url=_url(expert),
        back_label=expert.name,
        submit=_("Confirm all four"),
    )


@requires(Permission.MANAGE_REGISTER)
@_both
def sign_off_withdraw(request: UserRequest, expert_id: int) -> HttpResponse:
    """Take the sign-off back."""
    expert = expert_or_404(request, expert_id, page="experts:detail")
    if request.method == "POST":
        return do_or_say(
            request,
            lambda: readiness.withdraw_sign_off(expert, by=request.user, now=clock.now()),
            _("The sign-off has been withdrawn."),
            _url(expert),
        )
    sentence = _(
        "%(name)s can no longer be given shifts until the four points are confirmed again."
    )
    context = {
        "title": _("Withdraw the sign-off?"),
        "sentences": [
            sentence % {"name": expert.name},
            _("Shifts agreed before stay. No reason is kept, and no message is sent."),
        ],
        "yes": _("Withdraw the sign-off"),
        "danger": True,
        "back_url": _url(expert),
    }
    return render(request, "web/confirm.html", context)


@requires(Permission.MANAGE_REGISTER)
@_both
def orientation_new(request: UserRequest, expert_id: int) -> HttpResponse:
    """Record that the person was shown round at a unit."""
    expert = expert_or_404(request, expert_id, page="experts:detail")
    form = OrientationForm(posted(request), user=request.user, today=clock.today())

    def save() -> None:
        readiness.orient(expert, **form.cleaned_data, by=request.user, now=clock.now())

    if form.is_valid() and saved(request, form, save, _("The orientation has been recorded.")):
        return redirect(_url(expert))
    return form_page(
        request,
        form,
        title=_("New orientation: %(name)s") % {"name": expert.name},
        back_url=_url(expert),
        back_label=expert.name,
        submit=_("Save"),
    )


@requires(Permission.MANAGE_REGISTER)
@_both
def orientation_remove(request: UserRequest, expert_id: int, orientation_id: int) -> HttpResponse:
    """Take away an orientation recorded by mistake."""
    expert = expert_or_404(request, expert_id, page="experts:detail")
    found = get_object_or_404(expert.orientations.select_related("unit"), pk=orientation_id)
    if request.method == "POST":
        return do_or_say(
            request,
            lambda: readiness.remove_orientation(found, by=request.user, now=clock.now()),
            _("The orientation has been removed."),
            _url(expert),
        )
    sentence = _("The orientation of %(name)s at %(unit)s is removed from the register.")
    context = {
        "title": _("Remove the orientation?"),
        "sentences": [sentence % {"name": expert.name, "unit": found.unit}],
        "yes": _("Remove"),
        "danger": True,
        "back_url": _url(expert),
    }
    return render(request, "web/confirm.html", context)
