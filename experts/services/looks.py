"""Notes that somebody saw experts' data, for the log each of them reads (docs/data-protection.md, "Who looked")."""

import datetime as dt
from collections.abc import Iterable

from coordination.models import User
from coordination.permissions import Permission
from coordination.services import traces
from experts.models import Expert
from experts.queries import looks


def note(expert_ids: Iterable[int | None], *, viewer: User, page: str, now: dt.datetime) -> None:
    """Log that `viewer` saw these people's data on `page` (a key of `looks.PAGES`); one statement.

    Looking at oneself is not logged. None stands for a row that is about no expert.
    """
    ids = {pk for pk in expert_ids if pk is not None}
    if ids and viewer.access.can(Permission.VIEW_OWN_PROFILE):
        ids -= set(Expert.objects.filter(user=viewer).values_list("pk", flat=True))
    if ids:
        traces.looked_at_all(
            subject_kind=looks.SUBJECT, subject_ids=sorted(ids), viewer=viewer, page=page, now=now
        )
