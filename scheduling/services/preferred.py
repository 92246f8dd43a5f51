"""Whom a series would rather have, in order. A wish for ranking and planning; it decides nothing."""

import datetime as dt

from django.db.models import Max
from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.models import User
from coordination.transactions import one_transaction
from experts.models import Expert, ExpertStatus
from scheduling.models import PreferredPerson, Series


@one_transaction
def prefer(
    series: Series,
    *,
    expert: Expert,
    by: User,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> PreferredPerson:
    """Put somebody last on the list, or give them other days; both days belong to the time.

    Raises Refused `days` when the end is before the start, `not_active` for who no longer works.
    """
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused(_("The last day must not be before the first day."), code="days")
    if expert.status not in (ExpertStatus.ACTIVE, ExpertStatus.ON_BREAK):
        raise Refused(
            _("%(name)s does not work with us now.") % {"name": expert}, code="not_active"
        )
    Series.objects.select_for_update(no_key=True, of=("self",)).get(pk=series.pk)
    last = series.preferred.aggregate(last=Max("order"))["last"] or 0
    row, is_new = PreferredPerson.objects.get_or_create(
        series=series,
        expert=expert,
        defaults={"order": last + 1, "starts_on": starts_on, "ends_on": ends_on},
    )
    if not is_new:
        row.starts_on, row.ends_on = starts_on, ends_on
        row.save(update_fields=["starts_on", "ends_on"])
    return row


@one_transaction
def raise_up(person: PreferredPerson, *, by: User) -> None:
    """One place earlier; the first stays the first."""
    Series.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.series_id)
    rows = list(PreferredPerson.objects.filter(series=person.series_id))
    place = next((n for n, row in enumerate(rows) if row.pk == person.pk), 0)
    if place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    for number, row in enumerate(rows, start=1):
        row.order = number
        row.save(update_fields=["order"])


@one_transaction
def forget(person: PreferredPerson, *, by: User) -> None:
    """Take somebody off the list; their seats are not touched."""
    PreferredPerson.objects.filter(pk=person.pk).delete()
