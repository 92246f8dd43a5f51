"""People with accounts: the list, a person's roles, invitations."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordination import clock
from coordination.access import UserRequest, requires
from coordination.forms.people import AddressForm, GrantForm, InvitationForm, PeopleFilter
from coordination.models import Invitation, RoleGrant, User
from coordination.permissions import Permission, Role
from coordination.queries import people as found
from coordination.services import invitations, roles, second_factors, traces
from coordination.services import people as accounts
from coordination.views.common import filtered, form_page, page_of, posted, try_to

_BOTH = ["GET", "POST"]


@requires(Permission.MANAGE_PEOPLE)
@require_safe
def people(request: UserRequest) -> HttpResponse:
    """Everybody with an account, with the roles of the day."""
    form, values = filtered(PeopleFilter, request)
    page = page_of(request, found.people(**values, on=clock.today()))
    context = {"title": _("People"), "filter": form, "page": page}
    return render(request, "coordination/people/list.html", context)


@requires(Permission.MANAGE_PEOPLE)
@require_http_methods(_BOTH)
def person(request: UserRequest, pk: int) -> HttpResponse:
    """A person's roles, past and coming ones too, and a form for one more."""
    shown = get_object_or_404(User, pk=pk)
    traces.account_seen(shown.pk, viewer=request.user, page="person", now=clock.now())
    may_give = roles.given_by(request.user)
    form = GrantForm(posted(request), initial={"starts_on": clock.today()}, roles=may_give)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        now = clock.now()
        try_to(
            request,
            lambda: roles.grant(shown, **values, by=request.user, now=now),
            _("The role has been given."),
        )
        return redirect("person", pk=pk)
    context = {
        "title": shown.name,
        "person": shown,
        "form": form,
        "today": clock.today(),
        "grants": shown.role_grants.select_related("unit", "granted_by").order_by("-starts_on"),
        "factors": found.sign_in_methods(shown),
        "may_give": may_give,
        "is_self": shown == request.user,
        "is_administrator": Role.ADMINISTRATOR in may_give,
    }
    status = 422 if form.is_bound else 200
    return render(request, "coordination/people/person.html", context, status=status)


