"""Fee rules with dates: a new rule ends the one before it; the past is never rewritten."""

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from billing.models import FeeRule
from coordination.errors import Refused
from coordination.models import ActivityKind, User


def set_rule(
    kind: ActivityKind,
    *,
    basis: str,
    amount: Decimal,
    income_type: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    by: User | None,
    now: dt.datetime,
) -> FeeRule:
    """A rate for a kind from a day on; the rule in force before ends the day before.

    The same rule set again changes nothing. Lines already made keep the rate they were made with.
    Raises Refused when a rule begins on the same day or later: end or change that one first.
    """
    with transaction.atomic():
        ActivityKind.objects.select_for_update().get(pk=kind.pk)  # two people, one after the other
        later = FeeRule.objects.filter(kind=kind, starts_on__gte=starts_on).first()
        if later is not None:
            if (later.starts_on, later.basis, later.amount, later.income_type, later.ends_on) == (
                starts_on,
                basis,
                amount,
                income_type,
                ends_on,
            ):
                return later
            raise Refused(
                _("There is already a rule that begins on %(day)s. Choose a later day.")
                % {"day": f"{later.starts_on:%-d.%-m.%Y}"},
                code="overlap",
            )
        FeeRule.objects.filter(kind=kind, starts_on__lt=starts_on).exclude(
            ends_on__lt=starts_on
        ).update(ends_on=starts_on - dt.timedelta(days=1))
        return FeeRule.objects.create(
            kind=kind,
            basis=basis,
            amount=amount,
            income_type=income_type,
            starts_on=starts_on,
            ends_on=ends_on,
        )


def remove_unused(rule: FeeRule, *, by: User, now: dt.datetime) -> None:
    """Take out a rule no line was made with (a typing mistake), and let the one before go on.

    Raises Refused when a line names it.
    """
    with transaction.atomic():
        ActivityKind.objects.select_for_update().get(pk=rule.kind_id)
        if rule.lines.exists():
            raise Refused(
                _("Fees have been made with this rule, so it stays. Set a new rule instead."),
                code="used",
            )
        day_before = rule.starts_on - dt.timedelta(days=1)
        ends_on = rule.ends_on
        try:
            rule.delete()
        except IntegrityError as error:
            raise Refused(
                _("Fees have been made with this rule, so it stays."), code="used"
            ) from error
        FeeRule.objects.filter(kind=rule.kind_id, ends_on=day_before).update(ends_on=ends_on)
