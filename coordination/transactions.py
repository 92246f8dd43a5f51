"""One transaction for one change, tried again when PostgreSQL says that two of them got in each other's way."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

RETRIED = frozenset({"40P01", "40001", "55P03"})
"""Deadlock detected, serialization failure, lock not available: nothing was done, so it can be tried again."""

ATTEMPTS = 6


class Contention(Exception):
    """What was read before the locks were taken has changed; the transaction starts over."""


BUSY = _(
    "Somebody else is changing the same thing just now. Nothing was saved; try again in a moment."
)
"""What a person is told when trying again did not help."""


def one_transaction(change: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The function's changes happen together or not at all, and a deadlock is no error but a second try.

    Inside somebody else's transaction it joins that one: there the outermost function tries again.
    """

    @wraps(change)
    def tried(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        if connection.in_atomic_block:
            with transaction.atomic():
                return change(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    return change(*args, **kwargs)
            except (OperationalError, Contention) as error:
                if attempt == ATTEMPTS or not is_contention(error):
                    raise
                time.sleep(random.uniform(0.005, 0.03) * attempt)  # noqa: S311 — spreads retries, no secret
        raise AssertionError("unreachable")

    return tried


def is_contention(error: Exception) -> bool:
    """Two changes got in each other's way; nothing was done, and trying again is all there is to do."""
    return isinstance(error, Contention) or sqlstate(error) in RETRIED


def sqlstate(error: Exception) -> str:
    """PostgreSQL's five-letter code of a database error, or ""."""
    return str(getattr(error.__cause__, "sqlstate", "") or "")


def constraint_name(error: Exception) -> str:
    """The constraint a database error is about, or ""."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnostics, "constraint_name", "") or "")
