"""An import and somebody at work meet: people come before sessions, so neither has to give up."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from coordination.models import OutboxMessage
from coordination.register_import import planning
from coordination.transactions import Contention
from experts.services import diary
from scheduling.models import Session
from scheduling.services import locks, promises, sessions
from tests.cast import Cast
from tests.scheduling.makers import HOUR, NOW
from tests.scheduling.register_sheets.files import read, shift, write

Together = Callable[..., Counter[str]]

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_has_a_person_and_wants_the_session_gets_it(
    ready: Cast, run_together: Together
) -> None:
    """With the session locked first this is a deadlock: each has what the other wants."""
    write(shift())
    session = Session.objects.get()
    has_person, waits = threading.Event(), threading.Event()
    reading = read(shift(clock="10-13", people="Eero Kokeilu"), now=NOW + HOUR)

    def at_work() -> None:
        with transaction.atomic():
            diary.lock_people([ready.aino.expert.pk, ready.eero.expert.pk])
            has_person.set()
            waits.wait(20)
            locks.session(session.pk)

    def importing() -> None:
        has_person.wait(20)
        threading.Timer(1.0, waits.set).start()  # by then the import waits for somebody
        # without the retry of a whole import, so that the order alone must do
        planning.write(reading.register, by=None, now=NOW + HOUR)

    outcomes = run_together([at_work, importing])
    assert outcomes == {"done": 2}
    assert session.assignments.seated().get().expert == ready.eero.expert


def test_people_are_locked_before_any_session(ready: Cast) -> None:
    write(shift(repeats="joka viikko"), shift("11.3.2027", people="Eero Kokeilu"))
    reading = read(
        shift(repeats="joka toinen viikko"),
        shift("12.3.2027", people="Onni Näyte"),
        now=NOW + HOUR,
    )
    with CaptureQueriesContext(connection) as asked:
        planning.write(reading.register, by=None, now=NOW + HOUR)
    locked = [
        next(table for table in ("expert", "series", "session") if f'_{table}"' in query["sql"])
        for query in asked
        if "FOR NO KEY UPDATE" in query["sql"]
        and any(f'FROM "{t}"' in query["sql"] for t in _TABLES)
    ]
    assert locked[:2] == ["series", "expert"]
    assert locked.index("session") > locked.index("expert")
    people = next(
        q["sql"] for q in asked if 'FROM "experts_expert"' in q["sql"] and "FOR NO" in q["sql"]
    )
    assert all(str(one.expert.pk) in people for one in (ready.aino, ready.eero, ready.onni))


_TABLES = ("experts_expert", "scheduling_series", "scheduling_session")


def test_somebody_who_sat_down_meanwhile_makes_it_start_over(
    ready: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(shift())
    session = Session.objects.get()
    real = diary.lock_people
    happened: list[int] = []

    def slowly(ids: object) -> None:
        real(ids)  # type: ignore[arg-type]  # passed on as it came
        if not happened:
            happened.append(1)
            promises.seat(session, [ready.onni.expert], by=None, now=NOW, tell=False)

    monkeypatch.setattr(diary, "lock_people", slowly)
    with pytest.raises(Contention), transaction.atomic():
        promises.lock([ready.eero.expert.pk], [session.pk])
    with transaction.atomic():
        promises.lock([ready.eero.expert.pk], [session.pk])


def test_an_import_that_meets_a_cancellation_is_written_after_it(
    ready: Cast, run_together: Together
) -> None:
    """Many times over, in either order: never an error, never somebody on a cancelled session."""
    days = [f"{day}.3.2027" for day in range(9, 21)]
    write(*(shift(day) for day in days))
    rows = list(Session.objects.order_by("starts_at"))

    def importing() -> None:
        reading = read(*(shift(day, people="Eero Kokeilu") for day in days), now=NOW + HOUR)
        planning.write(reading.register, by=None, now=NOW + HOUR)

    cancelling = [partial(sessions.cancel, row, by=None, now=NOW + HOUR) for row in rows]
    outcomes = run_together([importing, *cancelling], threads=4)
    assert outcomes == {"done": len(rows) + 1}
    assert not Session.objects.filter(assignments__state="confirmed").exists()
    assert OutboxMessage.objects.filter(kind="session_cancelled").exists()
