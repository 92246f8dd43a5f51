"""Two workers publish one plan at the same moment: each seat is asked for once, each person hears once."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from coordination.models import OutboxMessage
from experts.models import Expert
from scheduling.models import Assignment, PlanRun, PlanState
from scheduling.services import plan_publish, plan_runs, promises
from tests.cast import Cast
from tests.scheduling.makers import NOW
from tests.scheduling.plans.makers import make_people, make_sessions, run

Together = Callable[..., Counter[str]]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(transactional_db: None, cast: Cast) -> PlanRun:
    """A draft of six seats for two people, waiting for a worker to publish it."""
    Expert.objects.update(status="ended", ended_on="2027-01-01")
    make_people(cast, 2)
    make_sessions(cast, 6)
    made = run(cast)
    plan_runs.ask_to_publish(made, by=cast.coordinator, now=NOW)
    return made


def test_two_workers_publish_once(asked: PlanRun, run_together: Together) -> None:
    outcomes = run_together([partial(plan_publish.work, asked.pk, now=NOW)] * 2)
    asked.refresh_from_db()
    assert outcomes == {"done": 2}
    assert (asked.state, asked.error_code) == (PlanState.PUBLISHED, "")
    assert Assignment.objects.count() == asked.planned.filter(outcome="asked").count() == 6
    assert OutboxMessage.objects.count() == 2


def test_without_the_lock_two_workers_do_not(
    asked: PlanRun, run_together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the race above is a real one."""
    monkeypatch.setattr(plan_publish, "lock", lambda pk: PlanRun.objects.get(pk=pk))
    monkeypatch.setattr(promises, "lock", lambda *args: None)
    run_together([partial(plan_publish.work, asked.pk, now=NOW)] * 2)
    asked.refresh_from_db()
    outcomes = set(asked.planned.values_list("outcome", flat=True))
    assert asked.error_code or outcomes != {"asked"}
