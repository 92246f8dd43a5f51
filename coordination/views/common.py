"""What the pages of this package share: filters in the address, forms with a service behind them."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.access import UserRequest
from coordination.errors import Refused

FilterForm = TypeVar("FilterForm", bound=forms.Form)
PER_PAGE = 25
SAVED = _("Saved.")


def posted(request: UserRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is a form sent empty, not a form asked for."""
    return request.POST if request.method == "POST" else None


def filtered(
    form_class: type[FilterForm], request: UserRequest
) -> tuple[FilterForm, dict[str, Any]]:
    """The filter of a list from its address; what cannot be read filters nothing."""
    form = form_class(request.GET)
    form.is_valid()
    return form, {name: form.cleaned_data.get(name) or _empty(form, name) for name in form.fields}


def _empty(form: forms.Form, name: str) -> Any:
    return None if isinstance(form.fields[name], forms.ModelChoiceField) else ""


def page_of(request: UserRequest, rows: Any) -> Page[Any]:
    """One page of a list; a number beyond the end gives the last page."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def done(
    request: UserRequest, form: forms.BaseForm, change: Callable[[], object], said: "str | Promise"
) -> bool:
    """Runs a service; a refusal becomes the form's error. True when it was done."""
    try:
        change()
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, str(said))
    return True


def try_to(request: UserRequest, change: Callable[[], object], said: "str | Promise") -> None:
    """The same for a button without a form: the refusal is shown on the next page."""
    try:
        change()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, str(said))


def form_page(
    request: UserRequest,
    form: forms.BaseForm,
    *,
    title: "str | Promise",
    back: tuple[str, "str | Promise"],
    save: Callable[[], object],
    said: "str | Promise" = SAVED,
    to: Callable[[], str] | None = None,
    lead: "str | Promise" = "",
    button: "str | Promise" = "",
) -> HttpResponse:
    """A page with one form: shows it, and once it is right saves and goes to `to` (or back).

    `button` says what the main button does when it is not saving.
    """
    if request.method == "POST" and form.is_valid() and done(request, form, save, said):
        return redirect(to() if to else back[0])
    context = {
        "title": title,
        "form": form,
        "back_url": back[0],
        "back_label": back[1],
        "lead": lead,
        "button": button,
    }
    return render(request, "coordination/form.html", context, status=422 if form.is_bound else 200)
