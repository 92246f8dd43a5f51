"""Who looked at a person's data."""

from django.db.models import QuerySet

from coordination.models import PersonalDataView


def views_of(*, subject_kind: str, subject_id: int) -> QuerySet[PersonalDataView]:
    """Looks at one person's data, the newest first, each with its viewer."""
    return PersonalDataView.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id
    ).select_related("viewer")
