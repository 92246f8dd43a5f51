"""The link in an invitation: make the account, or take the role."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.access import public
from coordination.errors import Refused
from coordination.forms.people import AcceptForm
from coordination.models import User
from coordination.services import invitations


@public
@never_cache
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Opening it changes nothing; sending the form makes the account and signs the person in."""
    now = clock.now()
    try:
        invitation = invitations.read(token, now=now)
    except Refused as refused:
        return _closed(request, refused)
    values = {"name": invitation.name, "language": invitation.language}
    form = AcceptForm(request.POST or None, initial=values, email=invitation.email)
    has_account = User.objects.filter(email=invitation.email, is_active=True).exists()
    if request.method == "POST" and (has_account or form.is_valid()):
        answers = values | {"password": None} if has_account else form.cleaned_data
        try:
            user, is_new = invitations.accept(token, now=now, **answers)
        except Refused as refused:
            return _closed(request, refused)
        return _welcome(request, user, is_new=is_new)
    with translation.override(invitation.language if not request.user.is_authenticated else None):
        context = {
            "title": _("Welcome to Vuoro"),
            "invitation": invitation,
            "form": form,
            "has_account": has_account,
        }
        status = 422 if form.is_bound and not has_account else 200
        return render(request, "coordination/invitations/accept.html", context, status=status)


def _closed(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The same page for all links that do not work, with what to do; 404 for an unknown one, 410 for one that was."""
    context = {"title": _("This link does not work"), "sentence": str(refused)}
    status = 404 if refused.code == "link_unknown" else 410
    return render(request, "coordination/invitations/closed.html", context, status=status)


def _welcome(request: HttpRequest, user: User, *, is_new: bool) -> HttpResponse:
    if is_new:  # the link came to the address, as a code would have
        entered: HttpResponse = perform_login(
            request, user, email_verification="none", redirect_url="/"
        )
        return entered
    messages.success(request, _("You have a new role. Sign in to begin."))
    return redirect("account_login" if not request.user.is_authenticated else "root")
