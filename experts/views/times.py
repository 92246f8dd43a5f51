"""Weekly hours and absences: the same two pages for the person and for the coordinator."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from coordination import clock
from coordination.access import UserRequest, requires
from coordination.permissions import Permission
from experts.forms.own import AbsenceForm, WeekForm
from experts.models import DiaryEntry, DiaryKind, Expert
from experts.queries import hours
from experts.queries.readiness import midnight
from experts.services import availability
from experts.views.common import do_or_say, expert_or_404, form_page, own_expert, posted, saved

_both = require_http_methods(["GET", "POST"])


@requires(Permission.MANAGE_OWN_AVAILABILITY)
@_both
def own_availability(request: UserRequest) -> HttpResponse:
    """A person's own weekly hours."""
    return _week(
        request,
        own_expert(request),
        title=_("When I can work"),
        back=("experts:own", _("My details")),
        done_url=reverse("experts:own_availability"),
    )


@requires(Permission.MANAGE_REGISTER)
@_both
def expert_availability(request: UserRequest, expert_id: int) -> HttpResponse:
    """Another's weekly hours, entered by a coordinator."""
    expert = expert_or_404(request, expert_id, page="experts:availability")
    url = reverse("experts:detail", args=[expert.pk])
    title = _("Weekly hours: %(name)s") % {"name": expert.name}
    return _week(request, expert, title=title, back=(url, expert.name), done_url=url)


def _week(
    request: UserRequest, expert: Expert, *, title: str, back: tuple[str, str], done_url: str
) -> HttpResponse:
    today = clock.today()
    form = WeekForm(posted(request), hours=hours.latest(expert), today=today)

    def save() -> None:
        availability.replace(
            expert,
            form.hours(),
            from_day=form.from_which_day(),
            by=request.user,
            now=clock.now(),
        )

    if form.is_valid() and saved(request, form, save, _("The weekly hours have been saved.")):
        return redirect(done_url)
    return form_page(
        request,
        form,
        title=title,
        back_url=back[0] if back[0].startswith("/") else reverse(back[0]),
        back_label=back[1],
        submit=_("Save the weekly hours"),
        template="experts/week.html",
        shown=hours.shown(expert, today=today),
        is_own=expert.user_id == request.user.pk,
    )


@requires(Permission.MANAGE_OWN_AVAILABILITY)
@_both
def own_absences(request: UserRequest) -> HttpResponse:
    """Days on which a person cannot: dates only."""
    return _absences(
        request,
        own_expert(request),
        title=_("Days I cannot work"),
        back=(reverse("experts:own_availability"), _("When I can work")),
        done_url=reverse("experts:own_absences"),
    )


@requires(Permission.MANAGE_REGISTER)
@_both
def expert_absences(request: UserRequest, expert_id: int) -> HttpResponse:
    """Another's absences, entered by a coordinator."""
    expert = expert_or_404(request, expert_id, page="experts:availability")
    return _absences(
        request,
        expert,
        title=_("Days away: %(name)s") % {"name": expert.name},
        back=(reverse("experts:detail", args=[expert.pk]), expert.name),
        done_url=reverse("experts:absences", args=[expert.pk]),
    )


def _absences(
    request: UserRequest, expert: Expert, *, title: str, back: tuple[str, str], done_url: str
) -> HttpResponse:
    form = AbsenceForm(posted(request))
    is_own = expert.user_id == request.user.pk

    def save() -> None:
        first, last = form.days()
        availability.add_absence(
            expert, starts_on=first, ends_on=last, by=request.user, now=clock.now()
        )

    if form.is_valid() and saved(request, form, save, _("The days have been saved.")):
        _say_shifts(request, expert, form, is_own=is_own)
        return redirect(done_url)
    return form_page(
        request,
        form,
        title=title,
        back_url=back[0],
        back_label=back[1],
        submit=_("Save the days"),
        template="experts/absences.html",
        absences=expert.absences.filter(ends_on__gte=clock.today()),
        expert=expert,
        is_own=is_own,
    )


def _say_shifts(request: UserRequest, expert: Expert, form: AbsenceForm, *, is_own: bool) -> None:
    """An absence takes no shift away by itself; whoever entered it hears what is still there."""
    first, last = form.days()
    count = DiaryEntry.objects.filter(
        expert=expert,
        occupies=True,
        kind=DiaryKind.SHIFT,
        starts_at__lt=midnight(last, days=1),
        ends_at__gt=max(midnight(first), clock.now()),
    ).count()
    if not count:
        return
    if is_own:
        text = ngettext(
            "You have %(number)s shift in those days. Open it and choose “I can’t come”.",
            "You have %(number)s shifts in those days. Open each and choose “I can’t come”.",
            count,
        )
    else:
        text = ngettext(
            "There is %(number)s shift in those days. It stays until you release it.",
            "There are %(number)s shifts in those days. They stay until you release them.",
            count,
        )
    messages.warning(request, text % {"number": count})


@requires(Permission.MANAGE_OWN_AVAILABILITY)
@require_POST
def own_absence_remove(request: UserRequest, absence_id: int) -> HttpResponse:
    """The person can after all."""
    return _remove(request, own_expert(request), absence_id, reverse("experts:own_absences"))


@requires(Permission.MANAGE_REGISTER)
@require_POST
def expert_absence_remove(request: UserRequest, expert_id: int, absence_id: int) -> HttpResponse:
    """The coordinator takes days back for a person."""
    expert = expert_or_404(request, expert_id, page="experts:availability")
    return _remove(request, expert, absence_id, reverse("experts:absences", args=[expert.pk]))


def _remove(request: UserRequest, expert: Expert, absence_id: int, url: str) -> HttpResponse:
    absence = get_object_or_404(expert.absences, pk=absence_id)
    return do_or_say(
        request,
        lambda: availability.remove_absence(absence, by=request.user, now=clock.now()),
        _("The days have been taken back."),
        url,
    )
