"""Fee lines: the list, one line with all that led to it, approving and correcting."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing.forms import CorrectionForm, LineFilter
from billing.models import FeeLine, FeeLineState
from billing.queries import lines as line_queries
from billing.services import fee_lines
from coordination import clock, formats
from coordination.access import UserRequest, requires
from coordination.errors import Refused
from coordination.permissions import Permission
from experts.services import looks

PAGE_SIZE = 50
LONGEST_NUMBER = 18  # digits that fit the database's numbers


@requires(Permission.VIEW_MONEY)
@require_GET
def index(request: UserRequest) -> HttpResponse:
    """All fee lines, with a filter in the address and sums by payer."""
    lines = line_queries.for_list(request.user)
    found = LineFilter(request.GET, queryset=lines)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    _note(request, page.object_list)
    return render(
        request,
        "billing/lines.html",
        {
            "title": _("Fee lines"),
            "filter": found,
            "page": page,
            "totals": line_queries.totals_by_payer(found.qs.exclude(state=FeeLineState.REVERSED)),
            "open_here": [line.pk for line in page if line.state == FeeLineState.OPEN],
            "may_approve": request.user.access.can(Permission.APPROVE_FEES),
        },
    )


def _line(request: UserRequest, pk: int) -> FeeLine:
    found = line_queries.for_list(request.user).select_related(
        "assignment__session", "rule", "approved_by", "reverses", "corrects"
    )
    line = get_object_or_404(found, pk=pk)
    _note(request, [line])
    return line


def _note(request: UserRequest, lines: Iterable[FeeLine]) -> None:
    """Whose fees were seen."""
    seen = [line.expert_id for line in lines]
    looks.note(seen, viewer=request.user, page="billing:lines", now=clock.now())


@requires(Permission.VIEW_MONEY)
@require_GET
def detail(request: UserRequest, pk: int) -> HttpResponse:
    """One line: the session, the rule and rate, the payer, and its corrections."""
    line = _line(request, pk)
    taken_back = FeeLine.objects.filter(reverses=line).first()
    return render(
        request,
        "billing/line.html",
        {
            "title": _("Fee line %(number)s") % {"number": line.pk},
            "line": line,
            "reversed_by": taken_back,
            "corrected_by": FeeLine.objects.filter(corrects=line).first(),
            "together": fee_lines.together_with(line),
            "can_make_again": fee_lines.unpaid_yet(taken_back=True)
            .filter(pk=line.assignment_id)
            .exists(),
            "can_correct": taken_back is None
            and line.reverses_id is None
            and (line.batch_id is None or line.state == FeeLineState.EXPORTED),
            "may_approve": request.user.access.can(Permission.APPROVE_FEES),
        },
    )


@requires(Permission.APPROVE_FEES)
@require_POST
def approve(request: UserRequest) -> HttpResponse:
    """Approve the chosen open lines, each correction with what it takes back; twice approves once."""
    done = fee_lines.approve(_chosen(request), by=request.user, now=clock.now())
    if done.lines:
        said = ngettext("%(count)s line approved.", "%(count)s lines approved.", done.lines)
        messages.success(request, said % {"count": done.lines})
    if done.moved:
        said = ngettext(
            "%(count)s line was not approved: its payer has changed. Look at it and approve it again.",
            "%(count)s lines were not approved: the payer has changed. Look at them and approve them again.",
            done.moved,
        )
        messages.warning(request, said % {"count": done.moved})
    if not done.lines and not done.moved:
        messages.info(request, _("Nothing to approve: choose at least one open line."))
    return redirect(_safe_next(request))


def _chosen(request: UserRequest) -> list[int]:
    """Numbers of lines; anything else is nobody's line."""
    return [
        int(pk)
        for pk in request.POST.getlist("line")
        if pk.isascii() and pk.isdecimal() and len(pk) <= LONGEST_NUMBER
    ]


def _safe_next(request: UserRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("billing:lines")


@requires(Permission.APPROVE_FEES)
@require_POST
def take_back(request: UserRequest, pk: int) -> HttpResponse:
    """Open an approved line again."""
    line = _line(request, pk)
    try:
        fee_lines.take_back_approval(line, by=request.user, now=clock.now())
        messages.success(request, _("The line is open again."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("billing:line", pk=pk)


@requires(Permission.APPROVE_FEES)
@require_http_methods(["GET", "POST"])
def correct(request: UserRequest, pk: int) -> HttpResponse:
    """Another length of the session: the old line is taken back and a new one made."""
    line = _line(request, pk)
    form = CorrectionForm(
        request.POST if request.method == "POST" else None,
        initial={"hours": line.minutes // 60, "minutes": line.minutes % 60},
    )
    if request.method == "POST" and form.is_valid():
        try:
            new = fee_lines.correct(
                line, minutes=form.total_minutes, by=request.user, now=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The line was corrected with a new one."))
            return redirect("billing:line", pk=new.pk)
    return _ask(
        request,
        line,
        title=_("Correct the length"),
        yes=_("Correct"),
        form=form,
        sentences=[
            _("%(name)s, %(day)s: now %(amount)s.") % _facts(line),
            _("The old line stays and is taken back by a negative one; a new line is made."),
        ],
    )


@requires(Permission.APPROVE_FEES)
@require_http_methods(["GET", "POST"])
def reverse_line(request: UserRequest, pk: int) -> HttpResponse:
    """Take a fee back altogether."""
    line = _line(request, pk)
    if request.method == "POST":
        try:
            fee_lines.reverse(line, by=request.user, now=clock.now())
            messages.success(request, _("The line was taken back."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("billing:line", pk=pk)
    sentence = (
        _("It has been exported. A negative line goes to the next batch.")
        if line.state == FeeLineState.EXPORTED
        else _("It will not be paid.")
    )
    return _ask(
        request,
        line,
        title=_("Take back this fee?"),
        yes=_("Take back"),
        danger=True,
        sentences=[_("%(name)s, %(day)s: now %(amount)s.") % _facts(line), sentence],
    )


def _facts(line: FeeLine) -> dict[str, Any]:
    return {
        "name": line.expert.name,
        "day": formats.date(line.session_on),
        "amount": formats.money(line.amount),
    }


def _ask(request: UserRequest, line: FeeLine, **context: Any) -> HttpResponse:
    form = context.get("form")
    status = 422 if form is not None and form.is_bound else 200
    context["back_url"] = reverse("billing:line", args=[line.pk])
    return render(request, "web/confirm.html", context, status=status)


@requires(Permission.APPROVE_FEES)
@require_POST
def make_again(request: UserRequest, pk: int) -> HttpResponse:
    """A fee that was taken back by mistake: the line is made anew."""
    line = _line(request, pk)
    try:
        new = fee_lines.make_again(line, by=request.user, now=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("billing:line", pk=pk)
    messages.success(request, _("The fee was made again."))
    return redirect("billing:line", pk=new.pk)
