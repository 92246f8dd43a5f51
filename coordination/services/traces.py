"""Traces of looking: who saw whose personal data. The person can read this log."""

import datetime as dt

from coordination.models import PersonalDataView, User


def looked_at(
    *, subject_kind: str, subject_id: int, viewer: User, page: str, now: dt.datetime
) -> None:
    """Log that `viewer` saw a person's data; one row for each viewer, page, subject and hour.

    `page` is a name of ours (a URL name), never a text of somebody's. GDPR art. 5(2) and 32.
    """
    view = PersonalDataView(
        subject_kind=subject_kind, subject_id=subject_id, viewer=viewer, page=page, seen_at=now
    )
    PersonalDataView.objects.bulk_create([view], ignore_conflicts=True)
