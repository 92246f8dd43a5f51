"""The register for coordinators: list, one person, and what is changed about them."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from coordination import clock, municipalities
from coordination.access import UserRequest, requires
from coordination.permissions import Permission
from experts import spoken
from experts.forms.register import (
    ContactForm,
    FilterForm,
    LoadForm,
    NewExpertForm,
    PapersForm,
    StatusForm,
)
from experts.models import DiaryEntry, Expert
from experts.queries import hours, looks, readiness
from experts.queries import register as people
from experts.queries.missing import lacks
from experts.services import looks as noted
from experts.services import register
from experts.transitions import EXPERT
from experts.views.common import expert_or_404, form_page, posted, saved

PER_PAGE = 50
AHEAD = 15
LOOKS = 20
_both = require_http_methods(["GET", "POST"])


@requires(Permission.VIEW_REGISTER)
@require_GET
def index(request: UserRequest) -> HttpResponse:
    """The list; the filter lives in the address."""
    today = clock.today()
    form = FilterForm(request.GET, user=request.user)
    found = people.find(form.wanted(), user=request.user, today=today)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    lines = people.lines(page.object_list, today=today)
    seen = [line.expert.pk for line in lines]
    noted.note(seen, viewer=request.user, page="experts:list", now=clock.now())
    context = {
        "title": _("Experts by experience"),
        "form": form,
        "page": page,
        "lines": lines,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "more_open": any(request.GET.get(name) for name in form.FOLDED),
        "query": request.GET.urlencode(),
    }
    return render(request, "experts/list.html", context)


@requires(Permission.VIEW_REGISTER)
@require_GET
def detail(request: UserRequest, expert_id: int) -> HttpResponse:
    """One person: what is missing first, the rest folded."""
    expert = expert_or_404(request, expert_id, page="experts:detail")
    now = clock.now()
    today = clock.today(now)
    ready = readiness.load([expert], days=[today], today=today)[expert.pk]
    ahead = DiaryEntry.objects.filter(expert=expert, occupies=True, ends_at__gt=now)
    context = {
        "title": expert.name,
        "expert": expert,
        "ready": ready,
        "lacks": lacks(ready, today=today),
        "today": today,
        "languages": spoken.names(expert.languages),
        "week_minutes": int(ready.week_hours(today) * 60),
        "month_sessions": ready.month_sessions(today),
        "kinds": expert.kinds.all(),
        "excluded": expert.excluded_units.all(),
        "trainings": expert.trainings.all(),
        "orientations": expert.orientations.select_related("unit"),
        "hours": hours.shown(expert, today=today),
        "absences": expert.absences.filter(ends_on__gte=today),
        "ahead": ahead.select_related("unit", "site")[:AHEAD],
        "supervisions": expert.supervisions.select_related("session__supervisor").order_by(
            "-session__starts_at"
        )[:10],
        "looks": [looks.told(view) for view in looks.views_of(expert)[:LOOKS]],
        "may_move": bool(EXPERT.targets(expert.status)),
    }
    return render(request, "experts/detail.html", context)


@requires(Permission.MANAGE_REGISTER)
@_both
def new(request: UserRequest) -> HttpResponse:
    """Put a person on the register."""
    form = NewExpertForm(posted(request))
    made: list[Expert] = []

    def save() -> None:
        now = clock.now()
        made.append(
            register.create(form.values(), status=form.begins_as(), by=request.user, now=now)
        )

    if form.is_valid() and saved(request, form, save, _("The person is on the register.")):
        return redirect("experts:detail", made[0].pk)
    return form_page(
        request,
        form,
        title=_("New expert by experience"),
        back_url=reverse("experts:list"),
        back_label=_("Experts by experience"),
        submit=_("Put on the register"),
        municipalities=municipalities.all_municipalities(),
    )


@requires(Permission.MANAGE_REGISTER)
@_both
def edit(request: UserRequest, expert_id: int) -> HttpResponse:
    """Contact details, languages, themes, wishes."""
    expert = expert_or_404(request, expert_id, page="experts:edit")
    form = ContactForm(posted(request), expert=expert)

    def save() -> None:
        register.change(expert, form.values(), by=request.user, now=clock.now())

    if form.is_valid() and saved(request, form, save, _("The changes have been saved.")):
        return redirect("experts:detail", expert.pk)
    return _form_of(
        request,
        expert,
        form,
        title=_("Contact details"),
        municipalities=municipalities.all_municipalities(),
    )


@requires(Permission.MANAGE_REGISTER)
@_both
def load(request: UserRequest, expert_id: int) -> HttpResponse:
    """What has been agreed with the person."""
    expert = expert_or_404(request, expert_id, page="experts:load")
    form = LoadForm(posted(request), expert=expert, user=request.user)

    def save() -> None:
        register.change(expert, form.values(), by=request.user, now=clock.now())

    if form.is_valid() and saved(request, form, save, _("The changes have been saved.")):
        return redirect("experts:detail", expert.pk)
    return _form_of(request, expert, form, title=_("Work and load agreed"))


@requires(Permission.MANAGE_REGISTER)
@_both
def papers(request: UserRequest, expert_id: int) -> HttpResponse:
    """Days on which papers were seen."""
    expert = expert_or_404(request, expert_id, page="experts:papers")
    form = PapersForm(posted(request), expert=expert, user=request.user)

    def save() -> None:
        register.see_papers(expert, **form.cleaned_data, by=request.user, now=clock.now())

    if form.is_valid() and saved(request, form, save, _("The changes have been saved.")):
        return redirect("experts:detail", expert.pk)
    return _form_of(request, expert, form, title=_("Papers seen"))


@requires(Permission.MANAGE_REGISTER)
@_both
def status(request: UserRequest, expert_id: int) -> HttpResponse:
    """Move a person along; a break asks for no reason."""
    expert = expert_or_404(request, expert_id, page="experts:detail")
    form = StatusForm(posted(request), expert=expert)

    def save() -> None:
        register.change_status(expert, to=form.target(), by=request.user, now=clock.now())

    if form.is_valid() and saved(request, form, save, _("The status has been changed.")):
        return redirect("experts:detail", expert.pk)
    ahead = register.diary_ahead(expert, now=clock.now())
    return _form_of(
        request,
        expert,
        form,
        title=_("Change the status"),
        template="experts/status.html",
        ahead=ahead,
        ahead_text=ngettext(
            "There is %(number)s thing ahead in the diary. A break leaves it there: cancel it"
            " by hand if need be.",
            "There are %(number)s things ahead in the diary. A break leaves them there: cancel"
            " them by hand if need be.",
            ahead,
        )
        % {"number": ahead},
    )


def _form_of(
    request: UserRequest, expert: Expert, form: "object", *, title: str, **context: object
) -> HttpResponse:
    return form_page(
        request,
        form,  # type: ignore[arg-type]  # one of the forms above
        title=f"{title}: {expert.name}",
        back_url=reverse("experts:detail", args=[expert.pk]),
        back_label=expert.name,
        submit=_("Save"),
        expert=expert,
        **context,  # type: ignore[arg-type]  # what its template needs
    )
