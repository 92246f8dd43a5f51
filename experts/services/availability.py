"""When a person can: the weekly hours from a day on, and absences. No reason is asked or kept."""

import datetime as dt
from collections.abc import Sequence
from itertools import combinations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordination.clock import today as day_of
from coordination.errors import Refused
from coordination.models import User
from coordination.permissions import Permission
from coordination.workbook.weekly import WeeklyHours, Weeks
from experts.models import Absence, Expert
from experts.services import expert_rows
from experts.services.diary import lock_people

LONGEST = dt.timedelta(days=2 * 366)
"""An absence beyond this is a slip of the pen; a longer one is a break."""


def may_enter(expert: Expert, by: User) -> bool:
    """The person, or who keeps the register."""
    if by.access.can(Permission.MANAGE_REGISTER):
        return True
    return expert.user_id == by.pk and by.access.can(Permission.MANAGE_OWN_AVAILABILITY)


def _check_who(expert: Expert, by: User) -> None:
    if not may_enter(expert, by):
        raise Refused(
            _("Only the person and the coordinators enter when somebody can work."),
            code="not_yours",
        )


@transaction.atomic
def replace(
    expert: Expert,
    hours: Sequence[WeeklyHours],
    *,
    from_day: dt.date,
    by: User,
    now: dt.datetime,
) -> None:
    """The weekly hours from a day on; until the day before, what was there holds.

    Hours are Helsinki wall time, an end of 0.00 is the end of the day. Raises Refused
    `pattern_overlap`, `pattern_hours` (they run backwards), `past_day`, `not_yours`.
    """
    _check_who(expert, by)
    if from_day < day_of(now):
        raise Refused(_("New hours begin today or later."), code="past_day")
    if any(h.end <= h.start and h.end != dt.time(0) for h in hours):
        raise Refused(_("The end must be after the start."), code="pattern_hours")
    if any(_overlap(*pair) for pair in combinations(hours, 2)):
        raise Refused(
            _("Two rows of the same day overlap. Join them into one."), code="pattern_overlap"
        )
    lock_people([expert.pk])
    expert_rows.replace_patterns(expert, hours, on=from_day)


def _overlap(one: WeeklyHours, other: WeeklyHours) -> bool:
    if one.weekday != other.weekday:
        return False
    if {one.weeks, other.weeks} == {Weeks.EVEN, Weeks.ODD}:
        return False
    return one.start < _end(other) and other.start < _end(one)


def _end(hours: WeeklyHours) -> dt.time:
    return dt.time.max if hours.end == dt.time(0) else hours.end


@transaction.atomic
def add_absence(
    expert: Expert, *, starts_on: dt.date, ends_on: dt.date, by: User, now: dt.datetime
) -> Absence:
    """Days on which the person cannot, both included; joined with those it touches or follows.

    Nothing else changes: shifts in those days stay until somebody gives them up. Raises Refused
    `absence_days`, `past_day` (all of it is over), `absence_long` (over two years), `not_yours`.
    """
    _check_who(expert, by)
    if ends_on < starts_on:
        raise Refused(_("The last day must not be before the first."), code="absence_days")
    if ends_on < day_of(now):
        raise Refused(_("Those days have passed already."), code="past_day")
    if ends_on - starts_on > LONGEST:
        raise Refused(_("An absence can last two years at most."), code="absence_long")
    lock_people([expert.pk])
    one_day = dt.timedelta(days=1)
    near = list(
        Absence.objects.select_for_update().filter(
            Q(starts_on__lte=ends_on + one_day, ends_on__gte=starts_on - one_day), expert=expert
        )
    )
    if not near:
        return Absence.objects.create(expert=expert, starts_on=starts_on, ends_on=ends_on)
    kept, *rest = near
    kept.starts_on = min(starts_on, *(absence.starts_on for absence in near))
    kept.ends_on = max(ends_on, *(absence.ends_on for absence in near))
    kept.save(update_fields=["starts_on", "ends_on"])
    for absence in rest:
        absence.delete()
    return kept


@transaction.atomic
def remove_absence(absence: Absence, *, by: User, now: dt.datetime) -> None:
    """The person can after all; days gone by stay. Raises Refused `past_day`, `not_yours`."""
    _check_who(absence.expert, by)
    lock_people([absence.expert_id])
    found = Absence.objects.select_for_update(of=("self",)).filter(pk=absence.pk).first()
    if found is None:
        return
    today = day_of(now)
    if found.ends_on < today:
        raise Refused(_("Those days have passed already."), code="past_day")
    if found.starts_on < today:
        found.ends_on = today - dt.timedelta(days=1)
        found.save(update_fields=["ends_on"])
    else:
        found.delete()