@requires(Permission.MANAGE_PEOPLE)
@require_http_methods(_BOTH)
def grant_end(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then end a role at once."""
    grant = get_object_or_404(RoleGrant.objects.select_related("user", "unit"), pk=pk)
    back = reverse("person", args=[grant.user_id])
    if request.method == "POST":
        now = clock.now()
        yesterday = clock.today(now) - dt.timedelta(days=1)
        try_to(
            request,
            lambda: roles.end(grant, last_day=yesterday, by=request.user, now=now),
            _("The role has ended."),
        )
        return redirect(back)
    what = {"name": grant.user.name, "role": grant.get_role_display()}
    return _confirm(
        request,
        title=_("End the role?"),
        sentence=_("%(name)s will no longer have the role “%(role)s”, from this moment.") % what,
        yes=_("End the role"),
        back=back,
    )


@requires(Permission.MANAGE_PEOPLE)
@require_http_methods(_BOTH)
def account_end(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then end the account and all its roles."""
    shown = get_object_or_404(User, pk=pk)
    back = reverse("person", args=[pk])
    if request.method == "POST":
        now = clock.now()
        try_to(
            request,
            lambda: accounts.end_account(shown, by=request.user, now=now),
            _("The account has ended."),
        )
        return redirect(back)
    sentence = _("%(name)s can no longer sign in, and all roles end, from this moment.")
    return _confirm(
        request,
        title=_("End the account?"),
        sentence=sentence % {"name": shown.name},
        yes=_("End the account"),
        back=back,
    )


@requires(Permission.MANAGE_PEOPLE)
@require_POST
def account_open(request: UserRequest, pk: int) -> HttpResponse:
    """Let a person sign in again."""
    shown = get_object_or_404(User, pk=pk)
    now = clock.now()
    try_to(
        request,
        lambda: accounts.open_account(shown, by=request.user, now=now),
        _("The account is open again. Give the person a role."),
    )
    return redirect("person", pk=pk)


@requires(Permission.MANAGE_PEOPLE)
@require_http_methods(_BOTH)
def account_address(request: UserRequest, pk: int) -> HttpResponse:
    """Change the address a person signs in with."""
    shown = get_object_or_404(User, pk=pk)
    traces.account_seen(shown.pk, viewer=request.user, page="person", now=clock.now())
    form = AddressForm(posted(request), initial={"email": shown.email})
    now = clock.now()
    return form_page(
        request,
        form,
        title=_("Change the e-mail address"),
        lead=_("The person signs in with this address, and messages go to it."),
        back=(reverse("person", args=[pk]), shown.name),
        save=lambda: accounts.change_address(
            shown, email=form.cleaned_data["email"], by=request.user, now=now
        ),
    )


@requires(Permission.MANAGE_PEOPLE)
@require_http_methods(_BOTH)
def second_factor_reset(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then remove the second factors of somebody who has lost phone and recovery codes."""
    shown = get_object_or_404(User, pk=pk)
    back = reverse("person", args=[pk])
    if request.method == "POST":
        now = clock.now()
        try_to(
            request,
            lambda: second_factors.reset(shown, by=request.user, now=now),
            _(
                "The second factor has been removed. The person sets up a new one at the next sign-in."
            ),
        )
        return redirect(back)
    sentence = _(
        "%(name)s signs in without a second step once and sets up a new one; whoever knows the password or reads the "
        "mail could do it too. So make sure first, by phone or face to face, that it is %(name)s who asks. All open "
        "sessions end, and a mail tells of it."
    )
    return _confirm(
        request,
        title=_("Remove the second factor?"),
        sentence=sentence % {"name": shown.name},
        yes=_("Remove the second factor"),
        back=back,
    )


def _confirm(
    request: UserRequest, *, title: str, sentence: str, yes: str, back: str
) -> HttpResponse:
    context = {
        "title": title,
        "sentences": [sentence],
        "yes": yes,
        "danger": True,
        "back_url": back,
    }
    return render(request, "web/confirm.html", context)


# -- invitations -------------------------------------------------------------------------------


@requires(Permission.MANAGE_PEOPLE)
@require_safe
def invited(request: UserRequest) -> HttpResponse:
    """Invitations nobody has answered."""
    context = {
        "title": _("Invitations"),
        "page": page_of(request, found.open_invitations()),
        "now": clock.now(),
        "may_give": roles.given_by(request.user),
    }
    return render(request, "coordination/people/invitations.html", context)


@requires(Permission.MANAGE_PEOPLE)
@require_http_methods(_BOTH)
def invite(request: UserRequest) -> HttpResponse:
    """Invite a person by mail."""
    form = InvitationForm(posted(request), roles=roles.given_by(request.user))
    now = clock.now()
    return form_page(
        request,
        form,
        title=_("Invite a person"),
        lead=_("The person gets a link by e-mail. It works once, for fourteen days."),
        back=(reverse("invitations"), _("Invitations")),
        save=lambda: invitations.invite(**form.cleaned_data, by=request.user, now=now),
        said=_("The invitation is on its way."),
        button=_("Send the invitation"),
    )


@requires(Permission.MANAGE_PEOPLE)
@require_POST
def invitation_again(request: UserRequest, pk: int) -> HttpResponse:
    """A new link; the old one stops working."""
    shown = get_object_or_404(Invitation, pk=pk)
    now = clock.now()
    try_to(
        request,
        lambda: invitations.send_again(shown, by=request.user, now=now),
        _("A new link is on its way. The old one no longer works."),
    )
    return redirect("invitations")


@requires(Permission.MANAGE_PEOPLE)
@require_POST
def invitation_revoke(request: UserRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    shown = get_object_or_404(Invitation, pk=pk)
    now = clock.now()
    try_to(
        request,
        lambda: invitations.revoke(shown, by=request.user, now=now),
        _("The invitation has been taken back."),
    )
    return redirect("invitations")
