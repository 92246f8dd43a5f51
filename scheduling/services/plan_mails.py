"""One message to each person a published plan concerns, whatever number of sessions it gives them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.utils import translation

from coordination.models import User
from coordination.models.messages import Haste
from coordination.services import messages
from scheduling.models import Assignment, PlanRun
from scheduling.services import answers, mails, recipients


def published(
    run: PlanRun,
    *,
    asked: Iterable[Assignment],
    taken_off: Iterable[Assignment],
    by: User | None,
    now: dt.datetime,
) -> None:
    """Each with a link that answers for that session, in the order of time; then what is off for them."""
    new: dict[int, list[Assignment]] = defaultdict(list)
    gone: dict[int, list[Assignment]] = defaultdict(list)
    for assignment in asked:
        new[assignment.expert_id].append(assignment)
    for assignment in taken_off:
        gone[assignment.expert_id].append(assignment)
    for expert_id in sorted({*new, *gone}):
        _tell(run, _in_time(new[expert_id]), _in_time(gone[expert_id]), by=by, now=now)


def _in_time(found: list[Assignment]) -> list[Assignment]:
    return sorted(found, key=lambda assignment: (assignment.session.starts_at, assignment.pk))


def _tell(
    run: PlanRun,
    new: list[Assignment],
    gone: list[Assignment],
    *,
    by: User | None,
    now: dt.datetime,
) -> None:
    both = [*new, *gone]
    expert = both[0].expert
    for person in recipients.but_not(recipients.of_expert(expert), by):
        with translation.override(person.language):
            context: dict[str, object] = {
                "asked": [_line(assignment, now=now) for assignment in new],
                "gone": [mails.told(assignment.session, now=now) for assignment in gone],
                "recipient": person.name,
            }
        messages.enqueue(
            kind="plan_published",
            key=f"plan_published:{run.pk}:{person.email.lower()}"[:200],
            to_email=person.email,
            language=person.language,
            user=person.user,
            context=context,
            now=now,
            haste=Haste.ASK if new else Haste.NEWS,
            about_at=min(assignment.session.starts_at for assignment in both),
        )


def _line(assignment: Assignment, *, now: dt.datetime) -> dict[str, object]:
    link = messages.absolute_url(answers.link_for_assignment(assignment))
    return {**mails.told(assignment.session, now=now), "link": link}
