"""Row locks in the one order: people, then the session (style.md, habit 5). Call them in a transaction.

They are taken with NO KEY, so that rows that only point at a locked one need not wait.
"""

from collections.abc import Collection

from django.db import OperationalError

from coordination.transactions import Contention
from experts.models import Expert
from experts.services import diary
from scheduling.models import Assignment, Offer, Session
from scheduling.models.assignments import SEATED


def expert(expert_id: int) -> Expert:
    """The person's row, locked: their diary and load stand still."""
    diary.lock_people([expert_id])
    return Expert.objects.get(pk=expert_id)


def session(session_id: int) -> Session:
    """The session's row, locked: its seats, time and state stand still."""
    return (
        Session.objects.select_for_update(no_key=True, of=("self",))
        .select_related("kind", "unit", "site")
        .get(pk=session_id)
    )


def session_and_people(session_id: int) -> Session:
    """The session and everybody on its seats, locked.

    Who sat down between the look and the lock is locked last, so without waiting: where that does
    not succeed the transaction starts over. Raises Contention.
    """
    seated = Assignment.objects.filter(session_id=session_id, state__in=SEATED)
    before = set(seated.values_list("expert_id", flat=True))
    diary.lock_people(before)
    found = session(session_id)
    if meanwhile := set(seated.values_list("expert_id", flat=True)) - before:
        try_to_lock(meanwhile)
    return found


def try_to_lock(expert_ids: set[int]) -> None:
    """People found only after a session was locked. Raises Contention when somebody else has one of them."""
    try:
        diary.lock_people(expert_ids, wait=False)
    except OperationalError as error:
        raise Contention from error


def people_of(session_ids: Collection[int]) -> None:
    """Everybody on the seats of several sessions, locked before the first of the sessions is."""
    seated = Assignment.objects.filter(session_id__in=list(session_ids), state__in=SEATED)
    diary.lock_people(set(seated.values_list("expert_id", flat=True)))


def assignment(assignment_id: int) -> Assignment:
    """An assignment with its person and its session, all locked in order."""
    ids = Assignment.objects.values_list("expert_id", "session_id").get(pk=assignment_id)
    person, locked = expert(ids[0]), session(ids[1])
    found = Assignment.objects.select_for_update(no_key=True).get(pk=assignment_id)
    found.expert, found.session = person, locked
    return found


def offer(offer_id: int) -> Offer:
    """An offer with its person and its session, all locked in order."""
    ids = Offer.objects.values_list("expert_id", "session_id").get(pk=offer_id)
    person, locked = expert(ids[0]), session(ids[1])
    found = Offer.objects.select_for_update(no_key=True).get(pk=offer_id)
    found.expert, found.session = person, locked
    return found
