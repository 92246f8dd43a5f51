"""The register is written once for a file of tests; each test then runs in a savepoint on top of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.coordination.register_import.helpers import MENDED, edited, read, write


@pytest.fixture(scope="module")
def register_written(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The register as it is, written without its rows with errors."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        write(read())
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture(scope="module")
def mended_written(register_written: None, django_db_blocker: Any) -> None:
    """The register written, then its mended version."""
    with django_db_blocker.unblock():
        mended = read(edited(*MENDED))
        rows = write(mended)
    assert sum(row.outcome == "new" for row in rows) == 61 + 16
    assert {row.outcome for row in rows} <= {"new", "unchanged", "changed"}
