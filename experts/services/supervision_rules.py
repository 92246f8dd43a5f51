"""How often supervision is due: rules that begin on a day. Each change is audited."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coordination import clock
from coordination.errors import Refused
from coordination.models import User
from experts.models import SupervisionRule


@transaction.atomic
def set_rule(
    *, starts_on: dt.date, max_weeks: int, max_sessions: int, by: User, now: dt.datetime
) -> SupervisionRule:
    """From a day on, supervision is due at least every so many weeks or held shifts (domain.md 3.7).

    A rule that begins on the same day is changed. Raises Refused `past_day`: who was due when is
    not rewritten.
    """
    _not_in_the_past(starts_on, now=now)
    rule, _is_new = SupervisionRule.objects.update_or_create(
        starts_on=starts_on, defaults={"max_weeks": max_weeks, "max_sessions": max_sessions}
    )
    return rule


@transaction.atomic
def remove_coming(rule: SupervisionRule, *, by: User, now: dt.datetime) -> None:
    """Take out a rule that has not begun; the one before it goes on. Raises Refused `has_begun`."""
    row = SupervisionRule.objects.select_for_update().get(pk=rule.pk)
    if row.starts_on <= clock.today(now):
        raise Refused(_("This rule has begun already. Make a new one instead."), code="has_begun")
    row.delete()


def _not_in_the_past(day: dt.date, *, now: dt.datetime) -> None:
    if day < clock.today(now):
        raise Refused(_("Choose today or a later day."), code="past_day")
