"""A deadlock is no error but a second try; anything else is not tried again."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from coordination.models import User
from coordination.transactions import ATTEMPTS, Contention, one_transaction, sqlstate
from tests.cast import make_user

Together = Callable[..., Counter[str]]

pytestmark = pytest.mark.django_db(transaction=True)


def _crossing(first: User, second: User, meet: threading.Barrier, tries: list[str]) -> None:
    """Locks two rows in an order that another thread turns round."""

    @one_transaction
    def change() -> None:
        tries.append(first.name)
        User.objects.select_for_update().get(pk=first.pk)
        if len(tries) <= 2:  # the first try of each meets the other's
            meet.wait(10)
        User.objects.select_for_update().get(pk=second.pk)
        User.objects.filter(pk=second.pk).update(phone=f"{len(tries)}")

    change()


def test_a_deadlock_is_tried_again(transactional_db: None, run_together: Together) -> None:
    one, two = make_user(name="Yksi"), make_user(name="Kaksi")
    meet, tries = threading.Barrier(2), list[str]()
    outcomes = run_together(
        [
            lambda: _crossing(one, two, meet, tries),
            lambda: _crossing(two, one, meet, tries),
        ]
    )
    assert outcomes == {"done": 2}
    assert len(tries) == 3, "one of them had to try again"


def test_without_the_retry_the_deadlock_is_an_error(
    transactional_db: None, run_together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coordination.transactions.RETRIED", frozenset())
    one, two = make_user(name="Yksi"), make_user(name="Kaksi")
    meet, tries = threading.Barrier(2), list[str]()
    outcomes = run_together(
        [
            lambda: _crossing(one, two, meet, tries),
            lambda: _crossing(two, one, meet, tries),
        ]
    )
    assert outcomes["done"] == 1
    assert any("deadlock detected" in name for name in outcomes)


def _failing(error: Callable[[], Exception], calls: list[int]) -> Callable[[], None]:
    @one_transaction
    def change() -> None:
        calls.append(1)
        raise error()

    return change


def test_contention_is_given_up_after_some_tries(transactional_db: None) -> None:
    calls: list[int] = []
    with pytest.raises(Contention):
        _failing(Contention, calls)()
    assert len(calls) == ATTEMPTS


def test_other_errors_are_not_tried_again(transactional_db: None) -> None:
    calls: list[int] = []
    with pytest.raises(ValueError, match="no"):
        _failing(lambda: ValueError("no"), calls)()
    with pytest.raises(OperationalError):
        _failing(lambda: OperationalError("no"), calls)()
    assert len(calls) == 2


def test_inside_a_transaction_the_outermost_tries_again(transactional_db: None) -> None:
    calls: list[int] = []
    with pytest.raises(Contention), transaction.atomic():
        _failing(Contention, calls)()
    assert len(calls) == 1


def test_the_state_of_an_error_is_known(transactional_db: None) -> None:
    user = make_user()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        User.objects.create(email=user.email, name="Toinen")
    assert sqlstate(caught.value) == "23505"
    assert not connection.needs_rollback
