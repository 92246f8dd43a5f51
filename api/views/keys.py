"""One's own keys to the API: made, shown once, revoked."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from api.models import ApiToken
from api.services import tokens
from coordination import clock
from coordination.access import UserRequest, requires
from coordination.permissions import Permission


class KeyForm(forms.Form):
    """What a key is for, so that one knows later which to revoke."""

    name = forms.CharField(
        max_length=80,
        label=gettext_lazy("What is the key for"),
        help_text=gettext_lazy("For example: shifts to our intranet."),
    )


@requires(Permission.USE_API)
@require_http_methods(["GET", "POST"])
def index(request: UserRequest) -> HttpResponse:
    """The keys in force, and a new one. The key itself stands only in the answer that made it."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made, token = tokens.make(request.user, name=form.cleaned_data["name"], now=clock.now())
        context = {"title": _("Your new key"), "key": made, "token": token}
        response = render(request, "api/key_made.html", context)
        response["Cache-Control"] = "private, no-store"
        return response
    keys = ApiToken.objects.filter(user=request.user, revoked_at__isnull=True)
    context = {"title": _("Keys to the API"), "form": form, "keys": keys}
    return render(request, "api/keys.html", context, status=422 if form.is_bound else 200)


@requires(Permission.USE_API)
@require_http_methods(["GET", "POST"])
def revoke(request: UserRequest, pk: int) -> HttpResponse:
    """End a key at once."""
    key = get_object_or_404(ApiToken, pk=pk, user=request.user)
    if request.method == "POST":
        tokens.revoke(key, now=clock.now())
        messages.success(request, _("The key no longer works."))
        return redirect("keys:index")
    return render(
        request,
        "web/confirm.html",
        {
            "title": _("Revoke the key?"),
            "sentences": [
                _("The program that uses “%(name)s” can no longer get in.") % {"name": key.name}
            ],
            "yes": _("Revoke"),
            "danger": True,
            "back_url": reverse("keys:index"),
        },
    )
