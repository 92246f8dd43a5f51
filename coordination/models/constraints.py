"""Constraints that many tables share."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


def ends_after_start(name: str, *, start: str, end: str) -> models.CheckConstraint:
    """`end` is empty or not before `start` (days: both inclusive)."""
    return models.CheckConstraint(
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)}), name=name
    )


def both_or_neither(name: str, first: str, second: str) -> models.CheckConstraint:
    """A moment and the person who did it come together (job-server, ADR 12)."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
        name=name,
    )


def one_of(name: str, first: str, second: str) -> models.CheckConstraint:
    """Exactly one of two columns is filled."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True, f"{second}__isnull": False})
        | Q(**{f"{first}__isnull": False, f"{second}__isnull": True}),
        name=name,
    )


class ClosedDateRange(Func):
    """`daterange(from, to, '[]')`: both days belong to it; an empty end is for ever."""

    function = "daterange"
    output_field = DateRangeField()


def closed_days(start: str, end: str) -> ClosedDateRange:
    return ClosedDateRange(F(start), F(end), Value("[]"))


class OneId(Func):
    """`int8range(id, id, '[]')`: lets an exclusion constraint compare ids without an extension."""

    function = "int8range"
    template = "%(function)s(%(expressions)s, %(expressions)s, '[]')"


class UtcHour(Func):
    """The hour of a moment, as an index can have it: it depends on no session's time zone."""

    template = "date_trunc('hour', %(expressions)s AT TIME ZONE 'UTC')"
    output_field = models.DateTimeField()


def no_overlapping_days(
    name: str, *, of: str, start: str, end: str, condition: Q | None = None
) -> ExclusionConstraint:
    """Two rows of the same `of` never cover the same day."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (OneId(F(of)), RangeOperators.OVERLAPS),
            (closed_days(start, end), RangeOperators.OVERLAPS),
        ],
        condition=condition,
    )
