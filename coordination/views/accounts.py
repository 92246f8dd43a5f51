"""One's own account, and the page where a second factor is set up."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from coordination import clock
from coordination.access import UserRequest, requires, signed_in
from coordination.forms.people import AccountForm
from coordination.permissions import Permission
from coordination.queries import people as found
from coordination.services import people


@requires(Permission.MANAGE_OWN_ACCOUNT)
@require_http_methods(["GET", "POST"])
def own_account(request: UserRequest) -> HttpResponse:
    """Name, phone, language, roles, and the way to the sign-in methods."""
    user = request.user
    values = {"name": user.name, "phone": user.phone, "language": user.language}
    form = AccountForm(request.POST or None, initial=values)
    if request.method == "POST" and form.is_valid():
        people.change_own(user, **form.cleaned_data)
        messages.success(request, _("Your details have been saved."))
        return redirect("own_account")
    context = {
        "title": _("Own account"),
        "form": form,
        "grants": found.grants_of(user, on=clock.today()),
        "factors": found.sign_in_methods(user),
        "second_factor_off": user.needs_second_factor and not settings.SECOND_FACTOR_REQUIRED,
    }
    status = 422 if form.is_bound else 200
    return render(request, "coordination/accounts/own.html", context, status=status)


@signed_in
@require_GET
def second_factor(request: UserRequest) -> HttpResponse:
    """Why a second factor is needed, and the ways to set one up; nothing else opens until then."""
    if not request.user.needs_second_factor or found.sign_in_methods(request.user).second_factor:
        return redirect("root")
    context = {"title": _("One more step keeps this safe")}
    return render(request, "coordination/accounts/second_factor.html", context)
