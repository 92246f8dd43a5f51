"""What the pages of this package share."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise

from coordination import clock
from coordination.access import UserRequest
from coordination.errors import Refused
from experts.models import Expert
from experts.services import looks
from experts.services.supervision import Clash


def expert_or_404(request: UserRequest, expert_id: int, *, page: str) -> Expert:
    """A person this user may see, and the look is logged: nobody gets the one without the other."""
    found = get_object_or_404(
        Expert.objects.visible_to(request.user).select_related("user"), pk=expert_id
    )
    if found.user_id != request.user.pk:
        looks.note([found.pk], viewer=request.user, page=page, now=clock.now())
    return found


def own_expert(request: UserRequest) -> Expert:
    """The row of the person who is signed in; 404 when the account is not joined to one."""
    return get_object_or_404(Expert.objects.select_related("user"), user=request.user)


def posted(request: UserRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is a form sent empty, not a form asked for."""
    return request.POST if request.method == "POST" else None


def saved(
    request: UserRequest, form: forms.Form, save: Callable[[], object], done: "str | Promise"
) -> bool:
    """Runs a service after its form; a refusal becomes the form's error. True when it was done."""
    try:
        save()
    except Clash as clash:
        form.add_error(None, [str(clash.message), *clash.lines])
        return False
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, str(done))
    return True


def form_page(
    request: UserRequest,
    form: forms.Form,
    *,
    title: "str | Promise",
    back_url: str,
    back_label: "str | Promise",
    submit: "str | Promise",
    template: str = "experts/form.html",
    **context: object,
) -> HttpResponse:
    """A page with one form; errors answer 422 and keep what was typed."""
    values = {
        "title": title,
        "form": form,
        "back_url": back_url,
        "back_label": back_label,
        "submit": submit,
        **context,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, values, status=status)


def do_or_say(
    request: UserRequest, act: Callable[[], object], done: "str | Promise", back_url: str
) -> HttpResponse:
    """A step confirmed by a button: done, or the refusal as a message; back in any case."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, str(done))
    return redirect(back_url)
