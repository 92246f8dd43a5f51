"""Every page takes the same number of queries with 3 and with 300 rows of everything behind it."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from coordination import clock
from coordination.models import OutboxMessage
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from tests.api.test_lists import fill
from tests.browser.test_every_page import rows_of
from tests.cast import Cast
from tests.contracts.routes.table import PEOPLE

pytestmark = pytest.mark.django_db
FEW, MANY = 3, 300
CUT = {"scheduling:board": "/board/?week=2025-W01"}
"""Pages that show a part of what there is: the part where the rows are."""
ELSEWHERE = {"audit": "by itself: tests/coordination/pages/test_lists.py"}
"""What the other pages leave behind shows on this one."""


def fill_coming(cast: Cast, numbers: range) -> None:
    """Sessions of the next weeks, every second with Aino asked, and mails."""
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    sessions = Session.objects.bulk_create(
        Session(
            kind=cast.kinds["lobby_shift"],
            unit=cast.sastamala.unit,
            site=cast.sastamala.lobby,
            starts_at=now + dt.timedelta(hours=24 + 3 * n),
            ends_at=now + dt.timedelta(hours=26 + 3 * n),
            state=SessionState.OPEN,
        )
        for n in numbers
    )
    Assignment.objects.bulk_create(
        Assignment(
            session=one,
            expert=cast.aino.expert,
            seat=1,
            state=AssignmentState.PROPOSED,
            proposed_at=now,
            changed_at=now,
        )
        for one in sessions[::2]
    )
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            key=f"lists:{n}",
            kind="account_notice",
            recipient=cast.aino.user,
            to_email="aino@example.org",
            language="fi",
            subject="Aihe",
            body="Teksti",
            created_at=now,
            send_after=now,
        )
        for n in numbers
    )


def addresses(letter: str) -> dict[str, str]:
    """The pages without an object of their own, by name."""
    found = {}
    for row in rows_of(letter):
        if row.name in ELSEWHERE:
            continue
        try:
            found[row.name] = CUT.get(row.name) or reverse(row.name)
        except NoReverseMatch:
            continue
    return found


def warm(client: Client, pages: dict[str, str]) -> None:
    """What is asked once and kept is there."""
    for address in pages.values():
        client.get(address)


def counts(client: Client, pages: dict[str, str]) -> dict[str, int]:
    found = {}
    for name, address in pages.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, name
        found[name] = len(queries)
    return found


def test_queries_do_not_grow_with_rows(cast: Cast) -> None:
    clients = {letter: Client() for letter in PEOPLE}
    for letter, client in clients.items():
        client.force_login(cast.everybody[PEOPLE[letter]])
    pages = {letter: addresses(letter) for letter in PEOPLE}
    assert all(pages.values())

    def all_counts() -> dict[str, dict[str, int]]:
        return {letter: counts(client, pages[letter]) for letter, client in clients.items()}

    fill(cast, range(FEW))
    fill_coming(cast, range(FEW))
    for letter, client in clients.items():
        warm(client, pages[letter])
    few = all_counts()
    fill(cast, range(FEW, MANY))
    fill_coming(cast, range(FEW, MANY))
    many = all_counts()

    changed = {
        (letter, name): (before, many[letter][name])
        for letter, counted in few.items()
        for name, before in counted.items()
        if before != many[letter][name]
    }
    assert changed == {}
