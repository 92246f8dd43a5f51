"""Traces of looking: who saw whose personal data. The person can read this log."""

import datetime as dt
from collections.abc import Iterable

from coordination.models import PersonalDataView, User


def looked_at(
    *, subject_kind: str, subject_id: int, viewer: User, page: str, now: dt.datetime
) -> None:
    """Log that `viewer` saw a person's data; one row for each viewer, page, subject and hour.

    `page` is a name of ours (a URL name), never a text of somebody's. GDPR art. 5(2) and 32.
    """
    looked_at_all(
        subject_kind=subject_kind, subject_ids=[subject_id], viewer=viewer, page=page, now=now
    )


def account_seen(user_id: int | None, *, viewer: User, page: str, now: dt.datetime) -> None:
    """Log that `viewer` saw an account or what was sent to it; one's own is not logged, nor nobody's."""
    if user_id is not None and user_id != viewer.pk:
        looked_at(subject_kind="user", subject_id=user_id, viewer=viewer, page=page, now=now)


def looked_at_all(
    *,
    subject_kind: str,
    subject_ids: Iterable[int],
    viewer: User,
    page: str,
    now: dt.datetime,
) -> None:
    """The same for many people at once, such as a list that leaves as a file; one statement."""
    views = [
        PersonalDataView(
            subject_kind=subject_kind, subject_id=subject_id, viewer=viewer, page=page, seen_at=now
        )
        for subject_id in subject_ids
    ]
    PersonalDataView.objects.bulk_create(views, ignore_conflicts=True)
