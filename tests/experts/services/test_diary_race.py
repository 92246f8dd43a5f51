"""Fifty claims on the same hour of one person at once; only the constraint lets just one win."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from coordination.errors import Refused
from experts.models import DiaryEntry, Expert
from experts.services import diary
from tests.experts.makers import NOW, local, make_expert, make_shift

CLAIMS = 50
pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(work: Callable[[int], object]) -> Counter[str]:
    """Each number in its own thread, all released together; counts how each ended."""
    gate, ends = threading.Barrier(CLAIMS), Counter[str]()

    def run(number: int) -> None:
        gate.wait()
        try:
            work(number)
        except Refused as refused:
            ends[refused.code] += 1
        except Exception as error:  # noqa: BLE001 — any other end is counted, and fails the comparison
            ends[repr(error)] += 1
        else:
            ends["won"] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLAIMS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ends


def _claim(expert: Expert, number: int) -> None:
    """Overlapping, but no two the same: each begins a minute after the one before."""
    make_shift(expert, local(2027, 3, 4, 9, number), 2, source=f"assignment:{number}")


@contextmanager
def _no_constraint() -> Iterator[None]:
    constraint = next(c for c in DiaryEntry._meta.constraints if c.name == "diary_no_overlap")
    with connection.schema_editor() as editor:
        editor.remove_constraint(DiaryEntry, constraint)
    try:
        yield
    finally:
        DiaryEntry.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(DiaryEntry, constraint)


def test_one_of_fifty_wins_and_the_others_hear_why() -> None:
    expert = make_expert()
    assert _at_once(lambda n: _claim(expert, n)) == {"won": 1, "diary_overlap": CLAIMS - 1}
    assert DiaryEntry.objects.filter(occupies=True).count() == 1


def test_control_without_the_constraint_the_person_is_booked_many_times() -> None:
    expert = make_expert()
    with _no_constraint():
        ends = _at_once(lambda n: _claim(expert, n))
        assert ends["won"] == CLAIMS
        assert DiaryEntry.objects.filter(occupies=True).count() == CLAIMS
    assert _at_once(lambda n: _claim(expert, n))["won"] == 1  # it stands again


def test_the_same_source_at_once_is_one_entry() -> None:
    expert = make_expert()

    def take(_: int) -> None:
        make_shift(expert, local(2027, 3, 4, 9), source="assignment:1")

    ends = _at_once(take)
    assert ends == {"won": CLAIMS}
    assert DiaryEntry.objects.values_list("sequence", flat=True).get() == 0


def test_moving_into_one_gap_at_once_lets_one_in() -> None:
    expert = make_expert()
    for number in range(CLAIMS):
        make_shift(
            expert, local(2027, 4, 1 + number % 30, 1 + 4 * (number // 30)), source=f"a:{number}"
        )

    def into_the_gap(number: int) -> None:
        starts, ends = local(2027, 3, 4, 9), local(2027, 3, 4, 11)
        diary.move(f"a:{number}", starts_at=starts, ends_at=ends, now=NOW)

    assert _at_once(into_the_gap) == {"won": 1, "diary_overlap": CLAIMS - 1}
